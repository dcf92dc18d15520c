"""A player's total, question after question: streaks, penalties, and what decides between equals. Pure.

A game's points are the fold of :meth:`Tally.after` over its revealed questions in order. Nothing else is remembered, so
when one of them is judged anew, those after it follow, streaks included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from quiz.play.credit import START_MS, credit_ms, quota_after
from quiz.play.options import Options, Ties
from quiz.play.scoring import Task, credit, is_right, penalty, points_for, rounded

STREAK_STEP = Fraction(1, 10)
STREAK_STEPS = 5
"""Each right answer in a row after the first adds a tenth of the question's points more, up to half of them."""

TIE_OF_RIGHT = 10**10
"""One right answer more outweighs any time: 5,000 questions of 240 s have fewer milliseconds."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: the choice as its kind reads it, after how many milliseconds, and over a line of which round trip."""

    choice: Any
    elapsed_ms: int
    line_ms: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """What one question did to one player: the parts, then ``change`` of the total and the ``total`` after it.

    ``change`` is less of a loss than ``penalty`` where the total would have fallen below 0. ``credit_ms`` was taken off
    the answer's time for the line (``credit.py``), before the points were reckoned.
    """

    right: bool
    credit: Fraction
    earned: int
    streak: int
    streak_bonus: int
    penalty: int
    change: int
    total: int
    credit_ms: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Where a player stands: points, right answers in a row, and ``tie``, more of which is better among equal points.

    ``tie`` stays 0 where equals share their place. ``quota_ms`` is what is left to make up for the line.
    """

    points: int = 0
    streak: int = 0
    tie: int = 0
    quota_ms: int = START_MS

    def after(self, task: Task, given: Given | None, options: Options) -> tuple["Tally", Score]:
        """The tally after one more question, and how it came about.

        A question that was voided, or whose kind is not judged, changes nothing.
        """
        right = given is not None and is_right(given.choice, task)
        part = credit(given.choice, task, options.partial) if given else Fraction(0)
        if task.voided or not task.is_judged:
            return self, Score(right, part, 0, self.streak, 0, 0, 0, self.points)
        credited = credit_ms(given.elapsed_ms, given.line_ms, self.quota_ms) if given else 0
        given = replace(given, elapsed_ms=given.elapsed_ms - credited) if given else None
        earned = points_for(given.choice, given.elapsed_ms, task, options) if given else 0
        streak = self.streak + 1 if right else 0
        bonus = streak_bonus(streak, task) if options.streak else 0
        loss = penalty(task, options) if given and part == 0 else 0
        total = max(self.points + earned + bonus - loss, 0)
        tie = self.tie + tie_of(given) if given and right and options.ties is Ties.BROKEN else self.tie
        score = Score(right, part, earned, streak, bonus, loss, total - self.points, total, credited)
        return Tally(total, streak, tie, quota_after(self.quota_ms, credited)), score


def streak_bonus(streak: int, task: Task) -> int:
    """What the latest of so many right answers in a row earns beside its points."""
    return rounded(task.points * STREAK_STEP * min(max(streak - 1, 0), STREAK_STEPS))


def tie_of(given: Given) -> int:
    """A right answer's part of a tie: more right answers first, then less time for them."""
    return TIE_OF_RIGHT - given.elapsed_ms


def fold(tasks: Sequence[Task], answers: Sequence[Given | None], options: Options) -> list[Score]:
    """The scores of one player, question after question."""
    tally, scores = Tally(), []
    for task, given in zip(tasks, answers, strict=True):
        tally, score = tally.after(task, given, options)
        scores.append(score)
    return scores
