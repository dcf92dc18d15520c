import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from orbited.closing import Reason
from orbited.errors import AckError, GapError, PacketError, RateError
from orbited.handshake import Refusal
from orbited.outbox import Numbered
from orbited.packets import Packet
from orbited.session import (
    HANDSHAKE_LIMIT_S,
    HIGH_WATER_BYTES,
    LINGER_S,
    MAX_HELD_BYTES,
    TRANSITIONS,
    Closing,
    DataArrived,
    Ended,
    LineDead,
    PingDue,
    Session,
    Settings,
    State,
    TargetAsked,
    TooFast,
)

GRACE_S = 60
MANY = 10_000
FAST = Settings(messages_per_s=10**6, message_burst=10**6)


def events(session):
    return list(session.events())


def opened(settings=FAST):
    """A session whose page is connected over an attached transport, with the handshake acknowledged."""
    session = Session(settings, 0)
    session.attach(0, 0)
    session.receive_data(b"localhost:61613\n", 0)
    session.connected(0)
    session.take(MANY, False)
    session.acknowledge(1, 0)
    events(session)
    return session


def taken(session, merge=False):
    return session.take(MANY, merge)


# The handshake.


def test_first_packet_asks_for_the_target():
    session = Session(FAST, 0)
    session.receive_data(b"localhost:61613\n", 0)
    assert events(session) == [TargetAsked("localhost", 61613)]
    session.connected(0)
    assert (session.state, taken(session)) == (State.OPEN, [Numbered(1, b"1")])


def test_malformed_handshake_is_refused_with_102_and_closed():
    session = Session(FAST, 0)
    session.receive_data(b"GET / HTTP/1.1", 0)
    assert events(session) == [Closing(Reason.BACKEND_CLOSED)]
    assert taken(session, merge=True) == [Numbered(1, b"0102"), Numbered(2, Reason.BACKEND_CLOSED)]


def test_refused_target_is_told_its_code_and_closed():
    session = Session(FAST, 0)
    session.receive_data(b"a:1", 0)
    session.refuse(Refusal.UNAUTHORIZED, 0)
    assert taken(session) == [Numbered(1, b"0106"), Numbered(2, Reason.BACKEND_CLOSED)]


def test_data_before_the_answer_is_an_invalid_handshake():
    session = Session(FAST, 0)
    session.receive_data(b"a:1", 0)
    session.receive_data(b"too early", 0)
    assert taken(session)[0].payload == b"0102"


def test_answer_to_the_handshake_is_a_packet_of_its_own():
    session = Session(FAST, 0)
    session.receive_data(b"a:1", 0)
    session.connected(0)
    session.send(b"220 hello", 0)
    session.send(b" there", 0)
    assert taken(session, merge=True) == [Numbered(1, b"1"), Numbered(2, b"220 hello there")]


def test_session_without_a_handshake_is_closed_in_time():
    session = Session(FAST, 0)
    session.attach(0, 0)
    session.tick(HANDSHAKE_LIMIT_S - 1)
    assert session.state is State.HANDSHAKE
    session.tick(HANDSHAKE_LIMIT_S)
    assert events(session) == [Closing(Reason.NO_HANDSHAKE)]


def test_session_that_was_left_before_its_handshake_is_dropped_without_lingering():
    session = Session(FAST, 0)
    session.attach(0, 0)
    session.detach(GRACE_S, 1)
    session.tick(HANDSHAKE_LIMIT_S)
    assert events(session) == [Ended(Reason.NO_HANDSHAKE)]


