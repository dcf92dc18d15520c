import pytest
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock

from orbited.backend import FAREWELL_S, BackendFactory
from orbited.errors import RevokedError
from tests.orbited.rig import Line


class Diary:
    """An owner that writes down what it is told."""

    def __init__(self):
        self.told = []

    def backend_connected(self, backend):
        self.told.append("connected")

    def backend_sent(self, data):
        self.told.append(data)

    def backend_busy(self, busy):
        self.told.append("busy" if busy else "idle")

    def backend_lost(self, for_good):
        self.told.append("revoked" if for_good else "lost")


@pytest.fixture
def owner():
    return Diary()


@pytest.fixture
def line(owner):
    line = Line()
    line.protocol = BackendFactory(owner).buildProtocol(None)
    line.protocol.makeConnection(line)
    return line


def test_owner_is_told_what_the_target_does(owner, line):
    line.protocol.dataReceived(b"hello")
    line.producer.pauseProducing()
    line.producer.resumeProducing()
    line.hang_up(ConnectionDone())
    assert owner.told == ["connected", b"hello", "busy", "idle", "lost"]


def test_owner_is_told_that_a_page_shall_stay_away(owner, line):
    line.hang_up(RevokedError())
    assert owner.told[-1] == "revoked"


def test_backend_is_left_when_what_was_written_has_gone(line):
    clock = Clock()
    line.protocol.hang_up(clock)
    assert (line.lost, line.aborted, line.producer) == (True, False, None)
    assert clock.getDelayedCalls() == []


def test_backend_that_takes_nothing_is_cut_off(line):
    clock = Clock()
    line.loseConnection = lambda: None  # as with bytes that do not go
    line.protocol.hang_up(clock)
    clock.advance(FAREWELL_S - 1)
    assert not line.aborted
    clock.advance(1)
    assert line.aborted


def test_backend_carries_no_dictionary(line):
    assert not hasattr(line.protocol, "__dict__")
