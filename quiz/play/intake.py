"""What players send over STOMP: signs of life, tries of the practice question, and answers as over HTTP.

The acknowledgement of an answer goes to ``/players/<id>``.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Case, When

from quiz import live
from quiz.live.connection import Delivery
from quiz.play import answering, destinations, messages, practice
from quiz.play.models import Answer, Game
from quiz.play.presence import Signs
from quiz.play.states import IN_PLAY

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


def handle(batch: Sequence[Delivery], signs: Signs) -> None:
    """Note signs of life; store answers and tell their players. What is neither, or no player's, is logged.

    The broker lets players send to their own game's queue alone, so signs of life and tries need no look at the rows.
    """
    answers: dict[str, list[_Given]] = {}
    told: list[tuple[str, str, messages.Data]] = []
    for delivery in batch:
        player, data = _player_id(delivery), _parsed(delivery.body)
        if data == SIGN and player:
            signs.hear(player, delivery.received_at)
        elif player and (name := practice.name_of(data)):
            told.append((destinations.player(player), messages.PRACTISED, messages.practice(practice=name)))
        else:
            answers.setdefault(delivery.destination, []).append(_Given(delivery, player, data))
    told += [message for queue, given in answers.items() for message in _take(queue, given)]
    live.send_many(told)


class _Given(NamedTuple):
    """What may be an answer: how it came, from which player (0: none), and its JSON."""

    delivery: Delivery
    player: int
    data: Any

    @property
    def sent(self) -> answering.Sent:
        data = self.data if isinstance(self.data, dict) else {}
        return answering.Sent(self.player, data, self.delivery.received_at)


def _take(queue: str, given: Sequence[_Given]) -> list[tuple[str, str, messages.Data]]:
    """Take the answers of one game; what to tell their players."""
    outcomes = answering.take_all(destinations.game_of(queue), [one.sent for one in given])
    return [reply for one, outcome in zip(given, outcomes, strict=True) if (reply := _reply(one, outcome))]


def _reply(given: _Given, outcome: Answer | answering.Refused) -> tuple[str, str, messages.Data] | None:
    own = destinations.player(given.player)
    if isinstance(outcome, Answer):
        return own, messages.RECEIVED, outcome.acknowledgement()
    if outcome.code == answering.NOT_A_PLAYER:
        delivery = given.delivery
        log.warning("%s: dropped what %r sent: no player of this game", delivery.destination, delivery.sender)
        return None
    error = outcome.code if isinstance(given.data, dict) else "bad-json"
    return own, messages.REFUSED, messages.refusal(answer_id=_id_in(given.data), error=error)


def _player_id(delivery: Delivery) -> int:
    kind, _, id = delivery.sender.partition(":")
    return int(id) if kind == "player" and id.isascii() and id.isdecimal() else 0


def _id_in(data: Any) -> str:  # noqa: ANN401  # whatever JSON holds
    id = data.get("answer_id") if isinstance(data, dict) else None
    # JSON can spell lone surrogates, which no message of ours can carry; an id that is one has none.
    return id[:MAX_ID_ECHO] if isinstance(id, str) and id.isascii() else ""


def _parsed(body: str) -> Any:  # noqa: ANN401  # whatever JSON holds
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
