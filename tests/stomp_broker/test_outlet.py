"""The sending half of a connection: readers that are slow, and those that do not read."""

import pytest
from twisted.internet.testing import StringTransport
from twisted.logger import LogLevel

from stomp_broker import outlet as outlet_module
from stomp_broker.frames import Frame, Version, encode
from stomp_broker.outlet import MAX_UNSENT_BYTES, Backlog, make_outlet
from stomp_broker.protocol import LINGER_SECONDS
from tests.stomp_broker.clients import SERVICE_PASSCODE, Quiz, frames_in
from tests.stomp_broker.sockets import SocketTransport


class Owner:
    """Notes what it hears."""

    def __init__(self):
        self.heard = []

    def slowed(self):
        self.heard.append("slowed")

    def drained(self):
        self.heard.append("drained")

    def overflowed(self, unsent):
        self.heard.append(f"overflowed {unsent}")


@pytest.fixture
def backlog():
    return Backlog()


@pytest.fixture
def owner():
    return Owner()


class TestSocket:
    @pytest.fixture
    def transport(self):
        return SocketTransport()

    @pytest.fixture
    def outlet(self, transport, owner, backlog):
        return make_outlet(transport, owner, backlog)

    def test_what_the_socket_takes_goes_by_the_socket_alone(self, outlet, transport, owner):
        outlet.write(b"one")
        assert outlet.send(b"two") == 3
        assert transport.socket.taken == b"onetwo"
        assert not transport.value()
        assert owner.heard == []

    def test_the_rest_goes_by_the_transport_and_what_follows_waits_for_it(self, outlet, transport, owner, backlog):
        transport.socket.room = 5
        for data in (b"one", b"two", b"three", b"four"):
            outlet.write(data)
        assert (transport.socket.taken, transport.value()) == (b"onetw", b"o")
        assert (outlet.unsent, backlog.size) == (9, 9)
        assert not outlet.ready
        transport.drain()
        assert transport.socket.taken == b"onetwothreefour"
        assert (outlet.unsent, backlog.size) == (0, 0)
        assert outlet.ready
        assert owner.heard == ["slowed", "drained"]

    def test_a_reader_that_is_slow_twice_still_gets_everything_in_order(self, outlet, transport, owner):
        transport.socket.room = 0
        for data in (b"one", b"two", b"three"):
            outlet.write(data)
        transport.clear()
        transport.socket.room = 4
        outlet.resumeProducing()
        assert (transport.socket.taken, transport.value()) == (b"twot", b"hree")
        transport.drain()
        assert transport.socket.taken == b"twothree"
        assert owner.heard == ["slowed", "slowed", "drained"]

    def test_while_something_waits_the_quick_way_takes_nothing(self, outlet, transport):
        transport.socket.room = 0
        outlet.write(b"one")
        assert outlet.send(b"two") == 0
        transport.drain()
        assert outlet.send(b"two") == 3

    def test_a_lost_socket_is_left_to_the_transport(self, outlet, transport):
        def fail(_data):
            raise ConnectionResetError

        transport.socket.send = fail
        outlet.write(b"one")
        assert transport.value() == b"one"

    def test_what_was_kept_is_handed_over_at_the_end_and_nothing_after_it(self, outlet, transport, backlog):
        transport.socket.room = 0
        for data in (b"one", b"two"):
            outlet.write(data)
        outlet.finish()
        outlet.write(b"three")
        assert outlet.send(b"three") == 0
        assert transport.value() == b"onetwo"
        assert transport.producer is None
        assert backlog.size == 0

    def test_what_was_kept_can_be_forgotten(self, outlet, transport, backlog):
        transport.socket.room = 0
        for data in (b"one", b"two"):
            outlet.write(data)
        outlet.drop()
        transport.drain()
        assert transport.socket.taken == b"one"
        assert backlog.size == 0


class TestStream:
    """A transport without a socket of its own: TLS, or the relay's connections in memory."""

    @pytest.fixture
    def transport(self):
        return StringTransport()

    @pytest.fixture
    def outlet(self, transport, owner, backlog):
        return make_outlet(transport, owner, backlog)

    def test_it_is_written_to_until_it_asks_for_patience(self, outlet, transport, owner):
        outlet.write(b"one")
        assert outlet.send(b"two") == 3
        outlet.pauseProducing()
        assert outlet.send(b"three") == 0
        outlet.write(b"three")
        assert transport.value() == b"onetwo"
        outlet.resumeProducing()
        assert transport.value() == b"onetwothree"
        assert owner.heard == ["slowed", "drained"]

    def test_what_was_kept_comes_as_the_same_objects(self, outlet, transport):
        handed = []
        transport.write = handed.append
        pieces = [b"one" * 9, b"two" * 9]
        outlet.pauseProducing()
        for data in pieces:
            outlet.write(data)
        outlet.resumeProducing()
        assert [id(data) for data in handed] == [id(data) for data in pieces]

    def test_it_may_ask_for_patience_again_while_it_is_handed_what_was_kept(self, outlet, transport, owner):
        outlet.pauseProducing()
        for data in (b"one", b"two"):
            outlet.write(data)
        transport.write = lambda data: outlet.pauseProducing()
        outlet.resumeProducing()
        assert outlet.unsent == 3
        assert owner.heard == ["slowed", "slowed"]


