import pytest

from orbited.packets import Packet, decode
from tests.orbited.rig import Rig
from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import SlowlyPollingPage


class TestPoll(TransportContract):
    page_class = SlowlyPollingPage
    owned = False
    pings_after_41_s = 0


@pytest.fixture
def rig():
    return Rig()


def test_poll_is_answered_at_once(rig):
    page = SlowlyPollingPage(rig, rig.key()).open()
    page.send(b"localhost:61613\n")
    rig.backend.accept()
    page.read()
    page.read()
    answer = page.get(3)
    rig.clock.advance(0)
    assert (answer.status, answer.body) == (200, b"")
    rig.backend.send(b"x")
    assert decode(page.get(3).body) == [Packet(4, "data", b"x")]
