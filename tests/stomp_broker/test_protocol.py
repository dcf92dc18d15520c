"""Twisted's end of a connection: bytes, time, slow readers and closing, on a fake clock and transports in memory."""

import gc

import pytest
from twisted.logger import LogLevel, formatEvent

from orbited.inprocess import Network
from stomp_broker.errors import Code
from stomp_broker.frames import Frame, Version, encode
from stomp_broker.hub import MAX_PENDING_BYTES
from stomp_broker.outlet import Outlet
from stomp_broker.protocol import LINGER_SECONDS, REFUSAL_SECONDS, StompConnection
from stomp_broker.session import CONNECT_SECONDS, Session
from stomp_broker.stores.sqlite import StoreError
from tests.stomp_broker.clients import SERVICE_PASSCODE, Quiz, frames_in, ticket
from tests.stomp_broker.sockets import SocketTransport


@pytest.fixture
def quiz():
    return Quiz()


def make_final(client):
    """Give the client's transport the end that forbids to come back, and note when it is taken."""
    ends = []
    client.transport.close_for_good = lambda: (ends.append("for good"), client.transport.loseConnection())
    return ends


def test_bytes_may_come_in_any_pieces(quiz):
    client = quiz.open()
    for byte in f"CONNECT\naccept-version:1.2\nlogin:web\npasscode:{SERVICE_PASSCODE}\n\n\0".encode():
        client.send_bytes(bytes([byte]))
    client.take("CONNECTED")


class TestTime:
    def test_who_does_not_connect_is_closed(self, quiz):
        client = quiz.open()
        quiz.clock.advance(CONNECT_SECONDS - 0.1)
        assert not client.is_closed
        quiz.clock.advance(0.1)
        assert client.take("ERROR").headers["message"] == "connect-timeout"
        assert client.is_closed

    def test_beats_go_out_and_come_in_for_as_long_as_both_live(self, quiz):
        client = quiz.open()
        headers = {"accept-version": "1.2", "login": "web", "passcode": SERVICE_PASSCODE, "heart-beat": "1000,1000"}
        client.send("CONNECT", headers)
        client.take("CONNECTED")
        for _ in range(60):
            client.transport.clear()
            quiz.clock.pump([0.5, 0.5])
            assert b"\n" in client.transport.value()
            client.send_bytes(b"\n")
        assert not client.is_closed
        quiz.clock.pump([0.5] * 4)
        assert b"heart-beat-timeout" in client.transport.value()
        assert client.is_closed

    def test_nothing_is_planned_for_a_connection_that_is_gone(self, quiz):
        quiz.open().drop()
        quiz.player().drop()
        quiz.player().send("DISCONNECT")
        assert quiz.clock.getDelayedCalls() == []


