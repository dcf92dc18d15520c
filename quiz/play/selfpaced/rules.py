"""What somebody who plays alone may do next, and until when. Pure: times are milliseconds, and given."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from quiz.play import allowance
from quiz.play.states import GameError

DAY_MS = 24 * 3600 * 1000

MIN_OPEN_MS = 60_000
"""Until the closing date, when it is set: nearer than a minute is "close now", which has a verb of its own."""

MAX_OPEN_MS = 366 * DAY_MS
"""A school year. The game keeps its PIN so long."""

USUAL_OPEN_MS = 7 * DAY_MS
"""When nobody says anything else: until this time next week."""

MAX_ELAPSED_MS = 3_600_000
"""An hour: who sleeps over a question without a limit was not thinking all night, and columns have an end."""


class Step(StrEnum):
    """What one player can do now."""

    NEXT = "next"  # open the next question
    ANSWER = "answer"  # answer the one that is open
    DONE = "done"  # wait for the closing date: no question is left
    CLOSED = "closed"  # look at the results


class BadClosing(ValueError):
    """No closing date, or one too near or too far; ``code`` is stable."""

    code = "bad-closing"


@dataclass(frozen=True, slots=True)
class Opened:
    """A question that the player has opened; without ``ends_at`` it is open until the game closes."""

    ends_at: int | None
    answered: bool

    def is_over(self, now: int) -> bool:
        """Whether nothing can be done about it any more."""
        return self.answered or (self.ends_at is not None and now > self.ends_at)


def step(opened: Sequence[Opened], total: int, closes_at: int | None, now: int) -> Step:
    """Where a player is who has opened these of ``total`` questions; ``closes_at`` is None when the game is closed."""
    if closes_at is None or now > closes_at:
        return Step.CLOSED
    if opened and not opened[-1].is_over(now):
        return Step.ANSWER
    return Step.NEXT if len(opened) < total else Step.DONE


def is_new(number: int, opened: Sequence[Opened], total: int, closes_at: int | None, now: int) -> bool:
    """Whether the player's question ``number``, from 1, is to be opened now; False when it was opened before.

    So the same call sent again opens nothing. :class:`GameError` ``game-closed``, or ``not-now`` for a question whose
    turn has not come.
    """
    if 0 < number <= len(opened):
        return False
    now_is = step(opened, total, closes_at, now)
    if now_is is Step.CLOSED:
        raise GameError("game-closed")
    if now_is is not Step.NEXT or number != len(opened) + 1:
        raise GameError("not-now")
    return True


def ends_at(opened_at: int, limit_ms: int, percent: int) -> int | None:
    """When a question closes for a player with that allowance, None for never; a ``limit_ms`` of 0 is none."""
    if limit_ms == 0:
        return None
    return allowance.ends_at(opened_at + limit_ms, limit_ms, percent)


def deadline(ends_at: int | None, closes_at: int) -> int:
    """The last moment at which an answer is taken."""
    return closes_at if ends_at is None else min(ends_at, closes_at)


def order(questions: Sequence[int], game: int, player: int, *, shuffled: bool) -> list[int]:
    """These ids in the order in which the player meets them: always the same for the same player of the same game."""
    if not shuffled:
        return list(questions)
    return sorted(questions, key=lambda id: sha256(f"{game}:{player}:{id}".encode()).digest())


def closing(value: object, now: int) -> int:
    """A closing date as JSON (a number) or a form (digits) spells it; None and "" mean the usual one."""
    if value in (None, ""):
        return now + USUAL_OPEN_MS
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(now)):
        value = int(value)
    if type(value) is not int or not now + MIN_OPEN_MS <= value <= now + MAX_OPEN_MS:
        raise BadClosing
    return value
