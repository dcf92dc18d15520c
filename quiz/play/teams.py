"""Teams: who fits into which, and what a question brings them. Pure; rows are changed in ``grouping.py``.

A team's points for a question are the mean of its members' points, rounded once. All of it follows from who is in the
team now and what each member's answers brought, so whoever changes teams takes the answers along.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from quiz.play.scoring import rounded

GONE_AFTER = 3
"""Questions in a row without an answer: a phone that ran empty holds its team back so long, and no longer."""

SPARE = 1
"""So many more than its fair share fit into a team: friends find together, and no team takes all."""


def capacity(players: int, teams: int) -> int:
    """How many members one of ``teams`` teams may have in a game of ``players``."""
    return -(-players // teams) + SPARE


def fits(sizes: Mapping[int, int], team: int) -> bool:
    """Whether somebody of these teams may go into that one; ``sizes`` are the members by team's number."""
    return sizes[team] < capacity(sum(sizes.values()), len(sizes))


def smallest(sizes: Mapping[int, int]) -> int:
    """Where the next one is dealt to: the team with the fewest members, the first of such."""
    return min(sizes, key=lambda team: (sizes[team], team))


def shares(points: Sequence[int | None], since: int) -> list[int | None]:
    """What a member brings to the team's mean of each question; None where the member does not count.

    ``points`` are the member's own, None without an answer, and ``since`` is the index of the first question that the
    member was there for from its opening. No answer brings 0, until :data:`GONE_AFTER` of them came in a row: then the
    member counts as gone, up to the next answer.
    """
    silent, result = 0, []
    for index, own in enumerate(points):
        silent = silent + 1 if own is None and index >= since else 0
        is_in = own is not None or (index >= since and silent <= GONE_AFTER)
        result.append((own or 0) if is_in else None)
    return result


def means(members: Iterable[Sequence[int | None]], questions: int) -> list[int]:
    """The team's points for each of so many questions, from its members' :func:`shares`; 0 where nobody counts."""
    rows = list(members)
    return [_mean([own for row in rows if (own := row[index]) is not None]) for index in range(questions)]


def totals(gains: Iterable[int]) -> list[int]:
    """The team's points after each question; like a player's they never fall below 0."""
    result = [0]
    for gain in gains:
        result.append(max(result[-1] + gain, 0))
    return result[1:]


def places(points: Mapping[int, int]) -> dict[int, int]:
    """Each team's place; equal points share it."""
    return {team: 1 + sum(other > own for other in points.values()) for team, own in points.items()}


def _mean(values: Sequence[int]) -> int:
    return rounded(Fraction(sum(values), len(values))) if values else 0
