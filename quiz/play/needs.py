"""What one player needs, in private: more time, or all texts on their own phone.

Of texts nobody hears but the player's own page; of time only the player and the hosts hear. It is no change of the
game: no version, no status event, no count tells the others that somebody has more time than they.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from quiz import live
from quiz.live.clock import now_ms
from quiz.play import destinations, messages, people
from quiz.play.guessing import TooOften
from quiz.play.rates import WISHES
from quiz.play.states import GameError

if TYPE_CHECKING:
    from quiz.play.models import Game, Player


def give_time(game: Game, player_id: int, allowance: int) -> None:
    """Let a player have that part of everybody's time from now on; :class:`GameError` ``no-such-player``."""
    with transaction.atomic():
        game.hold()
        player = game.players.in_game().filter(pk=player_id).first()
        if player is None:
            raise GameError("no-such-player")
        _become(player, allowance=allowance, asked_at=None, asks_for_time=False)


def ask_for_time(player: Player, asks: bool, now: int | None = None) -> None:
    """Tell the hosts that the player would like more time, or no longer does: once, however often it is said.

    Who took a wish back waits a while before the next: :class:`~quiz.play.guessing.TooOften` ``asked-just-now``.
    """
    now = now_ms() if now is None else now
    with transaction.atomic():
        player.game.hold()
        player.refresh_from_db()
        if player.asks_for_time == asks:
            return
        if asks and (wait_ms := WISHES.wait_ms(player.asked_at, now)):
            raise TooOften("asked-just-now", wait_ms)
        _become(player, allowance=player.allowance, asked_at=now if asks else player.asked_at, asks_for_time=asks)


def read_texts(player: Player, wanted: bool) -> None:
    """Show all texts on this player's phone, or what the others show; :class:`GameError` ``texts-on-wall``."""
    if wanted and not player.game.chosen.own_text:
        raise GameError("texts-on-wall")
    player.reads_texts = wanted
    player.save(update_fields=["reads_texts"])


def _become(player: Player, *, allowance: int, asked_at: int | None, asks_for_time: bool) -> None:
    player.allowance, player.asked_at, player.asks_for_time = allowance, asked_at, asks_for_time
    player.save(update_fields=["allowance", "asked_at", "asks_for_time"])
    time = messages.time(allowance=allowance, asks_for_time=asks_for_time)
    live.send(destinations.player(player.pk), messages.TIME, time)
    people.tell_roster(player.game, added=[player], now=now_ms())
