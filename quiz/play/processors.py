"""The cores that our processes may use, and how many of them are busy at this moment."""

import os
import time
from collections.abc import Mapping, Set
from pathlib import Path
from typing import NamedTuple

STAT = Path("/proc/stat")
"""Where Linux counts what each core did since it started (man 5 proc_stat)."""

WATCHED_S = 0.3
"""Thirty of Linux's ticks on each core, and no wait for who looks."""

IDLE, IOWAIT, STEAL = 3, 4, 7
"""Columns behind a core's name. ``STEAL``, the last of ours, is what other virtual machines took; those that follow
are counted in others already.
"""


class Ticks(NamedTuple):
    """Of one core, since it started."""

    busy: int
    all: int


def usable() -> Set[int]:
    """The numbers of the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def busy() -> float:
    """How many of them are busy: watched for a moment, or the last minute's average where nobody counts ticks.

    That average tells of work for minutes after it is done.
    """
    before = _ticks_now()
    time.sleep(WATCHED_S)
    watched = between(before, _ticks_now())
    return os.getloadavg()[0] if watched is None else watched


def between(before: Mapping[int, Ticks], after: Mapping[int, Ticks]) -> float | None:
    """Busy cores between two looks; None when no core was seen to do anything, idle or not."""
    passed = [
        (after[core].busy - before[core].busy, after[core].all - before[core].all) for core in before.keys() & after
    ]
    parts = [busy / all_ for busy, all_ in passed if all_ > 0]
    return sum(parts) if parts else None


def read(stat: str, cores: Set[int]) -> dict[int, Ticks]:
    """The ticks of those cores in the text of ``STAT``."""
    lines = (line.split() for line in stat.splitlines() if line.startswith("cpu"))
    counted = {int(name[3:]): list(map(int, ticks)) for name, *ticks in lines if name != "cpu"}
    return {
        core: Ticks(sum(ticks[: STEAL + 1]) - ticks[IDLE] - ticks[IOWAIT], sum(ticks[: STEAL + 1]))
        for core, ticks in counted.items()
        if core in cores
    }


def _ticks_now() -> dict[int, Ticks]:
    try:
        return read(STAT.read_text(encoding="ascii"), usable())
    except OSError:
        return {}
