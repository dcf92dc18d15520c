"""Survival: who is still in. Pure; the rows are changed by ``judging.py``.

A player's fate is the fold of :meth:`Fate.after` over the revealed questions in order. Nothing else is remembered, so a
question that is judged otherwise gives lives back, or takes them.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fate:
    """How many lives are lost, and the number of the question that took the last one, None while the player is in."""

    lost: int = 0
    out_at: int | None = None

    def after(self, number: int, survived: bool | None, lives: int) -> "Fate":
        """The fate after the question of that number, in a game of so many ``lives``.

        ``survived`` is None for a question that costs nobody a life, or not this player: it was voided, has no right
        answer, or the player watched.
        """
        if survived is not False or self.out_at is not None:
            return self
        lost = self.lost + 1
        return Fate(lost, number if lost >= lives else None)


def is_decided(still_in: int, players: int) -> bool:
    """Whether nothing is left to play for: nobody is in any more, or one alone. Who plays alone plays on."""
    return players > 0 and still_in <= (1 if players > 1 else 0)


def last_out(outs: Iterable[int | None]) -> int | None:
    """The question in which the last ones went out together, whatever their points; None while somebody is in."""
    numbers = list(outs)
    return max((number for number in numbers if number is not None), default=None) if None not in numbers else None
