"""What a host does with people: let in, turn away, rename, remove, take a removal back.

Each verb that players see is a change of the game (:meth:`Game.changing`): the row is held, the version counted, the
event kept. Who waits at the door is no part of the game yet: letting in changes rows, and counts follow from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from quiz import live
from quiz.live.clock import now_ms
from quiz.play import destinations, messages, modes, naming, snapshot
from quiz.play.models.door import Door, Knock
from quiz.play.states import GameError, Move, Phase, after

if TYPE_CHECKING:
    from quiz.play.models.game import Game
    from quiz.play.models.player import Player

MAX_AT_ONCE = 500
"""People in one call: a host's list of them, and what a database takes as values of one statement."""


def remove(game: Game, ids: Sequence[int], seen: int | None = None, now: int | None = None) -> int:
    """Remove players for the rest of the game, and say how many. :class:`GameError` ``no-such-player`` for none."""
    with game.changing(seen, now, messages.REMOVED) as now:
        after(Phase(game.phase), Move.KICK)
        players = list(game.players.in_game().filter(pk__in=ids))
        if not players:
            raise GameError("no-such-player")
        game.players.filter(pk__in=[player.pk for player in players]).update(kicked_at=now)
        tell_roster(game, removed=players)
        live.send_many((destinations.player(player.pk), messages.KICKED, {}) for player in players)
        for player in players:
            live.cut(player.subject)
    return len(players)


def leave(player: Player, now: int | None = None) -> None:
    """Free the player's place in the lobby; opening the game again takes it back. :class:`GameError` ``not-now``."""
    now = now_ms() if now is None else now
    with transaction.atomic():
        player.game.hold()
        if player.game.phase != Phase.LOBBY:
            raise GameError("not-now")
        if player.game.players.in_game().filter(pk=player.pk).update(left_at=now):
            tell_roster(player.game, removed=[player])


def come_back(player: Player, now: int) -> None:
    """Take the place again that was left."""
    with transaction.atomic():
        player.game.hold()
        if player.game.players.filter(pk=player.pk).exclude(left_at=None).update(left_at=None):
            player.left_at = None
            tell_roster(player.game, added=[player], now=now)


def sweep(game: Game, ids: Sequence[int], seen: int | None = None, now: int | None = None) -> None:
    """Remove many at once: one :func:`restore` brings the last of such removals back."""
    now = now_ms() if now is None else now
    with transaction.atomic():
        remove(game, ids, seen, now)
        Door.of(game)
        Door.objects.filter(game=game).update(swept_at=now)
    tell_door(game)


def restore(game: Game, seen: int | None = None, now: int | None = None) -> None:
    """Take the last removal of many back; :class:`GameError` ``nobody-to-restore``."""
    with game.changing(seen, now, messages.RESTORED) as now:
        after(Phase(game.phase), Move.KICK)
        swept = list(_swept(game))
        if not swept:
            raise GameError("nobody-to-restore")
        game.players.filter(pk__in=[player.pk for player in swept]).update(kicked_at=None)
        Door.objects.filter(game=game).update(swept_at=None)
        tell_roster(game, added=swept, now=now)
    tell_door(game)


def rename(game: Game, player_id: int, nickname: str, seen: int | None = None, now: int | None = None) -> None:
    """Give a player another name, a friendly one if none is said; what :func:`naming.chosen` raises.

    :class:`GameError` ``no-such-player``. The name is judged while the game is held: nobody takes it meanwhile.
    """
    with game.changing(seen, now, messages.RENAMED) as now:
        after(Phase(game.phase), Move.KICK)
        player = game.players.in_game().filter(pk=player_id).first()
        if player is None:
            raise GameError("no-such-player")
        player.nickname = naming.chosen(game, nickname or naming.offers(game, game.language, 1)[0], player.pk)
        game.players.filter(pk=player.pk).update(**naming.forms(player.nickname))
        tell_roster(game, added=[player], now=now)
        live.send(destinations.player(player.pk), messages.NAMED, messages.name(nickname=player.nickname))


def guard(game: Game, approve: bool, now: int | None = None) -> None:
    """Let newcomers wait from now on, or let all in who wait and come."""
    with transaction.atomic():
        Door.of(game)
        Door.objects.filter(game=game).update(approve=approve)
        if not approve:
            admit(game, None, now)
    tell_door(game)


def admit(game: Game, ids: Sequence[int] | None, now: int | None = None) -> None:
    """Let those in who wait under these ids, or all."""
    now = now_ms() if now is None else now
    with transaction.atomic():
        _hold(game)
        for knock in _waiting(game, ids):
            forms = {field: getattr(knock, field) for field in CARRIED}
            game.players.create(**forms, **modes.start_of_newcomer(game), joined_at=now)
            knock.delete()
    tell_door(game)


def turn_away(game: Game, ids: Sequence[int] | None, now: int | None = None) -> None:
    """Let those who wait under these ids, or all, not in for the rest of the game."""
    refused_at = now_ms() if now is None else now
    with transaction.atomic():
        _hold(game)
        for knock in _waiting(game, ids):
            knock.refused_at = refused_at
            knock.save(update_fields=["refused_at"])
    tell_door(game)


CARRIED = ("nickname", "nickname_key", "skeleton", "resume_hash", "device_hash", "address_hash")
"""What somebody who is let in keeps."""


def tell_door(game: Game) -> None:
    """Tell the host how the door is now."""
    live.send(destinations.host(game.pk), messages.DOOR, snapshot.door(game))


def tell_roster(game: Game, *, added: Sequence[Player] = (), removed: Sequence[Player] = (), now: int = 0) -> None:
    """Tell the host who came, who went, and who is another than before; ``now`` says who is here."""
    roster = messages.roster(
        added=[snapshot.named(player, now) for player in added],
        removed=[player.pk for player in removed],
        players=game.players.in_game().count(),
    )
    live.send(destinations.host(game.pk), messages.ROSTER, roster)


def _hold(game: Game) -> None:
    game.hold()
    if game.phase in (Phase.PODIUM, Phase.ENDED):
        raise GameError("not-now")


def _waiting(game: Game, ids: Sequence[int] | None) -> list[Knock]:
    waiting = Door.of(game).waiting()
    return list(waiting if ids is None else waiting.filter(pk__in=ids))


def _swept(game: Game) -> list[Player]:
    swept_at = Door.of(game).swept_at
    return list(game.players.filter(kicked_at=swept_at)) if swept_at else []
