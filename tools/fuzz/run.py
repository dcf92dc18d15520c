"""A run of cases: how many, for how long, and what is said about it."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from tools.fuzz.cases import Case, make

# Cases before memory is measured for the first time: buffers, caches and free lists have their size then.
WARM_UP = 0.2
# Characters of a case in a report.
MAX_SHOWN = 2_000
# Faults after which a run ends: more say nothing new.
MAX_FAULTS = 20


@dataclass
class Result:
    """What a run has come to. ``grown`` is in bytes of resident memory, from the end of the warm-up on."""

    seed: int
    wanted: int
    done: int = 0
    seconds: float = 0.0
    grown: int = 0
    reactions: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def grown_a_case(self) -> float:
        """Bytes that each case after the warm-up has left behind."""
        return self.grown / max(1, self.done * (1 - WARM_UP))


def run(seed: int, wanted: int, seconds: float, send: Callable[[Case], None], memory: Callable[[], int]) -> Result:
    """Send so many cases of a seed, for no longer than that. All that goes wrong is in the result."""
    result, begun, warm = Result(seed, wanted), time.monotonic(), 0
    for case in islice(make(seed), wanted):
        try:
            send(case)
        except Exception as error:  # noqa: BLE001  Whatever the broker raises is what is looked for.
            result.faults.append(
                f"seed {seed}, case {case.number}: {error!r}\n    {str(list(case.pieces))[:MAX_SHOWN]}"
            )
        result.done += 1
        result.seconds = time.monotonic() - begun
        if result.done == int(wanted * WARM_UP):
            warm = memory()
        if result.seconds > seconds or len(result.faults) >= MAX_FAULTS:
            break
    result.grown = memory() - warm if warm else 0
    return result
