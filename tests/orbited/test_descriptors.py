import os
import resource
import subprocess
import sys

import pytest
from twisted.internet.protocol import ServerFactory

from orbited.descriptors import SELECT_MOST, Descriptors, SparingFactory, lowest_free
from orbited.listeners.echo import Echo
from orbited.metrics import Metrics


class Port:
    accepting = True

    def stopReading(self):
        self.accepting = False

    def startReading(self):
        self.accepting = True


def test_open_descriptors_are_counted():
    """In a process of its own: threads that other tests left may open and close some in between."""
    program = (
        "import os; from orbited.descriptors import in_use;"
        "before = in_use(); files = [open(os.devnull) for _ in range(3)]; print(in_use() - before);"
        "os.stat = lambda path: os.stat_result([0] * 10); print(in_use() - before)"  # as kernels before 6.2 answer
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    counted, listed = map(int, done.stdout.split())
    assert counted == 3
    assert listed in (3, 4)  # the listing has one of its own


def test_next_one_is_told_and_stays_free():
    number = lowest_free()
    with open(os.devnull) as file:
        assert file.fileno() == number
        assert lowest_free() > number
    assert lowest_free() == number


def test_no_next_one_is_nothing(monkeypatch):
    def none_left(*_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "open", none_left)
    assert lowest_free() is None


@pytest.fixture
def used():
    return [0]


@pytest.fixture
def descriptors(used):
    return Descriptors(100, Metrics(), lambda: used[0], lambda: used[0] if used[0] < 100 else None)


def test_accepting_stops_and_goes_on_with_room_between(descriptors, used):
    ports = [Port(), Port()]
    for port in ports:
        descriptors.guard(port)
    for used[0], accepting in [
        (94, True),
        (95, False),
        (100, False),
        (90, False),
        (89, True),
        (94, True),
        (100, False),
    ]:
        descriptors.look()
        assert descriptors.take() is accepting
        assert [port.accepting for port in ports] == [accepting] * 2


def test_connections_that_a_port_accepts_before_it_can_be_told_are_closed(descriptors, used):
    factory = SparingFactory(ServerFactory.forProtocol(Echo), descriptors)
    assert isinstance(factory.buildProtocol(None), Echo)
    used[0] = 95
    assert factory.buildProtocol(None) is None


def test_factory_behind_it_is_started_and_stopped_with_it(descriptors):
    behind = ServerFactory()
    factory = SparingFactory(behind, descriptors)
    factory.doStart()
    assert behind.numPorts == 1
    factory.doStop()
    assert behind.numPorts == 0


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
