"""How many cores are busy, from what Linux counts of them."""

import os
from pathlib import Path
from typing import Any

import pytest

from quiz.play import processors
from quiz.play.processors import between, read, usable

BEFORE = """cpu  5849792 537694 1528712 5986217 23241 0 88357 9541 0 0
cpu0 1000 100 1000 5000 100 10 20 30 40 5
cpu1 2000 200 2000 6000 200 20 30 40 50 6
intr 1 2 3
ctxt 7
"""


def line(core: int, *ticks: int) -> str:
    """The line of that core after so many more ticks: user, nice, system, idle, iowait, irq, softirq, steal, guest."""
    counted = map(int, BEFORE.splitlines()[core + 1].split()[1:])
    more = [*ticks, *[0] * (10 - len(ticks))]
    return f"cpu{core} {' '.join(str(old + new) for old, new in zip(counted, more, strict=True))}"


@pytest.mark.parametrize(
    ("after", "busy"),
    [
        ([line(0, 0, 0, 0, 30), line(1, 0, 0, 0, 30)], 0.0),
        ([line(0, 30), line(1, 0, 0, 0, 30)], 1.0),
        ([line(0, 5, 5, 5, 15), line(1, 30)], 1.5),
        ([line(0, 0, 0, 0, 15, 15), line(1, 0, 0, 0, 30)], 0.0),  # who waits for a disk, works on nothing
        ([line(0, 0, 0, 0, 15, 0, 5, 5, 5), line(1, 0, 0, 0, 30)], 0.5),  # interrupts, and other machines' work
        ([line(0, 15, 0, 0, 15, 0, 0, 0, 0, 15), line(1, 0, 0, 0, 30)], 0.5),  # a guest's time is in user
        ([line(0, 30)], 1.0),  # the other core was switched off
        ([line(0), line(1)], None),  # a kernel that counts nothing
        ([], None),
    ],
)
def test_busy_is_what_is_neither_idle_nor_waiting(after: list[str], busy: float | None) -> None:
    cores = {0, 1}
    assert between(read(BEFORE, cores), read("\n".join(["cpu 1 2 3 4 5 6 7 8 9 10", *after]), cores)) == busy


def test_cores_that_are_not_ours_do_not_count() -> None:
    after = "\n".join([line(0, 0, 0, 0, 30), line(1, 30)])
    assert between(read(BEFORE, {0}), read(after, {0})) == 0.0


def test_busy_minutes_that_are_over_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A load average of 9 is that of the last minutes; while we watch, one core of two works."""
    stat = tmp_path / "stat"
    stat.write_text(BEFORE)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        stat.write_text("\n".join([line(0, 30), line(1, 0, 0, 0, 30)]))

    monkeypatch.setattr(processors, "STAT", stat)
    monkeypatch.setattr(processors, "usable", lambda: {0, 1})
    monkeypatch.setattr(processors.time, "sleep", sleep)
    monkeypatch.setattr(os, "getloadavg", lambda: (9.0, 9.0, 9.0))
    assert (processors.busy(), slept) == (1.0, [processors.WATCHED_S])


def test_where_nobody_counts_ticks_the_load_average_has_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processors, "STAT", tmp_path / "none")
    monkeypatch.setattr(processors, "WATCHED_S", 0.0)
    monkeypatch.setattr(os, "getloadavg", lambda: (1.25, 9.0, 9.0))
    assert processors.busy() == 1.25


def test_all_cores_are_usable_where_none_can_be_kept_from_us(monkeypatch: Any) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert usable() == {0, 1, 2}
