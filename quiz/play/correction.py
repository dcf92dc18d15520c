"""A host's second thought about a question that was judged. Pure: JSON in, a :class:`Correction` out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.play import messages
from quiz.play.states import Move

MAX_POINTS = 2_000
"""What a question is worth at most: double, as in the editor."""


class BadCorrection(ValueError):
    """Not a correction at all; ``code`` is stable: ``bad-right``, ``bad-points``, ``bad-voided``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to be so from now on; None leaves it as it is."""

    right: tuple[str, ...] | None = None
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
    """Read ``right`` (a list of option ids) and ``points``, one of them at least; :class:`BadCorrection`."""
    right, points = data.get("right"), data.get("points")
    if right is not None and not _are_ids(right):
        raise BadCorrection("bad-right")
    if points is not None and (type(points) is not int or not 0 <= points <= MAX_POINTS):
        raise BadCorrection("bad-points")
    if right is None and points is None:
        raise BadCorrection("bad-right")
    return Correction(right=None if right is None else tuple(right), points=points)


def voiding(data: Mapping[str, Any]) -> Correction:
    """Read ``voided``, by default true; :class:`BadCorrection`."""
    voided = data.get("voided", True)
    if not isinstance(voided, bool):
        raise BadCorrection("bad-voided")
    return Correction(voided=voided)


def right_among(choices: Sequence[str], right: Sequence[str]) -> list[str]:
    """The right ids in the question's own order; :class:`BadCorrection` when none is right or one is not an option."""
    if not right or not set(right) <= set(choices):
        raise BadCorrection("bad-right")
    return [id for id in choices if id in right]


def _are_ids(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(id, str) for id in value)