@pytest.mark.parametrize("moment", ["new", "open", "detached", "pinged", "answered", "closing"])
def test_nothing_happens_before_it_is_due(moment):
    session = opened(Settings(ping_interval_s=5, ping_timeout_s=50)) if moment != "new" else Session(FAST, 0)
    now = 0
    if moment == "detached":
        session.detach(GRACE_S, now)
    if moment in ("pinged", "answered"):
        now = 5
        session.tick(now)
        events(session)
    if moment == "answered":
        session.acknowledge(1, now := 6)
    if moment == "closing":
        session.close(Reason.BAD_INPUT, now)
        events(session)
    session.tick(now)
    assert session.due > now
    session.tick(session.due - 0.01)
    assert events(session) == []
    session.tick(session.due)
    assert events(session)


# Packets to the page.


def test_unacknowledged_packets_are_given_again_to_the_next_transport():
    session = opened()
    for word in (b"a", b"b", b"c"):
        session.send(word, 0)
    assert taken(session) == [Numbered(2, b"a"), Numbered(3, b"b"), Numbered(4, b"c")]
    session.attach(2, 0)
    session.send(b"d", 0)
    assert taken(session) == [Numbered(3, b"b"), Numbered(4, b"c"), Numbered(5, b"d")]
    assert taken(session) == []


def test_packets_are_kept_by_reference():
    session = opened()
    data = bytes(1000)
    session.send(data, 0)
    assert taken(session)[0].payload is data
    session.attach(1, 0)
    assert taken(session, merge=True)[0].payload is data


def test_only_so_many_packets_are_taken_at_once():
    session = opened()
    for _ in range(5):
        session.send(b"x", 0)
    assert [len(session.take(2, False)) for _ in range(4)] == [2, 2, 1, 0]


def test_acknowledgement_of_the_unsent_ends_the_session():
    session = opened()
    with pytest.raises(AckError):
        session.acknowledge(2, 0)
    assert events(session) == [Closing(Reason.BAD_INPUT)]


def test_old_acknowledgement_changes_nothing():
    session = opened()
    session.send(b"x", 0)
    taken(session)
    session.acknowledge(0, 0)
    session.attach(0, 0)
    assert taken(session) == [Numbered(2, b"x")]


def test_page_too_far_behind_is_told_to_come_back():
    session = opened()
    while session.state is State.OPEN:
        session.send(bytes(64 * 1024), 0)
    assert events(session) == [Closing(Reason.TOO_SLOW)]
    assert [packet.payload for packet in taken(session)] == [Reason.TOO_SLOW]


def test_a_million_small_packets_are_not_cheap():
    session = opened()
    sent = 0
    while session.state is State.OPEN:
        session.send(b"x", 0)
        sent += 1
    assert sent < MAX_HELD_BYTES / 50


