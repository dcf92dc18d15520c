"""Tasks for tests of points: choice questions by what is right in them."""

from collections.abc import Collection

from quiz.kinds import Asked, named
from quiz.play.scoring import Task


def choice_task(
    right: Collection[str],
    several: bool,
    limit_ms: int,
    points: int,
    voided: bool = False,
    speed_bonus: int = 0,
) -> Task:
    asked = Asked([], list(right), several)
    return Task(named("choice"), asked, limit_ms, points, voided, speed_bonus)
