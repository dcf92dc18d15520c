"""A host's second thought about a question that was judged. Pure: JSON in, a :class:`Correction` out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quiz.play import messages
from quiz.play.states import Move

MAX_POINTS = 2_000
"""What a question is worth at most: double, as in the editor."""


class BadCorrection(ValueError):
    """Not a correction at all; ``code`` is stable: ``bad-points``, ``bad-voided``, or that of a ``BadSolution``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to be so from now on; None leaves it as it is. What ``right`` may be its question's kind knows."""

    right: Any = None
    points: int | None = None
    voided: bool | None = None

    @property
    def move(self) -> Move:
        """The move that the state table is asked for."""
        return Move.REGRADE if self.voided is None else Move.VOID

    @property
    def event(self) -> str:
        """The type of the status event that tells of it."""
        if self.voided is None:
            return messages.REGRADED
        return messages.VOIDED if self.voided else messages.UNVOIDED


def regrading(data: Mapping[str, Any]) -> Correction:
    """Read ``right`` (JSON of the question's kind) and ``points``, one of them at least; :class:`BadCorrection`."""
    right, points = data.get("right"), data.get("points")
    if points is not None and (type(points) is not int or not 0 <= points <= MAX_POINTS):
        raise BadCorrection("bad-points")
    if right is None and points is None:
        raise BadCorrection("bad-right")
    return Correction(right=right, points=points)


def voiding(data: Mapping[str, Any]) -> Correction:
    """Read ``voided``, by default true; :class:`BadCorrection`."""
    voided = data.get("voided", True)
    if not isinstance(voided, bool):
        raise BadCorrection("bad-voided")
    return Correction(voided=voided)
