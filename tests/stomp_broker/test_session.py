"""The session: what each frame asks for, which frame is an error, and what time does.

Cases C… are those of the table of bad inputs.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomp_broker.errors import Code, Refused, RemoteError
from stomp_broker.events import (
    Ack,
    AckMode,
    Closed,
    Commit,
    Connect,
    Nack,
    Prepare,
    Send,
    Subscribe,
    Subscription,
    Unsubscribe,
)
from stomp_broker.frames import CLIENT_COMMANDS, MAX_BROWSER_FRAME_BYTES, Frame, Version, encode
from stomp_broker.session import CONNECT_SECONDS, Session
from stomp_broker.states import TRANSITIONS, State
from stomp_broker.subscriptions import MAX_SUBSCRIPTIONS
from tests.stomp_broker.clients import SessionClient, frames_in

VERSIONS = ["1.0", "1.1", "1.2"]


@pytest.fixture
def client():
    return SessionClient()


@pytest.fixture
def stranger():
    return SessionClient(connect=False)


class TestConnecting:
    @pytest.mark.parametrize("command", ["CONNECT", "STOMP"])
    def test_the_first_frame_asks_for_a_login(self, stranger, command):
        stranger.send(command, {"accept-version": "1.2", "host": "quiz", "login": "ada", "passcode": "x:\\c"})
        assert stranger.events == [Connect("ada", "x:\\c")]
        assert stranger.session.state is State.CONNECTED

    @pytest.mark.parametrize(
        ("accepted", "chosen"),
        [
            ("1.0", "1.0"),
            ("1.1,1.0", "1.1"),
            ("1.0,1.1,1.2", "1.2"),
            ("1.2,2.0", "1.2"),
            ("1.3, 1.1", "1.1"),
            (None, "1.0"),
        ],
    )
    def test_the_highest_common_version_is_chosen(self, stranger, accepted, chosen):
        stranger.send("CONNECT", {"accept-version": accepted} if accepted else {})
        connected = stranger.take("CONNECTED")
        assert connected.headers["version"] == chosen
        assert connected.headers["session"]
        assert stranger.session.version is Version(chosen)

    @pytest.mark.parametrize("accepted", ["2.0", "", "0.9,1.3", "1.20"])
    def test_c3_no_common_version_is_told_what_there_is(self, stranger, accepted):
        stranger.send("CONNECT", {"accept-version": accepted})
        assert stranger.frames[0].headers["version"] == "1.0,1.1,1.2"
        assert stranger.take_error() == Code.NO_COMMON_VERSION

    @pytest.mark.parametrize("command", sorted(CLIENT_COMMANDS - {"CONNECT", "STOMP"}))
    def test_c1_any_other_first_frame_is_refused(self, stranger, command):
        stranger.send(command, {"receipt": "7", "destination": "/a", "id": "0"})
        assert stranger.frames[0].headers["receipt-id"] == "7"
        assert stranger.take_error() == Code.NOT_CONNECTED

    def test_c4_a_second_connect_is_refused(self, client):
        client.send("CONNECT", {"accept-version": "1.2", "receipt": "7"})
        assert client.frames[0].headers["receipt-id"] == "7"
        assert client.take_error() == Code.ALREADY_CONNECTED

    def test_blanks_round_the_headers_of_a_1_0_connect_are_cut_off(self, stranger):
        stranger.send_bytes(b"CONNECT\nlogin: ada\npasscode: secret\n\n\0")
        assert stranger.events == [Connect("ada", "secret")]

    def test_blanks_in_a_later_versions_passcode_are_its_own(self, stranger):
        stranger.send_bytes(b"CONNECT\naccept-version:1.2\npasscode: secret\n\n\0")
        assert stranger.events == [Connect("", " secret")]

    def test_the_passcode_is_not_in_what_an_event_shows(self, stranger):
        stranger.send("CONNECT", {"accept-version": "1.2", "passcode": "secret"})
        assert "secret" not in repr(stranger.events)

    def test_nothing_more_is_read_while_a_login_is_judged(self):
        session = Session(0)
        connect = encode(Frame("CONNECT", {"accept-version": "1.2"}), Version.V12)
        session.receive_data(connect + b"SEND\ndestination:/a\nx:\\n\n\n\0", 0)
        assert list(iter(session.next_event, None)) == [Connect("", "")]
        assert list(iter(session.next_event, None)) == []
        session.accept(0, session_id="1", lifetime=None, max_frame_bytes=MAX_BROWSER_FRAME_BYTES)
        assert list(iter(session.next_event, None)) == [Send("/a", {"destination": "/a", "x": "\n"}, b"")]

    def test_a_refused_login_gets_an_error_and_nothing_else(self):
        session = Session(0)
        session.receive_data(b"CONNECT\naccept-version:1.2\n\n\0SEND\ndestination:/a\n\n\0", 0)
        events = []
        while event := session.next_event():
            events.append(event)
            session.fail(Refused("login 'ada'"))
        assert [type(event) for event in events] == [Connect, Closed]
        [error] = frames_in(session.data_to_send())
        assert error.headers["message"] == "access-refused"
        assert b"ada" not in error.body

    def test_a_login_that_is_accepted_too_late_changes_nothing(self):
        session = Session(0)
        session.receive_data(b"CONNECT\n\n\0", 0)
        assert list(iter(session.next_event, None)) == [Connect("", "")]
        session.lost()
        session.accept(0, session_id="1", lifetime=None, max_frame_bytes=MAX_BROWSER_FRAME_BYTES)
        assert session.state is State.CLOSED
        assert session.data_to_send() == b""


class TestSending:
    def test_a_send_says_where_and_what(self, client):
        client.send("SEND", {"destination": "/a", "x": "a:b\nc"}, b"hi\0")
        [send] = client.events
        assert (send.destination, send.headers["x"], send.body) == ("/a", "a:b\nc", b"hi\0")

    def test_c14_a_send_needs_a_destination(self, client):
        client.send("SEND", {"receipt": "7"}, b"hi")
        assert client.frames[0].headers["receipt-id"] == "7"
        assert client.take_error() == Code.MISSING_DESTINATION

    def test_the_receipt_comes_when_the_event_has_been_handled(self):
        client = SessionClient()
        client.session.receive_data(b"SEND\ndestination:/a\nreceipt:7\n\n\0", 0)
        assert isinstance(client.session.next_event(), Send)
        assert client.session.data_to_send() == b""
        assert client.session.next_event() is None
        assert client.session.data_to_send() == b"RECEIPT\nreceipt-id:7\n\n\0"

    @pytest.mark.parametrize("version", VERSIONS)
    def test_receipts_are_escaped_as_the_version_wants(self, version):
        client = SessionClient(version)
        client.send("SEND", {"destination": "/a", "receipt": "a:b\\n"})
        assert client.take("RECEIPT").headers["receipt-id"] == "a:b\\n"

    def test_c27_receipts_of_earlier_frames_come_before_the_error(self, client):
        client.send_bytes(
            b"SEND\ndestination:/a\nreceipt:1\n\n\0SEND\nreceipt:2\n\n\0SEND\ndestination:/a\nreceipt:3\n\n\0"
        )
        assert client.take("RECEIPT").headers["receipt-id"] == "1"
        assert client.frames[0].headers["receipt-id"] == "2"
        assert client.take_error() == Code.MISSING_DESTINATION
        assert client.events == [
            Send("/a", {"destination": "/a", "receipt": "1"}, b""),
            Closed(Code.MISSING_DESTINATION),
        ]

    def test_an_error_of_the_codec_has_its_own_receipt_and_not_that_of_the_frame_before(self, client):
        client.send_bytes(b"SEND\ndestination:/a\nreceipt:1\n\n\0SEND\nno colon\n\n\0")
        client.take("RECEIPT")
        assert "receipt-id" not in client.frames[0].headers
        assert client.take_error() == Code.BAD_HEADER

    @pytest.mark.parametrize("command", ["MESSAGE", "CONNECTED", "RECEIPT", "ERROR"])
    def test_c5_commands_of_servers_are_refused(self, client, command):
        client.send(command, {"receipt": "7"})
        assert client.take_error() == Code.BAD_COMMAND

    def test_frames_may_be_as_large_as_the_login_allows_once_it_is_known(self, client, stranger):
        body = bytes(2 * MAX_BROWSER_FRAME_BYTES)
        client.send("SEND", {"destination": "/a"}, body)
        assert client.events[0].body == body
        stranger.send("SEND", {"destination": "/a"}, body)
        assert stranger.take_error() == Code.FRAME_TOO_LARGE


class TestSubscribing:
    def test_a_subscription_has_id_destination_and_ack_mode(self, client):
        client.send("SUBSCRIBE", {"id": "0", "destination": "/a"})
        client.send("SUBSCRIBE", {"id": "1", "destination": "/a", "ack": "client-individual"})
        client.send("UNSUBSCRIBE", {"id": "0"})
        first = Subscription("0", "/a", AckMode.AUTO)
        assert client.events == [
            Subscribe(first),
            Subscribe(Subscription("1", "/a", AckMode.CLIENT_INDIVIDUAL)),
            Unsubscribe(first),
        ]

    @pytest.mark.parametrize("version", ["1.1", "1.2"])
    @pytest.mark.parametrize("command", ["SUBSCRIBE", "UNSUBSCRIBE"])
    def test_c15_an_id_is_needed_since_1_1(self, version, command):
        client = SessionClient(version)
        client.send(command, {"destination": "/a"})
        assert client.take_error() == Code.MISSING_ID

    def test_1_0_may_go_without_ids(self):
        client = SessionClient("1.0")
        client.send("SUBSCRIBE", {"destination": "/a"})
        client.send("UNSUBSCRIBE", {"destination": "/a"})
        assert client.events == [Subscribe(Subscription(None, "/a")), Unsubscribe(Subscription(None, "/a"))]

    def test_1_0_unsubscribes_by_id_or_destination_but_not_by_nothing(self):
        client = SessionClient("1.0")
        client.send("SUBSCRIBE", {"id": "/b", "destination": "/a"})
        client.send("SUBSCRIBE", {"destination": "/b"})
        client.send("UNSUBSCRIBE", {"id": "/b"})
        assert client.events[-1] == Unsubscribe(Subscription("/b", "/a"))
        client.send("UNSUBSCRIBE")
        assert client.take_error() == Code.MISSING_ID

    def test_c15_an_id_may_be_used_once_at_a_time(self, client):
        for _ in range(2):
            client.send("SUBSCRIBE", {"id": "0", "destination": "/a"})
            client.send("UNSUBSCRIBE", {"id": "0"})
        client.send("SUBSCRIBE", {"id": "0", "destination": "/a"})
        client.send("SUBSCRIBE", {"id": "0", "destination": "/b"})
        assert client.take_error() == Code.DUPLICATE_ID

    @pytest.mark.parametrize("ack", ["", "Client", "individual", "auto "])
    def test_c15_an_unknown_ack_mode_is_refused(self, client, ack):
        client.send("SUBSCRIBE", {"id": "0", "destination": "/a", "ack": ack})
        assert client.take_error() == Code.BAD_ACK

    def test_c15_a_destination_is_needed(self, client):
        client.send("SUBSCRIBE", {"id": "0"})
        assert client.take_error() == Code.MISSING_DESTINATION

    def test_c19_an_unknown_subscription_cannot_be_ended(self, client):
        client.send("UNSUBSCRIBE", {"id": "0"})
        assert client.take_error() == Code.UNKNOWN_ID

    def test_c21_one_subscription_too_many_is_refused(self, client):
        for number in range(MAX_SUBSCRIPTIONS):
            client.send("SUBSCRIBE", {"id": str(number), "destination": "/a"})
        assert not client.frames
        client.send("SUBSCRIBE", {"id": "more", "destination": "/a"})
        assert client.take_error() == Code.SUBSCRIPTION_LIMIT


class TestAcknowledging:
    @pytest.mark.parametrize(
        ("version", "headers", "named"),
        [
            ("1.2", {"id": "Q1"}, ("Q1", None)),
            ("1.1", {"message-id": "Q1", "subscription": "0"}, ("Q1", "0")),
            ("1.0", {"message-id": "Q1"}, ("Q1", None)),
            ("1.0", {"message-id": "Q1", "subscription": "0"}, ("Q1", "0")),
        ],
    )
    def test_each_version_names_a_message_in_its_way(self, version, headers, named):
        client = SessionClient(version)
        client.send("SUBSCRIBE", {"id": "0", "destination": "/queue/a", "ack": "client"})
        client.send("ACK", headers)
        assert client.events[1:] == [Ack(*named)]
        if version != "1.0":
            client.send("NACK", headers)
            assert client.events[2:] == [Nack(*named)]

    @pytest.mark.parametrize(
        ("version", "headers"),
        [
            ("1.2", {"message-id": "Q1", "subscription": "0"}),
            ("1.1", {"message-id": "Q1"}),
            ("1.1", {"subscription": "0"}),
            ("1.0", {}),
        ],
    )
    def test_a_message_must_be_named(self, version, headers):
        client = SessionClient(version)
        client.send("SUBSCRIBE", {"id": "0", "destination": "/queue/a", "ack": "client"})
        client.send("ACK", headers)
        assert client.take_error() == Code.MISSING_ID

    def test_1_1_names_a_subscription_that_there_is(self):
        client = SessionClient("1.1")
        client.send("ACK", {"message-id": "Q1", "subscription": "0"})
        assert client.take_error() == Code.UNKNOWN_ID

    def test_1_0_has_no_nack(self):
        client = SessionClient("1.0")
        client.send("NACK", {"message-id": "Q1"})
        assert client.take_error() == Code.BAD_COMMAND


class TestTransactions:
    def test_actions_are_judged_at_once_and_done_at_the_commit(self, client):
        client.send("BEGIN", {"transaction": "t"})
        client.send("SEND", {"destination": "/a", "transaction": "t", "receipt": "1"}, b"hi")
        client.send("ACK", {"id": "Q1", "transaction": "t"})
        send = Send("/a", client.events[0].action.headers, b"hi")
        assert client.events == [Prepare(send), Prepare(Ack("Q1"))]
        assert client.take("RECEIPT").headers["receipt-id"] == "1"
        client.send("COMMIT", {"transaction": "t"})
        assert client.events[2:] == [Commit((send, Ack("Q1")))]

    def test_what_was_aborted_is_not_done(self, client):
        client.send("BEGIN", {"transaction": "t"})
        client.send("SEND", {"destination": "/a", "transaction": "t"})
        client.send("ABORT", {"transaction": "t"})
        client.send("BEGIN", {"transaction": "t"})
        client.send("COMMIT", {"transaction": "t"})
        assert client.events[1:] == [Commit(())]

    def test_what_stands_outside_is_done_at_once(self, client):
        client.send("BEGIN", {"transaction": "t"})
        client.send("SEND", {"destination": "/a"})
        assert client.events == [Send("/a", {"destination": "/a", "content-length": "0"}, b"")]

    @pytest.mark.parametrize("command", ["COMMIT", "ABORT", "SEND", "ACK"])
    def test_c20_an_unknown_transaction_is_refused(self, client, command):
        client.send(command, {"transaction": "t", "destination": "/a", "id": "Q1", "receipt": "7"})
        assert client.frames[0].headers["receipt-id"] == "7"
        assert client.take_error() == Code.BAD_TRANSACTION

    @pytest.mark.parametrize("command", ["BEGIN", "COMMIT", "ABORT"])
    def test_a_transaction_must_be_named(self, client, command):
        client.send(command)
        assert client.take_error() == Code.MISSING_ID


class TestEnding:
    def test_disconnect_gets_its_receipt_and_ends(self, client):
        client.send("DISCONNECT", {"receipt": "bye"})
        assert client.take("RECEIPT").headers["receipt-id"] == "bye"
        assert client.events == [Closed(why="in order")]
        assert client.session.state is State.CLOSED

    def test_nothing_is_read_after_the_end(self, client):
        client.send_bytes(b"DISCONNECT\n\n\0SEND\ndestination:/a\n\n\0")
        client.send("SEND", {"destination": "/a"})
        assert client.events == [Closed(why="in order")]

    def test_a_lost_connection_ends_the_session_once(self, client):
        client.session.lost()
        client.session.lost()
        client.handle_events()
        assert client.events == [Closed(why="connection lost")]

    def test_only_the_first_error_is_told(self, client):
        client.session.fail(RemoteError(Code.KICKED))
        client.session.fail(RemoteError(Code.INTERNAL_ERROR))
        client.handle_events()
        assert client.take_error() == Code.KICKED


class TestTime:
    def test_b18_who_does_not_connect_in_time_is_told_so(self, stranger):
        assert stranger.session.deadline() == CONNECT_SECONDS
        assert stranger.tick(CONNECT_SECONDS - 0.1) == b""
        [error] = frames_in(stranger.tick(CONNECT_SECONDS))
        assert error.headers["message"] == Code.CONNECT_TIMEOUT
        assert stranger.session.deadline() is None

    def test_bytes_that_are_no_connect_do_not_prolong_the_time(self, stranger):
        stranger.now = CONNECT_SECONDS - 1
        stranger.send_bytes(b"\n\n\nCONN")
        assert b"connect-timeout" in stranger.tick(CONNECT_SECONDS)

    def test_after_connect_there_is_no_limit_by_default(self, client):
        assert client.session.deadline() is None
        assert client.tick(1e9) == b""

    def test_the_session_ends_with_its_ticket(self):
        client = SessionClient(lifetime=60, now=5)
        assert client.session.deadline() == 65
        assert client.tick(64.9) == b""
        assert b"ticket-expired" in client.tick(65)

    @pytest.mark.parametrize("version", ["1.1", "1.2"])
    def test_beats_are_sent_as_promised(self, version):
        client = SessionClient(version, heartbeat="0,1000")
        times = []
        while len(times) < 5:
            now = client.session.deadline()
            assert client.tick(now) == b"\n"
            times.append(now)
        assert all(later - earlier <= 1 for earlier, later in zip([0, *times], times, strict=False))

    def test_the_silent_are_judged_and_every_byte_counts(self):
        client = SessionClient(heartbeat="1000,0")
        client.now = 1.9
        client.send_bytes(b"\n")
        assert client.tick(3.8) == b""
        assert b"heart-beat-timeout" in client.tick(3.9)

    def test_1_0_has_no_beats_and_its_header_is_not_judged(self):
        client = SessionClient("1.0", heartbeat="rubbish")
        assert client.session.deadline() is None

    def test_connected_tells_what_was_agreed(self, stranger):
        stranger.send("CONNECT", {"accept-version": "1.2", "heart-beat": "500,20000"})
        assert stranger.take("CONNECTED").headers["heart-beat"] == "20000,1000"

    @pytest.mark.parametrize("header", ["-1,0", "soon,later", "1"])
    def test_c22_a_bad_heart_beat_is_refused(self, stranger, header):
        stranger.send("CONNECT", {"accept-version": "1.2", "heart-beat": header})
        assert stranger.take_error() == Code.BAD_HEARTBEAT


HEADERS = {"destination": "/a", "id": "0", "message-id": "Q1", "subscription": "0", "transaction": "t"}


def session_in(state, version):
    client = SessionClient(version, connect=state is not State.CONNECTING)
    if state is State.CLOSED:
        client.send("DISCONNECT")
        client.events.clear()
    assert client.session.state is state
    return client


@given(
    st.sampled_from(State),
    st.sampled_from(VERSIONS),
    st.sampled_from(sorted(CLIENT_COMMANDS)),
    st.sets(st.sampled_from(sorted(HEADERS))),
)
def test_any_move_in_any_state_is_in_the_table_or_one_error(state, version, command, names):
    client = session_in(state, version)
    client.send(command, {name: HEADERS[name] for name in names})
    errors = [frame for frame in client.frames if frame.command == "ERROR"]
    if state is State.CLOSED:
        assert (client.events, client.frames) == ([], [])
    elif (state, command) not in TRANSITIONS:
        assert len(errors) == 1
    if errors:
        assert client.frames == errors
        assert client.session.state is State.CLOSED
        assert isinstance(client.events[-1], Closed)


moves = st.tuples(
    st.sampled_from(sorted(CLIENT_COMMANDS)),
    st.dictionaries(
        st.sampled_from([*sorted(HEADERS), "receipt", "ack", "heart-beat", "accept-version"]),
        st.sampled_from(["0", "1", "/a", "t", "client", "1.2"]),
    ),
)


@given(st.sampled_from(VERSIONS), st.lists(moves, max_size=20), st.lists(st.floats(0, 100), max_size=5))
def test_any_frames_leave_one_end_at_most_and_a_receipt_for_each_that_asked(version, frames, times):
    client = SessionClient(version)
    for command, headers in frames:
        client.send(command, headers)
    for now in sorted(times):
        client.tick(now)
    ends = [event for event in client.events if isinstance(event, Closed)]
    assert len(ends) == (client.session.state is State.CLOSED)
    assert not ends or client.events[-1] is ends[0]
    asked = [headers["receipt"] for _command, headers in frames if "receipt" in headers]
    answered = [frame.headers["receipt-id"] for frame in client.frames if "receipt-id" in frame.headers]
    assert answered == asked[: len(answered)]
    assert client.session.state is State.CLOSED or answered == asked
