import signal
import subprocess
import sys

import pytest

# Asks for its own end so often that a signal comes in each line of the handler and of the waiting.
MANY = """
import os, signal, threading, time
from quiz.processes.stop import Stop
stop = Stop(signal.SIGINT, signal.SIGTERM)
def ask():
    for _ in range(20000):
        os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=ask, daemon=True).start()
while not stop.wait(0.0001):
    pass
for _ in range(2000):
    stop.wait(0.0001)
print(stop.signal.name)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_sets_it_and_is_named(number):
    code = f"""
import os, signal
from quiz.processes.stop import Stop
stop = Stop(signal.SIGINT, signal.SIGTERM)
assert not stop.is_set()
os.kill(os.getpid(), {number:d})
assert stop.wait(60)
print(stop.signal.name)
"""
    assert run(code) == number.name


def test_signals_that_come_in_the_midst_of_signals_do_not_stop_the_stop():
    assert run(MANY) == "SIGTERM"


def run(code: str) -> str:
    """What a process of its own prints: signals are for main threads, and would end pytest's."""
    program = [sys.executable, "-c", code]
    return subprocess.run(program, check=True, capture_output=True, text=True, timeout=300).stdout.strip()
