"""Figures against demands. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True)
class Demand:
    """What was measured and what it has to be: at most ``limit``, or ``at_least`` so much."""

    what: str
    measured: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Is it?"""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        bound = "at least" if self.at_least else "at most"
        return (
            f"{'met' if self.met else 'MISSED':6}  {self.what}: {self.measured:,.4g} {self.unit}"
            f" (demand: {bound} {self.limit:,.4g} {self.unit})"
        )


def judge(demands: Iterable[Demand]) -> int:
    """Print a line for each; the exit code, 1 when one is missed."""
    all_met = True
    for demand in demands:
        print(demand)
        all_met &= demand.met
    return 0 if all_met else 1


def growth(values: Sequence[float]) -> float:
    """By which share of their mean values taken at even intervals grow from first to last, by least squares."""
    middle, mean = (len(values) - 1) / 2, fmean(values)
    above = sum((place - middle) * (value - mean) for place, value in enumerate(values))
    below = sum((place - middle) ** 2 for place in range(len(values)))
    return above / below * (len(values) - 1) / mean if below else 0.0