class TestPublishers:
    def test_they_wait_while_more_is_published_than_goes_out(self, quiz):
        reader, service = quiz.player(), quiz.service()
        reader.subscribe("/games/1/status")
        frame = encode(
            Frame("SEND", {"destination": "/games/1/status", "receipt": "1"}, bytes(MAX_PENDING_BYTES // 4)),
            Version.V12,
        )
        service.send_bytes(frame * 8)
        assert service.transport.producerState == "paused"
        quiz.clock.advance(0)
        assert service.transport.producerState == "producing"
        assert len(reader.bodies()) == 8
        assert [frame.command for frame in service.received()] == ["RECEIPT"] * 8

    def test_one_that_leaves_while_it_waits_is_forgotten(self, quiz):
        reader, service = quiz.player(), quiz.service()
        reader.subscribe("/games/1/status")
        frame = encode(Frame("SEND", {"destination": "/games/1/status"}, bytes(MAX_PENDING_BYTES // 4)), Version.V12)
        service.send_bytes(frame * 8)
        service.drop()
        assert len(reader.bodies()) == 4  # With their headers, these were too much already.


def test_a_transport_that_fails_ends_its_own_connection_only(quiz, logged):
    broken, sound = quiz.player(1), quiz.player(2)
    for reader in (broken, sound):
        reader.subscribe("/games/1/status")
    broken.transport.write = None
    quiz.service().publish("/games/1/status", b"hi")
    assert broken.is_closed
    assert sound.bodies() == [b"hi"]
    assert any("its transport failed" in event["log_format"] for event in logged)


class TestClosing:
    def test_a_connection_in_memory_is_closed_after_the_last_frame(self, quiz):
        client = quiz.player()
        client.send("DISCONNECT", {"receipt": "bye"})
        assert client.take("RECEIPT").headers["receipt-id"] == "bye"
        assert client.is_closed

    def test_b22_who_is_cut_or_whose_ticket_ran_out_is_told_not_to_come_back(self, quiz):
        kicked, expired = quiz.player(1), quiz.connect(ticket("player:2", seconds=60))
        ends = [make_final(client) for client in (kicked, expired)]
        quiz.service().publish("/broker/control", b'{"cut": "player:1"}')
        assert kicked.take("ERROR").headers["message"] == "kicked"
        assert ends == [["for good"], []]
        quiz.clock.advance(60)
        assert expired.take("ERROR").headers["message"] == "ticket-expired"
        assert ends == [["for good"], ["for good"]]

    def test_who_errs_or_leaves_may_come_back(self, quiz):
        erring, leaving = quiz.player(1), quiz.player(2)
        ends = [make_final(client) for client in (erring, leaving)]
        erring.send("SEND", {"destination": "/games/1/status"})
        leaving.send("DISCONNECT")
        assert ends == [[], []]
        assert erring.is_closed
        assert leaving.is_closed

    @pytest.fixture
    def socket(self, quiz):
        protocol = quiz.factory.buildProtocol(None)
        protocol.makeConnection(SocketTransport())
        return protocol

    def test_a_socket_sends_small_frames_at_once_and_notices_dead_peers(self, socket):
        assert socket.transport.calls == [("setTcpNoDelay", True), ("setTcpKeepAlive", True)]

    def test_a_socket_is_half_closed_and_its_input_read_away_so_that_the_error_arrives(self, quiz, socket):
        socket.dataReceived(b"SEND\n\n\0")
        assert [frame.headers["message"] for frame in frames_in(socket.transport.socket.taken)] == ["not-connected"]
        assert socket.transport.calls[-1] == "loseWriteConnection"
        assert socket.transport.producer is None
        socket.dataReceived(b"SEND\n\n\0" * 1000)
        quiz.clock.advance(LINGER_SECONDS - 0.1)
        assert not socket.transport.disconnected
        quiz.clock.advance(0.1)
        assert socket.transport.disconnected

    def test_a_socket_that_the_client_closes_is_not_waited_for(self, quiz, socket):
        socket.dataReceived(b"SEND\n\n\0")
        socket.connectionLost()
        assert quiz.clock.getDelayedCalls() == []

    def test_a_socket_that_times_out_is_not_waited_for_without_end(self, quiz, socket):
        quiz.clock.advance(CONNECT_SECONDS)
        quiz.clock.advance(LINGER_SECONDS)
        assert socket.transport.disconnected


class TestOurOwnFaults:
    def test_the_client_is_told_the_log_knows_and_others_go_on(self, quiz, logged):
        client, other = quiz.player(1), quiz.player(2)
        quiz.factory.broker.queues.send = None
        client.send("SEND", {"destination": "/games/1/answers", "receipt": "7"}, b"{}")
        error = client.take("ERROR")
        assert (error.headers["message"], error.headers["receipt-id"]) == ("internal-error", "7")
        assert client.is_closed
        assert not other.is_closed
        [event] = [event for event in logged if event["log_level"] is LogLevel.critical]
        assert (event["connection"], event["subject"]) == (1, "player:1")


class TestLog:
    def texts(self, logged):
        return [formatEvent(event) for event in logged]

    def test_lines_carry_connection_subject_and_reason(self, quiz, logged):
        player = quiz.player(5)
        player.send("SEND", {"destination": "/games/1/status"}, b"forged")
        texts = self.texts(logged)
        assert "connected connection=1 subject=player:5" in texts
        line = "ended connection=1 subject=player:5 code=access-refused why=write destination=/games/1/status game=1"
        assert line in texts

    def test_lines_never_carry_passcodes(self, quiz, logged):
        token = ticket("player:5", key="another key, which is as long as ours")
        for passcode in (SERVICE_PASSCODE, "wrong-" + SERVICE_PASSCODE, token):
            client = quiz.open()
            client.send("CONNECT", {"accept-version": "1.2", "login": "web\r\x1b[2Jforged", "passcode": passcode})
            quiz.clock.advance(REFUSAL_SECONDS)
        texts = self.texts(logged)
        assert any(r'code=access-refused why=login login="web\r\u001b[2Jforged" peer=' in text for text in texts)
        assert not any(SERVICE_PASSCODE in text or token in text or "\x1b" in text for text in texts)


class Page:
    """The relay's end of a connection in memory."""

    def __init__(self):
        self.received = []

    def makeConnection(self, transport):
        self.transport = transport

    def dataReceived(self, data):
        self.received.append(data)

    def connectionLost(self, reason):
        del self.transport


class TestInTheRelay:
    @pytest.fixture
    def pages(self, quiz):
        """Subscribed over the relay's own connections."""
        network, made = Network(quiz.clock), [Page() for _ in range(3)]
        for number, page in enumerate(made):
            assert network.connect(page, quiz.factory)
            passcode = ticket(f"player:{number}", ["/games/1/status"])
            page.transport.write(
                encode(Frame("CONNECT", {"accept-version": "1.2", "passcode": passcode}), Version.V12)
                + encode(Frame("SUBSCRIBE", {"id": "0", "destination": "/games/1/status"}), Version.V12)
            )
        quiz.clock.advance(0)
        for page in made:
            assert frames_in(page.received.pop())[0].command == "CONNECTED"
        return made

    def test_what_is_joined_is_one_object_for_all(self, quiz, pages):
        service = quiz.service()
        frame = encode(Frame("SEND", {"destination": "/games/1/status"}, b"hi"), Version.V12)
        service.send_bytes(frame * 3)
        quiz.clock.advance(0)
        assert [len(frames_in(data)) for page in pages for data in page.received] == [3, 3, 3]
        assert len({id(data) for page in pages for data in page.received}) == 1

    @pytest.mark.parametrize("end", ["loseConnection", "abortConnection"])
    def test_one_that_ends_leaves_nothing_for_the_garbage_collector(self, quiz, pages, end):
        def count():
            return sum(isinstance(each, StompConnection | Outlet | Session) for each in gc.get_objects())

        gc.collect()
        gc.disable()
        try:
            before = count()
            getattr(pages[0].transport, end)()
            quiz.clock.advance(0)
            assert before - count() == 3
        finally:
            gc.enable()


class TestSavedQueues:
    """Queues in a file: a receipt is given when the file has the message."""

    @pytest.fixture
    def quiz(self, tmp_path):
        quiz = Quiz(store_file=tmp_path / "queues")
        yield quiz
        quiz.factory.broker.queues.close()

    @pytest.fixture
    def store(self, quiz):
        return quiz.factory.broker.queues.store

    def test_the_receipt_comes_when_the_message_is_saved(self, quiz, store, monkeypatch):
        written = []
        monkeypatch.setattr(store, "write", lambda changes: written.append(len(changes.came)))
        service = quiz.service()
        service.send("SEND", {"destination": "/queue/a", "receipt": "1"})
        assert (service.transport.value(), written) == (b"", [])
        assert service.take("RECEIPT").headers["receipt-id"] == "1"
        assert written == [1]

    def test_a_topic_waits_for_no_disk(self, quiz):
        service = quiz.service()
        service.send("SEND", {"destination": "/topic/a", "receipt": "1"})
        assert b"RECEIPT" in service.transport.value()

    def test_what_is_said_after_a_message_comes_after_its_receipt(self, quiz):
        service = quiz.service()
        service.send("SEND", {"destination": "/queue/a", "receipt": "1"})
        service.send("SEND", {"destination": "/topic/a", "receipt": "2"})
        assert [frame.headers["receipt-id"] for frame in service.received()] == ["1", "2"]

    def test_a_client_that_leaves_gets_both_receipts_first(self, quiz):
        service = quiz.service()
        service.send("SEND", {"destination": "/queue/a", "receipt": "1"})
        service.send("DISCONNECT", {"receipt": "2"})
        assert not service.is_closed
        assert [frame.headers["receipt-id"] for frame in service.received()] == ["1", "2"]
        assert service.is_closed

    def test_a_message_that_cannot_be_saved_is_not_kept_and_its_sender_is_told(self, quiz, store, monkeypatch):
        def full(changes):
            raise StoreError("database or disk is full")

        with monkeypatch.context() as disk:
            disk.setattr(store, "write", full)
            service = quiz.service()
            service.send("SEND", {"destination": "/queue/a", "receipt": "1"}, b"lost")
            assert service.take("ERROR").headers["message"] == Code.STORE_FAILED
        quiz.service().publish("/queue/a", b"kept")
        reader = quiz.service()
        reader.send("SUBSCRIBE", {"id": "0", "destination": "/queue/a"})
        assert reader.bodies() == [b"kept"]

    def test_a_transaction_is_saved_as_a_whole(self, quiz, store, monkeypatch):
        written = []
        monkeypatch.setattr(store, "write", lambda changes: written.append(len(changes.came)))
        service = quiz.service()
        service.send("BEGIN", {"transaction": "t"})
        for _ in range(3):
            service.send("SEND", {"destination": "/queue/a", "transaction": "t"})
        service.send("COMMIT", {"transaction": "t", "receipt": "1"})
        service.take("RECEIPT")
        assert written == [3]

    def test_a_connection_that_is_lost_meanwhile_is_told_nothing(self, quiz):
        service = quiz.service()
        service.send("SEND", {"destination": "/queue/a", "receipt": "1"}, b"hi")
        service.drop()
        quiz.clock.advance(0)
        assert service.transport.value() == b""
        reader = quiz.service()
        reader.send("SUBSCRIBE", {"id": "0", "destination": "/queue/a"})
        assert reader.bodies() == [b"hi"]
