"""What every transport has to do, whatever its wire: subclass it and name the page that speaks that wire."""

import pytest

from orbited.closing import Reason
from orbited.session import HANDSHAKE_LIMIT_S, HIGH_WATER_BYTES
from orbited.transports import POLL_GRACE_S
from tests.orbited.rig import PollingPage, Rig, WebSocketPage


class TransportContract:
    """One contract of behaviours over every transport."""

    page_class: type

    @pytest.fixture
    def rig(self):
        return Rig()

    @pytest.fixture
    def page(self, rig):
        """A page that is attached and has sent nothing yet."""
        return self.page_class(rig, rig.key()).open()

    @pytest.fixture
    def connected(self, rig, page):
        """A page that is connected to its backend."""
        page.send(b"localhost:61613\n")
        rig.backend.accept()
        self.turn(rig, page)
        assert page.inbox == [b"1"]
        return page

    def turn(self, rig, page):
        """Let everything that is ready arrive."""
        page.look()
        rig.clock.advance(0)
        page.look()

    def test_page_is_greeted(self, page):
        assert page.greeted

    def test_target_is_reached_as_asked(self, rig, connected):
        assert [(backend.host, backend.port) for backend in rig.backends] == [("localhost", 61613)]

    def test_bytes_pass_both_ways_in_order(self, rig, connected):
        for word in (b"one ", b"two ", b"three"):
            connected.send(word)
            rig.backend.send(word)
        self.turn(rig, connected)
        assert rig.backend.received == b"one two three"
        assert connected.text == b"1one two three"

    def test_target_outside_access_is_refused_before_anything_is_connected(self, rig, page):
        page.send(b"localhost:22\n")
        self.turn(rig, page)
        assert (page.inbox, page.closed_with) == ([b"0106"], "loseConnection")
        assert rig.backends == []

    def test_malformed_handshake_is_refused(self, rig, page):
        page.send(b"CONNECT localhost")
        self.turn(rig, page)
        assert (page.inbox, page.closed_with) == ([b"0102"], "loseConnection")

    def test_data_before_the_answer_is_refused_and_the_attempt_dropped(self, rig, page):
        page.send(b"localhost:61613\n")
        page.send(b"impatient")
        self.turn(rig, page)
        assert page.inbox == [b"0102"]
        assert rig.backend.connecting.called

    def test_unreachable_target_is_told(self, rig, page):
        page.send(b"localhost:61613\n")
        rig.backend.refuse()
        self.turn(rig, page)
        assert (page.inbox, page.closed_with) == ([b"0108"], "loseConnection")

    def test_last_words_of_a_backend_arrive_before_its_close(self, rig, connected):
        rig.backend.send(b"goodbye")
        rig.backend.hang_up()
        self.turn(rig, connected)
        assert (connected.inbox[-1], connected.closed_with) == (b"goodbye", "loseConnection")

    def test_close_waits_for_a_page_that_is_away(self, rig, connected):
        connected.lose()
        rig.backend.send(b"goodbye")
        rig.backend.hang_up()
        rig.wait(10)
        connected.open()
        self.turn(rig, connected)
        assert (connected.inbox[-1], connected.closed_with) == (b"goodbye", "loseConnection")

    def test_page_that_closes_cuts_its_backend(self, rig, connected):
        connected.close()
        assert rig.backend.line.lost

    def test_lost_line_loses_and_doubles_nothing(self, rig, connected):
        expected = b"1"
        for number in range(30):
            word = b"%d " % number
            expected += word
            rig.backend.send(word)
            if number % 7 == 3:
                connected.lose()
                connected.open()
            elif number % 3 == 0:
                self.turn(rig, connected)
        self.turn(rig, connected)
        assert connected.text == expected

    def test_change_of_transport_loses_and_doubles_nothing(self, rig, connected):
        other_class = PollingPage if self.page_class is WebSocketPage else WebSocketPage
        rig.backend.send(b"unread")
        other = other_class(rig, connected.key)
        other.seen, other.inbox, other.outbox, other.greeted = connected.seen, [], list(connected.outbox), 1
        other.open()
        other.send(b"hello")
        rig.backend.send(b" and more")
        self.turn(rig, other)
        assert other.text == b"unread and more"
        assert rig.backend.received == b"hello"

    def test_page_that_does_not_return_is_forgotten_and_its_backend_cut(self, rig, connected):
        connected.lose()
        rig.wait(POLL_GRACE_S + 1)
        assert rig.backend.line.lost
        assert len(rig.sessions) == 0

    def test_silent_page_is_pinged(self, rig, connected):
        rig.wait(41)
        self.turn(rig, connected)
        assert connected.pings == self.pings_after_41_s

    pings_after_41_s = 1

    def test_page_without_a_handshake_is_closed(self, rig, page):
        rig.wait(HANDSHAKE_LIMIT_S + 1)
        self.turn(rig, page)
        assert page.closed_with in ("no handshake", "session-unknown")

    def test_backend_is_slowed_by_a_page_that_is_away(self, rig, connected):
        connected.lose()
        while rig.backend.line.producerState == "producing":
            rig.backend.send(bytes(64 * 1024))
        connected.open()
        for _ in range(20):
            self.turn(rig, connected)
            connected.acknowledge()
        assert rig.backend.line.producerState == "producing"
        assert len(connected.text) > HIGH_WATER_BYTES

    def test_backend_that_will_not_be_slowed_costs_the_page_its_session(self, rig, connected):
        connected.lose()
        for _ in range(20):
            rig.backend.send(bytes(64 * 1024))
        connected.open()
        self.turn(rig, connected)
        assert connected.closed_with == "too slow: come back"
        assert rig.backend.line.lost

    def test_relay_that_goes_down_says_so(self, rig, connected):
        rig.sessions.close_all(Reason.GOING_DOWN)
        self.turn(rig, connected)
        assert connected.closed_with == "going down: come back"