class TestBounds:
    @pytest.fixture
    def stalled(self, backlog):
        """Makes outlets of clients that do not read."""

        def make():
            outlet = make_outlet(StringTransport(), Owner(), backlog)
            outlet.pauseProducing()
            return outlet

        return make

    def test_one_that_leaves_too_much_unread_loses_it(self, stalled, backlog):
        outlet = stalled()
        outlet.write(bytes(MAX_UNSENT_BYTES))
        assert outlet.owner.heard == ["slowed"]
        outlet.write(b"x")
        assert outlet.owner.heard[1:] == [f"overflowed {MAX_UNSENT_BYTES + 1}"]
        assert (outlet.unsent, backlog.size) == (0, 0)

    def test_r11_the_slowest_are_cut_first_when_all_together_leave_too_much(self, stalled, monkeypatch):
        monkeypatch.setattr(outlet_module, "MAX_ALL_UNSENT_BYTES", 10_000)
        outlets = [stalled() for _ in range(3)]
        for outlet, size in zip(outlets, (2_000, 5_000, 3_000), strict=True):
            outlet.write(bytes(size))
        outlets[0].write(b"x")
        assert [outlet.unsent for outlet in outlets] == [2_001, 0, 3_000]
        assert outlets[1].owner.heard[1:] == ["overflowed 5000"]

    def test_who_looks_sees_who_is_slow(self, stalled, backlog):
        outlets = [stalled() for _ in range(3)]
        for outlet, size in zip(outlets, (0, 5, 3), strict=True):
            outlet.write(bytes(size))
        assert backlog.connections == 2
        assert backlog.slow() == [(outlets[1].owner, 5), (outlets[2].owner, 3)]

    def test_who_reads_again_or_is_gone_counts_no_more(self, stalled, backlog):
        outlets = [stalled() for _ in range(2)]
        for outlet in outlets:
            outlet.write(b"x")
        outlets[0].resumeProducing()
        outlets[1].drop()
        assert (backlog.size, backlog._slow) == (0, {})


class TestConnections:
    """The same in a whole broker."""

    @pytest.fixture
    def quiz(self):
        return Quiz()

    def test_what_a_paused_reader_is_sent_waits_and_comes_in_order(self, quiz):
        reader, service = quiz.player(), quiz.service()
        reader.subscribe("/games/1/status")
        reader.transport.producer.pauseProducing()
        for number in range(3):
            service.publish("/games/1/status", b"%d" % number)
        assert reader.received() == []
        reader.transport.producer.resumeProducing()
        service.publish("/games/1/status", b"3")
        assert reader.bodies() == [b"0", b"1", b"2", b"3"]

    def test_one_that_leaves_too_much_unread_is_told_and_cut_and_nobody_else(self, quiz, logged):
        slow, quick, service = quiz.player(1), quiz.player(2), quiz.service()
        for reader in (slow, quick):
            reader.subscribe("/games/1/status")
        slow.transport.producer.pauseProducing()
        body = bytes(MAX_UNSENT_BYTES // 4)
        for _ in range(3):
            service.publish("/games/1/status", body)
        assert not slow.is_closed
        service.publish("/games/1/status", body)
        assert slow.is_closed
        [error] = slow.received()
        assert (error.command, error.headers["message"]) == ("ERROR", "slow-reader")
        assert len(quick.bodies()) == 4
        assert any(event["log_level"] is LogLevel.warn and event.get("subject") == "player:1" for event in logged)

    def test_a_queue_waits_for_a_paused_consumer_instead_of_filling_its_buffer(self, quiz):
        referee, sender = quiz.service(), quiz.service()
        referee.subscribe("/games/1/answers")
        referee.transport.producer.pauseProducing()
        for _ in range(40):
            sender.publish("/games/1/answers", bytes(60_000))
        assert not referee.is_closed
        referee.transport.producer.resumeProducing()
        assert len(referee.bodies()) == 40

    def test_a_paused_client_that_errs_still_gets_everything(self, quiz):
        client = quiz.player()
        client.transport.producer.pauseProducing()
        client.send("SEND", {"destination": "/games/1/answers", "receipt": "1"})
        client.send("SEND", {"destination": "/games/1/status"})
        assert [frame.command for frame in client.received()] == ["RECEIPT", "ERROR"]
        assert client.is_closed

    def test_over_a_socket_the_frame_begun_is_ended_and_the_error_follows(self, quiz):
        protocol, transport = quiz.factory.buildProtocol(None), SocketTransport()
        protocol.makeConnection(transport)
        for command, headers in (
            ("CONNECT", {"accept-version": "1.2", "passcode": SERVICE_PASSCODE, "login": "web"}),
            ("SUBSCRIBE", {"id": "0", "destination": "/games/1/status"}),
        ):
            protocol.dataReceived(encode(Frame(command, headers), Version.V12))
        transport.socket.room = 10
        service = quiz.service()
        for _ in range(6):
            service.publish("/games/1/status", bytes(MAX_UNSENT_BYTES // 4))
        frames = frames_in(transport.socket.taken + transport.value())
        assert [frame.command for frame in frames] == ["CONNECTED", "MESSAGE", "ERROR"]
        assert transport.calls[-1] == "loseWriteConnection"
        assert not transport.disconnected
        quiz.clock.advance(LINGER_SECONDS)
        assert transport.disconnected
