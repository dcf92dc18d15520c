"""Answers that come over STOMP: the same rules as over HTTP, the acknowledgement goes to ``/players/<id>``."""

import json
import logging
from typing import Any

from quiz import live
from quiz.live.connection import Delivery
from quiz.play import answering, destinations, messages
from quiz.play.models import Game, Player
from quiz.play.states import IN_PLAY, GameError, Phase

log = logging.getLogger(__name__)

MAX_ID_ECHO = 64
"""Characters of a client's answer id that a refusal repeats; a UUID has 36."""


def queues() -> set[str]:
    """The queues of all games in which answers may come."""
    games = Game.objects.filter(phase__in=[*IN_PLAY, Phase.PAUSED]).values_list("pk", flat=True)
    return {destinations.answers(game) for game in games}


def handle(delivery: Delivery) -> None:
    """Store the answer in a delivery and tell the player; what is no answer of a player of that game is logged."""
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


def _player(delivery: Delivery) -> Player | None:
    kind, _, id = delivery.sender.partition(":")
    if kind != "player" or not id.isdecimal():
        return None
    player = Player.objects.filter(pk=int(id)).select_related("game").first()
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
