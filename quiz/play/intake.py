"""What players send over STOMP: signs of life, and answers by the same rules as over HTTP.

The acknowledgement of an answer goes to ``/players/<id>``.
"""

import json
import logging
from typing import Any

from django.db.models import Case, When

from quiz import live
from quiz.live.connection import Delivery
from quiz.play import answering, destinations, messages
from quiz.play.models import Game, Player
from quiz.play.presence import Signs
from quiz.play.states import IN_PLAY, GameError

log = logging.getLogger(__name__)

MAX_ID_ECHO = 64
"""Characters of a client's answer id that a refusal repeats; a UUID has 36."""

MAX_QUEUES = 5_000
"""Queues that are read at once, half of what a service's connection to our broker may. Games in play come first."""

SIGN = {"here": True}
"""What a page says that somebody looks at."""


def queues() -> set[str]:
    """The queues of the games that run, for in each of them a page may say that it is here."""
    in_play_first = Case(When(phase__in=IN_PLAY, then=0), default=1)
    games = Game.objects.running().order_by(in_play_first, "-id").values_list("pk", flat=True)
    return {destinations.answers(game) for game in games[:MAX_QUEUES]}


def handle(delivery: Delivery, signs: Signs) -> None:
    """Note a sign of life; store an answer and tell the player. What is neither, or no player's, is logged.

    The broker lets players send to their own game's queue alone, so a sign of life needs no look at the rows.
    """
    if _parsed(delivery.body) == SIGN and (id := _player_id(delivery)):
        signs.hear(id, delivery.received_at)
        return
    player = _player(delivery)
    if player is None:
        log.warning("%s: dropped what %r sent: no player of this game", delivery.destination, delivery.sender)
        return
    try:
        data = _answer(delivery.body)
        stored = answering.take(player, data, delivery.received_at)
    except (GameError, answering.BadAnswer) as error:
        _refuse(player, _id_in(delivery.body), error.code)
    else:
        live.send(destinations.player(player.pk), messages.RECEIVED, stored.acknowledgement())


def _player_id(delivery: Delivery) -> int:
    kind, _, id = delivery.sender.partition(":")
    return int(id) if kind == "player" and id.isascii() and id.isdecimal() else 0


def _player(delivery: Delivery) -> Player | None:
    player = Player.objects.filter(pk=_player_id(delivery)).select_related("game").first()
    return player if player and destinations.answers(player.game_id) == delivery.destination else None


def _answer(body: str) -> dict[str, Any]:
    data = _parsed(body)
    if not isinstance(data, dict):
        raise answering.BadAnswer("bad-json")
    return data


def _refuse(player: Player, answer_id: str, error: str) -> None:
    live.send(destinations.player(player.pk), messages.REFUSED, messages.refusal(answer_id=answer_id, error=error))


def _id_in(body: str) -> str:
    data = _parsed(body)
    id = data.get("answer_id") if isinstance(data, dict) else None
    # JSON can spell lone surrogates, which no message of ours can carry; an id that is one has none.
    return id[:MAX_ID_ECHO] if isinstance(id, str) and id.isascii() else ""


def _parsed(body: str) -> Any:  # noqa: ANN401  # whatever JSON holds
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
