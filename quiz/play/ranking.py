"""How far players are apart. Pure; their places come from the database (``PlayerQuerySet.ranked``)."""

from collections.abc import Sequence


def gaps(points: Sequence[int]) -> list[int | None]:
    """For ``points`` sorted from most to least: how many are missing to the next better ones, None for the most."""
    result: list[int | None] = []
    better: int | None = None
    for index, value in enumerate(points):
        if index > 0 and value != points[index - 1]:
            better = points[index - 1]
        result.append(None if better is None else better - value)
    return result
