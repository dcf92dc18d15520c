"""Points and places: pure functions of what is stored, so that they can be computed again at any time."""

from collections.abc import Collection, Sequence


def is_right(choice: Collection[str], right: Collection[str]) -> bool:
    """Whether exactly the right options were chosen, in any order."""
    return set(choice) == set(right)


def points_for(elapsed_ms: int, limit_ms: int, possible: int) -> int:
    """Points of a right answer: all of ``possible`` at once, half of it at the deadline, falling evenly between.

    Halves round up. In whole numbers, for fractions that a computer cannot write would round now up, now down.
    """
    elapsed_ms = min(max(elapsed_ms, 0), limit_ms)
    return (possible * (2 * limit_ms - elapsed_ms) + limit_ms) // (2 * limit_ms)


def places(points: Sequence[int]) -> list[int]:
    """Places for ``points`` sorted from most to least: equal points share a place and use it up (1, 2, 2, 4)."""
    result: list[int] = []
    for index, value in enumerate(points):
        shared = index > 0 and value == points[index - 1]
        result.append(result[-1] if shared else index + 1)
    return result


def gaps(points: Sequence[int]) -> list[int | None]:
    """For ``points`` sorted from most to least: how many are missing to the next better place, None for the first."""
    result: list[int | None] = []
    better: int | None = None
    for index, value in enumerate(points):
        if index > 0 and value != points[index - 1]:
            better = points[index - 1]
        result.append(None if better is None else better - value)
    return result
