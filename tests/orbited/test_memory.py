"""In a process of its own: how much memory one has depends on all that it did before."""

import subprocess
import sys

SCRIPT = """
from twisted.internet.task import Clock
from orbited.listeners.monitor import resident_bytes
from orbited.memory import INTERVAL_S, give_back_regularly

clock = Clock()
give_back_regularly(clock)
for _ in range(2):
    begin = resident_bytes()
    held = [bytes(30_000 if number % 20 else 3_000) for number in range(4_000)]
    peak = resident_bytes()
    few = held[::20]  # between what is freed
    del held
    freed = resident_bytes()
    clock.advance(INTERVAL_S)
    print(peak - begin, freed - begin, resident_bytes() - begin)
    del few
"""


def test_what_a_crowd_has_left_goes_back_to_the_system_again_and_again() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        peak, freed, given_back = map(int, line.split())
        assert freed > peak / 2
        assert given_back < peak / 10
