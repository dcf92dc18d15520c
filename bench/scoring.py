"""The rules of points and places, written a second time, so that the product's own are held against them. Pure."""

import math
from collections.abc import Iterable
from fractions import Fraction


def points(choice: Iterable[str], right: Iterable[str], elapsed_ms: int, limit_ms: int, possible: int) -> int:
    """All points for the right options at once, half at the deadline, evenly in between; none for anything else.

    Halves round up.
    """
    if sorted(choice) != sorted(right):
        return 0
    late = Fraction(min(max(elapsed_ms, 0), limit_ms), 2 * limit_ms)
    return math.floor(possible - possible * late + Fraction(1, 2))


def place(own: int, all_points: Iterable[int]) -> int:
    """One more than there are players with more points."""
    return 1 + sum(other > own for other in all_points)
