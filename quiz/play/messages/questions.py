"""A question as members see it, how it was answered, and how it is judged."""

from collections.abc import Mapping, Sequence
from typing import Any

from quiz.kinds.kind import Json
from quiz.play.messages.types import Data
from quiz.play.states import Phase

SHOWS_QUESTION = (Phase.READING, Phase.OPEN, Phase.REVEAL, Phase.STANDINGS)
SHOWS_CHOICES = (Phase.OPEN, Phase.REVEAL, Phase.STANDINGS)
SHOWS_RIGHT = (Phase.REVEAL, Phase.STANDINGS)
SHOWN_OF_CHOICE = ("id", "text", "rich", "picture")


def question(
    *,
    id: int,
    number: int,
    text: str,
    kind: str,
    judged: bool,
    several: bool,
    points: int,
    time_limit_ms: int,
    voided: bool,
    round: int,
    choices: Sequence[Mapping[str, Any]],
    view: Data,
    rich: list[Any] | None,
    picture: Data | None,
) -> Data:
    """A question as players see it; ``choices`` (``id``, ``text``) and ``view`` are empty until it opens.

    ``rich`` is the tree of a formatted text, of which ``text`` has the words, and ``picture`` has ``url``, ``width``,
    ``height`` (pixels) and ``alt``; a choice has these where it needs them. A choice whose ``text`` is the ``alt`` of
    its picture is only that picture.
    ``view`` is what its ``kind`` shows beside the choices. Where it is not ``judged``, nothing is right and no points
    are to be earned.
    """
    return {
        "id": id,
        "number": number,
        "text": text,
        "kind": kind,
        "judged": judged,
        "several": several,
        "points": points,
        "time_limit_ms": time_limit_ms,
        "voided": voided,
        "round": round,
        "choices": [{key: choice[key] for key in SHOWN_OF_CHOICE if key in choice} for choice in choices],
        "view": view,
        "rich": rich,
        "picture": picture,
    }


def reveal(
    *,
    right: Json,
    counts: Mapping[str, int],
    view: Data,
    explanation: str,
    rich: list[Any] | None,
    first: Data | None,
) -> Data:
    """What was right, how often each answer was given, and why; ``first`` is the first of two votes.

    ``view`` is what the question's kind says beside the counts.

    ``rich`` is the tree of a formatted explanation.
    """
    return {
        "right": right,
        "counts": dict(counts),
        "view": view,
        "explanation": explanation,
        "rich": rich,
        "first": first,
    }


def first_vote(*, counts: Mapping[str, int], to_right: int, to_wrong: int) -> Data:
    """The first of two votes, for the reveal, and how many changed their mind in which direction."""
    return {"counts": dict(counts), "to_right": to_right, "to_wrong": to_wrong}


def vote(*, question: int, counts: Mapping[str, int]) -> Data:
    """How often each option was chosen in the first of two votes."""
    return {"question": question, "counts": dict(counts)}


def judgement(*, right: Json, points: int, voided: bool) -> Data:
    """How a question is judged: what is right, as its kind says it, what it is worth, whether it counts at all."""
    return {"right": right, "points": points, "voided": voided}


def correction(*, by: str, question: int, number: int, before: Data, after: Data) -> Data:
    """A line of the audit: which host judged which question how, before and after."""
    return {"by": by, "question": question, "number": number, "before": before, "after": after}
