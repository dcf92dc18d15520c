"""What every transport has to do, whatever its wire: subclass it and name the page that speaks that wire."""

import pytest

from orbited.closing import Reason
from orbited.session import HANDSHAKE_LIMIT_S, HIGH_WATER_BYTES, LINGER_S, Settings
from orbited.transports import POLL_GRACE_S
from tests.orbited.rig import Rig


class TransportContract:
    """One contract of behaviours over every transport."""

    page_class: type
    owned = True  # has its session a token?
    pings_after_41_s = 1
    warned = False  # does the page hear of too many messages, where they cannot be refused?

    @pytest.fixture
    def rig(self):
        return Rig()

    @pytest.fixture
    def page(self, rig):
        """A page that is attached and has sent nothing yet."""
        return rig.page(self.page_class, self.owned).open()

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

    # The handshake.

    def test_page_is_greeted(self, page):
        assert page.greeted

    def test_target_is_reached_as_asked(self, rig, connected):
        assert [(backend.host, backend.port) for backend in rig.backends] == [("localhost", 61613)]

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

    def test_b18_page_without_a_handshake_is_closed(self, rig, page):
        rig.wait(HANDSHAKE_LIMIT_S + 1)
        self.turn(rig, page)
        assert page.closed_with in ("no handshake", "session-unknown")

    def test_a30_page_that_was_made_and_left_is_gone_in_time(self, rig, page):
        page.lose()
        rig.wait(30)
        assert len(rig.sessions) == 0

    # Both directions.

    def test_bytes_pass_both_ways_in_order(self, rig, connected):
        for word in (b"one ", b"two ", b"three"):
            connected.send(word)
            rig.backend.send(word)
        self.turn(rig, connected)
        assert rig.backend.received == b"one two three"
        assert connected.text == b"1one two three"

    def test_every_byte_passes(self, rig, connected):
        every = bytes(range(256)) * 3
        connected.send(every)
        rig.backend.send(every)
        self.turn(rig, connected)
        assert (rig.backend.received, connected.text) == (every, b"1" + every)

    def test_too_many_messages_are_not_taken_for_long(self):
        rig = Rig(settings=Settings(messages_per_s=20, message_burst=50))
        page = rig.page(self.page_class, self.owned).open()
        page.send(b"localhost:61613\n")
        rig.backend.accept()
        for _ in range(100):
            page.send(b"x")
        self.turn(rig, page)
        assert len(rig.backend.received) < 100
        assert page.closed_with == ("too many messages: come back" if self.warned else None)

    # Losing the line.

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

    def test_page_that_does_not_return_is_forgotten_and_its_backend_cut(self, rig, connected):
        connected.lose()
        rig.wait(POLL_GRACE_S + 1)
        assert rig.backend.line.lost
        assert len(rig.sessions) == 0

    def test_page_that_returns_in_time_goes_on(self, rig, connected):
        connected.lose()
        rig.wait(50)
        rig.backend.send(b"missed")
        connected.open()
        rig.wait(50)
        self.turn(rig, connected)
        assert connected.text == b"1missed"

    def test_silent_page_is_pinged(self, rig, connected):
        rig.wait(41)
        self.turn(rig, connected)
        assert connected.pings == self.pings_after_41_s

    def test_page_that_is_there_is_not_given_up(self, rig, connected):
        for _ in range(60):
            rig.wait(5)
            self.turn(rig, connected)
        rig.backend.send(b"still there?")
        self.turn(rig, connected)
        assert (connected.text, connected.closed_with) == (b"1still there?", None)

    # Pressure.

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

    def test_page_that_reads_gets_much_more_than_a_session_holds(self, rig, connected):
        sent = 1
        for _ in range(100):
            if rig.backend.line.producerState == "producing":
                rig.backend.send(bytes(64 * 1024))
                sent += 64 * 1024
            self.turn(rig, connected)
            if rig.backend.line.producerState == "paused":
                connected.acknowledge()
        self.turn(rig, connected)
        assert sent > 4 * 1024 * 1024
        assert len(connected.text) == sent

    def test_backend_that_will_not_be_slowed_costs_the_page_its_session(self, rig, connected):
        connected.lose()
        for _ in range(20):
            rig.backend.send(bytes(64 * 1024))
        connected.open()
        self.turn(rig, connected)
        assert connected.closed_with == "too slow: come back"
        assert rig.backend.line.lost

    # Closing.

    def test_last_words_of_a_backend_arrive_before_its_close(self, rig, connected):
        rig.backend.send(b"goodbye")
        rig.backend.hang_up()
        self.turn(rig, connected)
        assert (connected.inbox[-1], connected.closed_with) == (b"goodbye", "loseConnection")

    def test_close_waits_for_a_page_that_is_away(self, rig, connected):
        connected.lose()
        rig.backend.send(b"goodbye")
        rig.backend.hang_up()
        rig.wait(LINGER_S - 5)
        connected.open()
        self.turn(rig, connected)
        assert (connected.inbox[-1], connected.closed_with) == (b"goodbye", "loseConnection")

    def test_close_does_not_wait_for_ever(self, rig, connected):
        connected.lose()
        rig.backend.hang_up()
        rig.wait(LINGER_S)
        connected.open()
        self.turn(rig, connected)
        assert connected.closed_with == "session-unknown"
        assert len(rig.sessions) == 0

    def test_page_that_closes_cuts_its_backend(self, rig, connected):
        connected.close()
        assert rig.backend.line.lost
        rig.wait(LINGER_S + 1)
        assert len(rig.sessions) == 0

    def test_b22_page_that_is_sent_away_is_told_so(self, rig, connected):
        rig.backend.send(b"you are out")
        rig.backend.send_away()
        self.turn(rig, connected)
        assert (connected.inbox[-1], connected.closed_with) == (b"you are out", "revoked: do not come back")

    def test_b23_relay_that_goes_down_says_so(self, rig, connected):
        rig.sessions.close_all(Reason.GOING_DOWN)
        self.turn(rig, connected)
        assert connected.closed_with == "going down: come back"

    # Whose session it is.

    def test_a19_session_with_a_token_is_its_owners_alone(self, rig):
        page = rig.connected(self.page_class, owned=True)
        for token in ("", "0" * 32, f"{page.token}0", page.token[:-1]):
            thief = self.page_class(rig, page.key, token)
            answer = thief.get(1, **thief.headers)
            assert (answer.status, answer.body) == (403, b"session-owner: the token is not this session's\n")
            assert thief.post([]).status == 403
        assert "orbited_hijack_suspected_total 8.0" in rig.metrics.text().decode()
        rig.backend.send(b"secret")
        self.turn(rig, page)
        assert page.text == b"1secret"
