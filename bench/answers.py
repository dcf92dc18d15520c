"""Answers to questions of every kind: what a player gives, and what it is worth, written a second time. Pure.

An answer of any kind becomes a set that is held against a set of right ones, so that ``scoring.py`` knows one rule:
an order is the set of what comes before what of each two right neighbours, a matching that of its pairs.
"""

import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

from bench import typed

Data = dict[str, Any]

A_WORD = "orbit"
"""What is typed where an answer is to be typed: never right."""

A_NUMBER = -1
"""What is typed where a number is to be typed: a wrong one, unless a test's question says otherwise."""


def some(question: Data, dice: random.Random) -> Any:  # noqa: ANN401  # JSON of its kind
    """Something that may be answered to a question as it is shown; None where the load knows nothing."""
    kind, ids = question["kind"], [choice["id"] for choice in question["choices"]]
    if kind in ("typed", "open"):
        return A_WORD
    if kind == "number":
        return A_NUMBER
    if kind == "order":
        return dice.sample(ids, len(ids))
    if kind == "match":
        return [dice.choice(question["view"]["partners"])["id"] for _ in ids]
    if not ids:
        return None
    return dice.sample(ids, dice.randint(1, len(ids))) if question["several"] else dice.choice(ids)


HELD = ("typed", "number", "order", "match")
"""Kinds whose answers are no sets of options."""


def held(kind: str, choice: Any, right: Any, settings: Data) -> tuple[list[str] | None, list[str], bool]:  # noqa: ANN401
    """What was answered (None for nothing), what is right, and whether each of several earns a share."""
    several = kind in ("order", "match")
    given = None if choice is None else _held(kind, choice, right, settings)
    return given, _held(kind, right, right, settings) if several else ["right"], several


def _held(kind: str, choice: Any, right: Any, settings: Data) -> list[str]:  # noqa: ANN401
    if kind == "order":
        return ["<".join(sorted(pair, key=choice.index)) for pair in pairwise(right)]
    if kind == "match":
        return [f"{n}={id}" for n, id in enumerate(choice)]
    is_right = beyond(choice, right) == 0 if kind == "number" else typed.is_accepted(choice, right, settings)
    return ["right" if is_right else "wrong"]


def beyond(choice: float, right: Data) -> Decimal:
    """How far a number lies outside of the tolerance."""
    value, tolerance = Decimal(str(right["value"])), Decimal(str(right["tolerance"]))
    if right["percent"]:
        tolerance = abs(value) * tolerance / 100
    return max(abs(Decimal(str(choice)) - value) - tolerance, Decimal(0))


def nearness(choice: float, right: Data, settings: Data) -> tuple[int, int]:
    """What a number earns where parts count: counter and denominator of 1 - (d / r)²."""
    if settings["range"] is None:
        return (0, 1)
    (d, of_d), (r, of_r) = beyond(choice, right).as_integer_ratio(), Decimal(str(settings["range"])).as_integer_ratio()
    whole, part = (of_d * r) ** 2, (d * of_r) ** 2
    return (max(whole - part, 0), whole)