def test_full_and_drained_leave_room_between_them():
    session = opened()
    session.send(bytes(HIGH_WATER_BYTES // 2), 0)
    assert not session.full
    session.send(bytes(HIGH_WATER_BYTES // 2), 0)
    assert session.full
    taken(session)
    session.acknowledge(2, 0)
    assert not session.full
    assert not session.drained
    session.acknowledge(3, 0)
    assert session.drained


# Packets of the page.


def test_repeated_packets_are_dropped():
    session = opened()
    packets = [Packet(2, "data", b"a"), Packet(3, "data", b"b")]
    session.receive_packets(packets, 0)
    session.receive_packets([*packets, Packet(4, "data", b"c")], 0)
    assert events(session) == [DataArrived(b"a"), DataArrived(b"b"), DataArrived(b"c")]


@pytest.mark.parametrize("ids", [[3], [2, 4], [2, 2], [3, 2]])
def test_gap_refuses_the_whole_post(ids):
    session = opened()
    with pytest.raises(GapError):
        session.receive_packets([Packet(number, "data", b"x") for number in ids], 0)
    assert (events(session), session.received) == ([], 1)


def test_packet_that_no_page_sends_ends_the_session():
    session = opened()
    with pytest.raises(PacketError):
        session.receive_packets([Packet(2, "data", b"x"), Packet(3, "open")], 0)
    assert events(session) == [Closing(Reason.BAD_INPUT)]


def test_b21_flood_over_a_websocket_is_warned_once_and_then_ends_the_session():
    session = opened(Settings(messages_per_s=20, message_burst=50))
    for _ in range(49):
        session.receive_data(b"x", 0)
    assert TooFast() not in events(session)
    for _ in range(50):
        session.receive_data(b"x", 0)
    assert events(session).count(TooFast()) == 1
    with pytest.raises(RateError):
        session.receive_data(b"x", 0)
    assert events(session) == [Closing(Reason.TOO_MANY_MESSAGES)]


def test_b21_page_that_heeds_the_warning_goes_on():
    session = opened(Settings(messages_per_s=20, message_burst=50))
    for second in range(20):
        for _ in range(60 if second == 0 else 20):
            session.receive_data(b"x", second)
    assert session.state is State.OPEN


def test_flood_of_posts_is_refused_until_time_has_passed():
    session = opened(Settings(messages_per_s=20, message_burst=50))
    session.receive_packets([Packet(number, "data", b"x") for number in range(2, 52)], 0)
    with pytest.raises(RateError):
        session.receive_packets([Packet(52, "data", b"x")], 0)
    assert session.state is State.OPEN
    session.receive_packets([Packet(52, "data", b"x")], 1)
    assert session.received == 52


# Pings and time.


def test_silent_page_is_pinged_and_then_its_line_is_given_up():
    session = opened(Settings(ping_interval_s=40, ping_timeout_s=30))
    session.tick(39)
    assert events(session) == []
    session.tick(40)
    assert events(session) == [PingDue()]
    session.tick(69)
    assert events(session) == []
    session.tick(70)
    assert events(session) == [LineDead()]
    assert session.state is State.OPEN


@pytest.mark.parametrize("sign", ["acknowledge", "receive_data", "attach"])
def test_sign_of_life_answers_a_ping(sign):
    session = opened()
    session.tick(0)
    session.tick(30)
    {
        "acknowledge": lambda: session.acknowledge(1, 59),
        "receive_data": lambda: session.receive_data(b"x", 59),
        "attach": lambda: session.attach(1, 59),
    }[sign]()
    session.tick(60)
    assert session.state is State.OPEN


def test_lost_session_lives_for_its_grace_and_no_longer():
    session = opened()
    session.detach(GRACE_S, 100)
    session.tick(159)
    assert events(session) == []
    session.tick(160)
    assert events(session) == [Ended(Reason.EXPIRED)]


def test_page_that_returns_in_time_goes_on():
    session = opened()
    session.detach(GRACE_S, 100)
    session.send(b"missed", 120)
    session.attach(1, 159)
    session.tick(161)
    assert (taken(session), session.state) == ([Numbered(2, b"missed")], State.OPEN)


# Closing.


def test_closing_session_lingers_until_its_last_packet_is_acknowledged():
    session = opened()
    session.send(b"last words", 0)
    session.close(Reason.BACKEND_CLOSED, 0)
    session.detach(GRACE_S, 0)
    session.attach(1, 10)
    assert taken(session) == [Numbered(2, b"last words"), Numbered(3, Reason.BACKEND_CLOSED)]
    session.acknowledge(3, 11)
    assert events(session) == [Closing(Reason.BACKEND_CLOSED), Ended(Reason.BACKEND_CLOSED)]


def test_closing_session_waits_no_longer_than_it_lingers():
    session = opened()
    session.close(Reason.BACKEND_CLOSED, 0)
    session.tick(LINGER_S - 1)
    assert session.state is State.CLOSING
    session.tick(LINGER_S)
    assert events(session)[-1] == Ended(Reason.BACKEND_CLOSED)


def test_page_that_closes_wants_nothing_more():
    session = opened()
    session.send(b"too late", 0)
    session.receive_close(0)
    assert [packet.payload for packet in taken(session)] == [Reason.PAGE_CLOSED]
    session.receive_close(1)
    assert events(session) == [Closing(Reason.PAGE_CLOSED), Ended(Reason.PAGE_CLOSED)]


def test_close_packet_in_a_post_comes_after_its_data():
    session = opened()
    session.receive_packets([Packet(2, "data", b"bye"), Packet(3, "close")], 0)
    assert events(session) == [DataArrived(b"bye"), Closing(Reason.PAGE_CLOSED)]


def test_nothing_moves_a_closed_session():
    session = opened()
    session.close(Reason.BAD_INPUT, 0)
    session.tick(LINGER_S)
    events(session)
    session.close(Reason.BAD_INPUT, 20)
    session.receive_close(20)
    session.receive_data(b"x", 20)
    session.send(b"x", 20)
    session.tick(1000)
    session.acknowledge(session.sent, 20)
    assert (events(session), taken(session)) == ([], [])


def test_every_state_but_the_last_can_close_and_end():
    for state in set(State) - {State.CLOSED}:
        assert TRANSITIONS[state, "end"] is State.CLOSED
    assert not [state for state, _ in TRANSITIONS if state is State.CLOSED]


class PageAndBackend(RuleBasedStateMachine):
    """Any order of sending, losing, returning and acknowledging: both streams arrive whole, in order, once."""

    @initialize()
    def connect(self):
        self.session = opened()
        self.now = 0.0
        self.seen, self.page_got, self.backend_sent = 1, b"", b""
        self.on_the_way = []  # what the attached transport carries to the page
        self.page_packets, self.backend_got, self.page_acked = [b"localhost:61613\n"], b"", 1

    def settle(self):
        for event in self.session.events():
            assert isinstance(event, DataArrived)
            self.backend_got += event.data

    @rule(data=st.binary(min_size=1, max_size=50))
    def backend_sends(self, data):
        self.session.send(data, self.now)
        self.backend_sent += data

    @precondition(lambda self: self.session.attached)
    @rule(most=st.integers(1, 5), merge=st.booleans())
    def transport_takes(self, most, merge):
        self.on_the_way += self.session.take(most, merge)

    @precondition(lambda self: self.on_the_way)
    @rule()
    def page_reads(self):
        number, payload = self.on_the_way.pop(0)
        assert number == self.seen + 1
        self.seen = number
        self.page_got += payload

    @rule()
    def page_acknowledges(self):
        self.session.acknowledge(self.seen, self.now)

    @rule()
    def line_is_lost(self):
        self.on_the_way = []
        self.session.detach(GRACE_S, self.now)

    @rule(pause=st.floats(0, 5))
    def page_returns(self, pause):
        self.now += pause
        self.on_the_way = []
        self.session.attach(self.seen, self.now)

    @rule(data=st.binary(min_size=1, max_size=50))
    def page_sends_counted(self, data):
        self.page_packets.append(data)
        for packet in self.page_packets[self.session.received :]:
            self.session.receive_data(packet, self.now)
        self.settle()

    @rule(data=st.binary(min_size=1, max_size=50), again=st.integers(0, 3), answered=st.booleans())
    def page_posts(self, data, again, answered):
        self.page_packets.append(data)
        first = max(0, self.page_acked - again)
        numbered = [Packet(number, "data", packet) for number, packet in enumerate(self.page_packets, 1)]
        self.session.receive_packets(numbered[first:], self.now)
        if answered:
            self.page_acked = len(self.page_packets)
        self.settle()

    @invariant()
    def nothing_is_lost_doubled_or_reordered(self):
        assert self.backend_sent.startswith(self.page_got)
        assert self.backend_got == b"".join(self.page_packets[1:])

    def teardown(self):
        self.page_returns(0)
        self.on_the_way += self.session.take(MANY, True)
        while self.on_the_way:
            self.page_reads()
        assert self.page_got == self.backend_sent


TestPageAndBackend = PageAndBackend.TestCase
TestPageAndBackend.settings = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
