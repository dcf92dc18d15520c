"""This machine, looked at."""

import os

from quiz.play import joining, yardstick


def test_what_is_found_is_this_machines() -> None:
    found = yardstick.machine()
    assert found.cores == len(os.sched_getaffinity(0))
    assert found.allowed == joining.MAX_PLAYERS
    assert 0 < found.free_bytes < os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert found.descriptors > 0
    assert found.work_ms > 0
