"""More time for one player: how long a question is open for this player, and what that time counts. Pure.

An allowance is the percent of everybody's time, one of :data:`ALLOWANCES`: ``NOBODYS_LIMIT`` is a question without a
deadline. Times are milliseconds. What it weighs: docs/decisions/0052-more-time-in-private.md.
"""

EVERYBODYS = 100
"""No more time than the others."""

NOBODYS_LIMIT = 0
"""No deadline: the question is open until the host ends it."""

ALLOWANCES = (EVERYBODYS, 125, 150, 200, 300, 500, 1000, NOBODYS_LIMIT)


def ends_at(everybodys: int, limit_ms: int, allowance: int) -> int | None:
    """When a question of that limit closes for this player, None for never; ``everybodys`` is when for the others."""
    if allowance == NOBODYS_LIMIT:
        return None
    return everybodys + limit_ms * (allowance - EVERYBODYS) // EVERYBODYS


def counted_ms(elapsed_ms: int, limit_ms: int, allowance: int) -> int:
    """What an answer's time counts: its part of the player's own time is the part that it takes of everybody's.

    Without a deadline there is no such part: a quick answer counts as it is, a slow one as half of everybody's time.
    """
    if allowance == NOBODYS_LIMIT:
        return min(elapsed_ms, limit_ms // 2)
    return elapsed_ms * EVERYBODYS // allowance
