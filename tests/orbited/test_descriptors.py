import os
import resource
import subprocess
import sys

import pytest

from orbited.descriptors import SELECT_MOST, Descriptors, in_use
from orbited.metrics import Metrics


class Port:
    accepting = True

    def stopReading(self):
        self.accepting = False

    def startReading(self):
        self.accepting = True


def test_open_descriptors_are_counted():
    before = in_use()
    with open(os.devnull), open(os.devnull):
        assert in_use() == before + 2


def test_older_kernels_have_them_listed(monkeypatch):
    count = in_use()
    monkeypatch.setattr(os, "stat", lambda path: os.stat_result([0] * 10))
    assert abs(in_use() - count) <= 1  # the listing has one of its own


def test_accepting_stops_and_goes_on_with_room_between():
    used = [0]
    port = Port()
    descriptors = Descriptors([port], 100, Metrics(), lambda: used[0])
    for used[0], accepting in [(94, True), (95, False), (100, False), (90, False), (89, True), (94, True), (99, False)]:
        descriptors.look()
        assert (port.accepting, descriptors.scarce) == (accepting, not accepting)


@pytest.mark.parametrize(("reactor", "most"), [(None, 4096), ("epoll", 4096), ("select", SELECT_MOST)])
def test_limit_is_raised_to_what_the_system_allows_and_the_reactor_can_use(reactor, most):
    program = (
        "import resource; from orbited.descriptors import raise_limit;"
        f"print(raise_limit({reactor!r}), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4096)),
    )
    assert done.stdout.split() == [str(most), "4096", "4096"]
