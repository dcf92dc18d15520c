import pytest

from orbited.packets import Packet, decode
from tests.orbited.rig import PollingPage, Rig
from tests.orbited.transports.contract import TransportContract


class SlowlyPollingPage(PollingPage):
    """Polls when the test asks it to read, as a page does every two seconds."""

    name = "poll"

    def read(self):
        if self.closed_with:
            return
        self.rig.clock.advance(0)
        answer, self.polling = self.polling, None
        if answer is not None and answer.answered and answer.status == 404:
            self.closed_with = "session-unknown"
        elif answer is not None and answer.answered:
            for packet in decode(answer.body):
                self.take(packet)
        if not self.closed_with and self.polling is None:
            self.polling = self.ask()

    def ask(self):
        ack = f"?ack={self.seen + 2}" if self.greeted else ""
        return self.rig.ask("GET", f"/tcp/{self.key}/poll{ack}")

    def poll(self):
        self.polling = self.ask()
        self.read()


class TestPoll(TransportContract):
    page_class = SlowlyPollingPage
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
    answer = page.ask()
    rig.clock.advance(0)
    assert (answer.status, answer.body) == (200, b"")
    rig.backend.send(b"x")
    assert decode(page.ask().body) == [Packet(4, "data", b"x")]
