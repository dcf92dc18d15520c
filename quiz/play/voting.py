"""Peer instruction: what the discussion between two votes on one question has changed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

FIRST, SECOND = 1, 2
"""The rounds of a question; all other ways of playing have the first alone."""


@dataclass(frozen=True, slots=True)
class Swing:
    """How many went from a wrong first choice to a right second one, and the other way."""

    to_right: int
    to_wrong: int


def swing(first: Mapping[int, bool], second: Mapping[int, bool]) -> Swing:
    """Who changed sides, of those who voted twice: by player, whether the vote was right."""
    both = first.keys() & second.keys()
    return Swing(
        to_right=sum(second[player] and not first[player] for player in both),
        to_wrong=sum(first[player] and not second[player] for player in both),
    )
