"""What one answer is worth, before streaks and totals (``tally.py``). Pure, in exact fractions, rounded once.

Times are milliseconds. A result is rounded to whole points at the end and nowhere before, halves up, so that anybody
with paper and pencil comes to the same number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from quiz.kinds import Asked, Kind, Partial
from quiz.play.options import Options, Preset

GRACE_MS = 500
"""An answer within this time is as good as one at once: nobody reads faster, but lines differ by as much."""

CLASSIC_FLOOR = Fraction(1, 2)
CALM_FLOOR = Fraction(3, 5)
"""The part of a question's points that a right answer at the deadline still gets."""


@dataclass(frozen=True, slots=True)
class Task:
    """What of a question decides about points.

    ``speed_bonus`` is what the preset ``accuracy`` adds at most, the same for each question of a game
    (:func:`speed_bonus`).
    """

    kind: Kind
    asked: Asked
    limit_ms: int
    points: int
    voided: bool = False
    speed_bonus: int = 0

    @property
    def is_judged(self) -> bool:
        """Whether an answer to it can be right or wrong."""
        return self.kind.judged


def is_right(choice: Any, task: Task) -> bool:  # noqa: ANN401  # as the kind's read() gives it
    """Whether the choice is wholly right."""
    return task.kind.is_right(choice, task.asked)


def credit(choice: Any, task: Task, partial: Partial) -> Fraction:  # noqa: ANN401
    """The part of the points that the choice deserves, 0 to 1."""
    return task.kind.credit(choice, task.asked, partial)


def speed(elapsed_ms: int, limit_ms: int) -> Fraction:
    """How quick an answer was: 1 within the grace, 0 at the deadline, falling evenly between."""
    if limit_ms <= GRACE_MS:
        return Fraction(1)
    late_ms = min(max(elapsed_ms - GRACE_MS, 0), limit_ms - GRACE_MS)
    return 1 - Fraction(late_ms, limit_ms - GRACE_MS)


def _with_floor(floor: Fraction) -> Callable[[Task, Fraction], Fraction]:
    return lambda task, quick: task.points * (floor + (1 - floor) * quick)


WORTH: dict[Preset, Callable[[Task, Fraction], Fraction]] = {
    Preset.CLASSIC: _with_floor(CLASSIC_FLOOR),
    Preset.CALM: _with_floor(CALM_FLOOR),
    Preset.ACCURACY: lambda task, quick: task.points + (task.speed_bonus * quick if task.points else Fraction(0)),
    Preset.FLAT: lambda task, quick: Fraction(task.points),
}
"""What a wholly right answer of that speed is worth in each preset."""


def points_for(choice: Any, elapsed_ms: int, task: Task, options: Options) -> int:  # noqa: ANN401
    """Points of an answer, without streak and penalty."""
    worth = WORTH[options.scoring](task, speed(elapsed_ms, task.limit_ms))
    return rounded(credit(choice, task, options.partial) * worth)


def penalty(task: Task, options: Options) -> int:
    """What an answer costs that earns nothing."""
    return rounded(Fraction(task.points * options.penalty_percent, 100))


def speed_bonus(points: Sequence[int]) -> int:
    """What ``accuracy`` adds at most to each right answer of a quiz whose questions have these ``points``.

    Sums of right answers differ by the greatest common divisor of all points at least. All bonuses of the quiz
    together stay below that, so speed decides only between players whose right answers are worth the same.
    """
    paying = [each for each in points if each > 0]
    return (gcd(*paying) - 1) // len(paying) if paying else 0


def rounded(value: Fraction) -> int:
    """To whole points, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
