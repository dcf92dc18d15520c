"""The rules of points and places, written a second time, so that the product's own are held against them. Pure.

In plain whole numbers and loops, where the product has fractions and folds; ``docs/decisions/0041`` has the rules.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

GRACE_MS = 500
LINE_GAIN_MS, LINE_START_MS, LINE_QUOTA_MS, LINE_ANSWER_MS = 400, 1_200, 2_800, 1_000
FLOOR_PERCENT = {"classic": 50, "calm": 60, "flat": 100, "accuracy": 100}
DEFAULTS: Mapping[str, Any] = {
    "scoring": "classic",
    "streak": False,
    "penalty_percent": 0,
    "partial": "none",
    "ties": "shared",
}


@dataclass(frozen=True)
class Question:
    """A revealed question and one player's answer to it, None for no answer.

    ``near`` is what the answer earns where parts count although it is not right: counter and denominator.
    """

    right: Sequence[str]
    several: bool
    limit_ms: int
    possible: int
    voided: bool
    choice: Sequence[str] | None
    elapsed_ms: int
    line_ms: int = 0
    near: tuple[int, int] = (0, 1)


def share(question: Question, partial: str) -> tuple[int, int]:
    """The part of its points that the answer deserves: counter and denominator."""
    chosen, right = set(question.choice or ()), set(question.right)
    if not question.several:
        if len(chosen) == 1 and chosen <= right:
            return (1, 1)
        return question.near if partial != "none" else (0, 1)
    if chosen == right:
        return (1, 1)
    hits, misses = len(chosen & right), len(chosen - right)
    if partial == "balanced":
        return (max(0, hits - misses), len(right))
    return (hits, len(right)) if partial == "lenient" else (0, 1)


def points(question: Question, options: Mapping[str, Any], bonus: int = 0) -> int:
    """Points of an answer, without streak and penalty; ``bonus`` is what ``accuracy`` adds at most."""
    window = question.limit_ms - GRACE_MS
    left = window - max(0, min(question.elapsed_ms, question.limit_ms) - GRACE_MS)
    hits, of = share(question, options["partial"])
    floor = FLOOR_PERCENT[options["scoring"]]
    worth = question.possible * (floor * window + (100 - floor) * left)
    if options["scoring"] == "accuracy" and question.possible:
        worth += 100 * bonus * left
    return (2 * hits * worth + of * 100 * window) // (2 * of * 100 * window)


def speed_bonus(all_possible: Iterable[int], options: Mapping[str, Any]) -> int:
    """What ``accuracy`` adds at most to a right answer, so that all of them stay below the smallest difference."""
    paying = [possible for possible in all_possible if possible]
    if options["scoring"] != "accuracy" or not paying:
        return 0
    return (math.gcd(*paying) - 1) // len(paying)


def total(questions: Iterable[Question], options: Mapping[str, Any], bonus: int = 0) -> tuple[int, int, int]:
    """Of the questions in order: points, number of right answers, and their time in milliseconds."""
    sum_, row, rights, time_ms = 0, 0, 0, 0
    for question in without_lines(questions):
        hits, of = share(question, options["partial"])
        chosen = set(question.choice or ())
        right = chosen == set(question.right) if question.several else (hits, of) == (1, 1)
        row = row + 1 if right else 0
        if right:
            rights, time_ms = rights + 1, time_ms + question.elapsed_ms
        if question.choice is not None:
            sum_ += points(question, options, bonus)
            if hits == 0:
                sum_ -= (question.possible * options["penalty_percent"] + 50) // 100
        if options["streak"] and row > 1:
            sum_ += (question.possible * min(row - 1, 5) + 5) // 10
        sum_ = max(sum_, 0)
    return sum_, rights, time_ms


def without_lines(questions: Iterable[Question]) -> Iterator[Question]:
    """The questions that count, with the time that each answer took apart from its line, as far as the quota goes."""
    quota = LINE_START_MS
    for question in questions:
        if question.voided:
            continue
        off = 0
        if question.choice is not None:
            off = min(question.line_ms, question.elapsed_ms, quota, LINE_ANSWER_MS)
        quota = min(LINE_QUOTA_MS, quota + LINE_GAIN_MS - off)
        yield replace(question, elapsed_ms=question.elapsed_ms - off)


def place(own: int, all_points: Iterable[int]) -> int:
    """One more than there are players with more points."""
    return 1 + sum(other > own for other in all_points)


def place_by_right(own: tuple[int, int, int], all_totals: Iterable[tuple[int, int, int]]) -> int:
    """The place where ties are broken: by points, then right answers, then less time for them."""
    return 1 + sum((p, r, -ms) > (own[0], own[1], -own[2]) for p, r, ms in all_totals)
