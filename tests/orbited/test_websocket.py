"""The WebSocket layer by itself: in memory, and over a real TCP connection whose turns the test takes itself."""

import gc
import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.tcp import Server
from twisted.internet.testing import MemoryReactorClock
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Ping, Pong

from orbited.channel import LimitedChannel
from orbited.config import Certificates, Config
from orbited.frames import MAX_FRAGMENTS, MAX_MESSAGE_BYTES
from orbited.http import RelaySite
from orbited.metrics import Metrics
from orbited.policy import Policy
from orbited.tls import Tls, read_identity
from orbited.websocket import (
    CLOSE_TIMEOUT_S,
    LINGER_S,
    MAX_PINGS_PER_S,
    NO_ANSWER,
    PING_BURST,
    RefusedError,
    WebSocket,
    accept,
    binary_frame,
)
from tests.orbited.certificates import write_pair
from tests.orbited.rig import BINARY, CLOSE, HANDSHAKE_KEY, PING, TEXT, Exchange, Line, frame

PONG = 10


class Ear:
    """Notes what it is told."""

    def __init__(self):
        self.messages = []
        self.writable = True
        self.ends = []

    def message_received(self, data):
        self.messages.append(data)

    def text_received(self, text):
        self.messages.append(text)

    def writable_changed(self, writable):
        self.writable = writable

    def closed(self, code, clean):
        self.ends.append((code, clean))


class Peer:
    """An open WebSocket in memory, and the client's side of it."""

    def __init__(self):
        self.clock, self.ear, self.line = Clock(), Ear(), Line()
        self.websocket = WebSocket(self.ear, self.clock)
        self.line.protocol = self.websocket
        self.websocket.makeConnection(self.line)

    def feed(self, *frames):
        for data in frames:
            self.websocket.dataReceived(data)
        return self

    @property
    def answers(self):
        client = Connection(ConnectionType.CLIENT)
        client.receive_data(self.line.value())
        return list(client.events())

    @property
    def code(self):
        return next((event.code for event in self.answers if isinstance(event, CloseConnection)), None)


@given(st.binary(max_size=400))
def test_r14_any_bytes_give_messages_or_one_close(data):
    peer = Peer().feed(data)
    assert peer.code in (None, 1000, 1002, 1007, 1009) or 3000 <= peer.code < 5000
    assert len(peer.ear.ends) == (peer.code is not None)
    assert peer.line.disconnecting == (peer.code is not None)


def test_fragments_make_one_message_with_a_ping_between():
    peer = Peer().feed(frame(BINARY, b"a", fin=False), frame(PING, b"?"), frame(0, b"b", fin=True))
    assert peer.ear.messages == [b"ab"]
    assert peer.answers == [Pong(b"?")]


CLOSE_1000 = frame(CLOSE, (1000).to_bytes(2, "big"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(frame(BINARY, b"x", masked=False), 1002, id="b06 unmasked"),
        pytest.param(frame(BINARY, b"x", rsv=4), 1002, id="b07 b13 reserved bit: compression was not agreed"),
        pytest.param(frame(BINARY, b"x", rsv=1), 1002, id="b07 reserved bit"),
        *(pytest.param(frame(opcode), 1002, id=f"b07 opcode {opcode}") for opcode in (3, 7, 11, 15)),
        pytest.param(frame(PING, fin=False), 1002, id="b08 fragmented control"),
        pytest.param(frame(PING, bytes(126)), 1002, id="b08 long control"),
        pytest.param(frame(0, b"x"), 1002, id="b09 continuation of nothing"),
        pytest.param(frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002, id="b09 new message inside another"),
        pytest.param(frame(TEXT, b"\xff"), 1007, id="b10 no UTF-8"),
        pytest.param(frame(TEXT, b"\xf0\x9f", fin=False) + frame(0, b"\x41"), 1007, id="b10 no UTF-8 across frames"),
        pytest.param(frame(TEXT, b"\xed\xa0\x80"), 1007, id="b10 surrogate"),
        pytest.param(frame(TEXT, b"a\xff" + bytes(100))[:10], 1007, id="b10 no UTF-8, before the frame is whole"),
        pytest.param(frame(BINARY, length=1 << 63), 1009, id="b11 2^63"),
        pytest.param(frame(BINARY, length=MAX_MESSAGE_BYTES + 1), 1009, id="b11 head of a long message"),
        pytest.param(frame(TEXT, length=1 << 40, fin=False), 1009, id="b11 head of a long fragment"),
        pytest.param(frame(BINARY, bytes(60_000), fin=False) + frame(0, length=60_000), 1009, id="b11 long in sum"),
        pytest.param(frame(BINARY, fin=False) + frame(0, fin=False) * MAX_FRAGMENTS, 1008, id="b12 empty fragments"),
        pytest.param(
            frame(TEXT, b"a", fin=False) + frame(0, b"a", fin=False) * MAX_FRAGMENTS, 1008, id="b12 of 1 byte"
        ),
        pytest.param(frame(CLOSE, b"x"), 1002, id="b14 close of one byte"),
        *(
            pytest.param(frame(CLOSE, code.to_bytes(2, "big")), 1002, id=f"b14 {code}")
            for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)
        ),
        pytest.param(frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff"), 1007, id="b14 reason is no UTF-8"),
        pytest.param(frame(PING) * (PING_BURST + 1), 1008, id="b15 ping flood"),
    ],
)
def test_table_b_bad_frames_close_with_their_code(data, code):
    peer = Peer().feed(data)
    assert peer.code == code
    assert peer.ear.ends == [(code, False)]
    assert peer.ear.messages == []
    peer.clock.advance(LINGER_S)
    assert peer.line.lost


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 1012, 3000, 4008, 4999])
def test_b14_codes_that_a_peer_may_send_are_agreed_to(code):
    peer = Peer().feed(frame(CLOSE, code.to_bytes(2, "big") + b"bye"))
    assert (peer.code, peer.ear.ends) == (code, [(code, False)])


def test_b14_a_close_without_a_code_is_answered_without_one():
    peer = Peer().feed(frame(CLOSE))
    assert peer.line.value() == b"\x88\x00"
    assert peer.ear.ends == [(1005, False)]


def test_b15_pings_at_the_allowed_rate_are_answered_for_ever():
    peer = Peer()
    for _ in range(20):
        peer.feed(frame(PING) * MAX_PINGS_PER_S)
        peer.clock.advance(1)
    assert peer.answers == [Pong(b"")] * 20 * MAX_PINGS_PER_S


def test_b16_what_comes_after_a_close_is_not_looked_at():
    peer = Peer().feed(CLOSE_1000 + frame(BINARY, b"late"), frame(BINARY, b"later"), b"\xff" * 20, CLOSE_1000)
    assert peer.ear.messages == []
    assert peer.ear.ends == [(1000, False)]
    assert len(peer.answers) == 1


def test_b16_nor_what_comes_after_a_mistake():
    peer = Peer().feed(frame(3) + frame(BINARY, b"late"), frame(BINARY, b"later"), CLOSE_1000)
    assert (peer.ear.messages, peer.ear.ends) == ([], [(1002, False)])


def test_peer_that_closes_is_answered():
    peer = Peer().feed(frame(CLOSE, (1001).to_bytes(2, "big")))
    assert (peer.code, peer.ear.ends, peer.line.disconnecting) == (1001, [(1001, False)], True)


def test_answered_close_is_clean():
    peer = Peer()
    peer.websocket.close(4008, "too slow")
    peer.feed(frame(BINARY, b"crossed") + frame(CLOSE, (4008).to_bytes(2, "big")))
    assert (peer.ear.messages, peer.ear.ends) == ([], [(4008, True)])


def test_unanswered_close_is_cut():
    peer = Peer()
    peer.websocket.close(1000, "")
    peer.clock.advance(CLOSE_TIMEOUT_S)
    assert peer.line.lost
    assert peer.ear.ends == [(1006, False)]


def test_nothing_is_sent_after_the_close():
    peer = Peer()
    peer.websocket.close(1000, "")
    peer.websocket.close(4008, "")
    peer.websocket.send_frame(binary_frame(b"late"))
    peer.websocket.ping(30)
    peer.feed(frame(PING))
    assert len(peer.answers) == 1


def test_a_mistake_while_closing_ends_it():
    peer = Peer()
    peer.websocket.close(1000, "")
    peer.feed(frame(3))
    assert len(peer.answers) == 1
    assert peer.ear.ends == [(1002, False)]


def test_lost_connection_is_told_once():
    peer = Peer()
    peer.line.hang_up()
    assert peer.ear.ends == [(1006, False)]
    peer.websocket.close(1000, "")
    peer.websocket.send_frame(binary_frame(b"x"))
    assert peer.line.value() == b""


def test_slow_peer_is_told():
    peer = Peer()
    peer.line.producer.pauseProducing()
    assert peer.ear.writable is False
    peer.line.producer.resumeProducing()
    assert peer.ear.writable is True


def test_b15_of_many_pings_a_peer_that_does_not_read_is_answered_the_last():
    peer = Peer()
    peer.line.producer.pauseProducing()
    peer.feed(*(frame(PING, b"%d" % number) for number in range(100)))
    assert peer.answers == []
    peer.line.producer.resumeProducing()
    assert peer.answers == [Pong(b"99")]


# Signs of life.


@pytest.mark.parametrize("life", [frame(PONG), frame(BINARY, b"x"), frame(BINARY, b"x")[:3]])
def test_a_ping_that_is_answered_with_anything_is_forgotten(life):
    peer = Peer()
    peer.websocket.ping(30)
    assert peer.answers == [Ping(b"")]
    peer.clock.advance(29)
    peer.feed(life)
    peer.clock.advance(100)
    assert peer.ear.ends == []


def test_b19_a_ping_without_answer_closes_with_4012():
    peer = Peer()
    peer.websocket.ping(30)
    peer.clock.advance(20)
    peer.websocket.ping(30)
    peer.clock.advance(10)
    assert (peer.code, peer.ear.ends) == (NO_ANSWER, [(NO_ANSWER, False)])


@pytest.mark.parametrize("end", [lambda peer: peer.line.hang_up(), lambda peer: peer.feed(CLOSE_1000)])
def test_no_timer_outlives_the_connection(end):
    peer = Peer()
    peer.websocket.ping(30)
    end(peer)
    peer.clock.advance(LINGER_S)
    assert peer.line.lost
    assert peer.clock.getDelayedCalls() == []


# Over TCP. The test is the reactor: nothing is read or written by Twisted but when it says so.


class Wired:
    """An open WebSocket on a real TCP connection."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.client = socket.create_connection(listening.getsockname())
            server, _ = listening.accept()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.client.settimeout(5)
        self.clock, self.ear, self.reactor = Clock(), Ear(), MemoryReactorClock()
        self.websocket = WebSocket(self.ear, self.clock)
        self.transport = Server(server, self.websocket, ("127.0.0.1", 0), None, 0, self.reactor)
        self.websocket.makeConnection(self.transport)

    def turn(self):
        """What a reactor would do now."""
        if self.transport in self.reactor.writers:
            why = self.transport.doWrite()
            assert why is None
        self.reactor.advance(0)

    def read_all(self, size):
        """So many bytes at the client's end, the reactor turning meanwhile."""
        data = b""
        while len(data) < size:
            self.turn()
            data += self.client.recv(size - len(data))
        return data

    def close(self):
        self.client.close()
        if self.transport.connected:
            self.transport.connectionLost(Failure(ConnectionDone()))


@pytest.fixture
def wired():
    wired = Wired()
    yield wired
    wired.close()


def test_frames_leave_at_once(wired):
    wired.websocket.send_frame(binary_frame(b"now"))
    assert wired.client.recv(100) == binary_frame(b"now")
    assert not wired.reactor.writers


def test_the_answer_and_the_first_frames_leave_together(wired):
    wired.websocket.greet(b"HTTP/1.1 101 \r\n\r\n")
    wired.websocket.send_frame(binary_frame(b"first"))
    wired.turn()
    assert wired.client.recv(100) == b"HTTP/1.1 101 \r\n\r\n" + binary_frame(b"first")
    wired.websocket.send_frame(binary_frame(b"second"))
    assert wired.client.recv(100) == binary_frame(b"second")


def test_what_does_not_go_at_once_waits_in_order_and_the_listener_is_told(wired):
    frames = []
    while wired.ear.writable and len(frames) < 2000:
        frames.append(binary_frame(b"%05d" % len(frames) * 1000))
        wired.websocket.send_frame(frames[-1])
    assert not wired.ear.writable
    frames.append(binary_frame(b"behind"))
    wired.websocket.send_frame(frames[-1])
    expected = b"".join(frames)
    assert wired.read_all(len(expected)) == expected
    wired.turn()
    assert wired.ear.writable
    wired.websocket.send_frame(binary_frame(b"at once again"))
    assert wired.client.recv(100) == binary_frame(b"at once again")


def test_a_connection_that_broke_unnoticed_is_found_out_by_the_transport(wired):
    wired.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    wired.client.close()
    wired.websocket.send_frame(binary_frame(b"x"))
    wired.websocket.send_frame(binary_frame(b"x"))
    assert wired.transport.doWrite() is not None


def test_b11_the_close_reaches_a_peer_that_still_sends(wired):
    """Closing a socket with unread bytes resets the connection, and the peer's kernel forgets our last frame."""
    wired.client.sendall(frame(BINARY, bytes(MAX_MESSAGE_BYTES + 1))[:2048])
    wired.websocket.dataReceived(frame(BINARY, length=MAX_MESSAGE_BYTES + 1))
    wired.turn()
    received = b""
    while data := wired.client.recv(4096):
        received += data
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(received)
    assert [event.code for event in client.events()] == [1009]
    wired.clock.advance(LINGER_S)
    wired.reactor.advance(0)
    assert not wired.transport.connected


def test_b17_half_a_close_is_a_whole_one(wired):
    """A WebSocket ends with a closing handshake; a peer that sends no more without one is gone."""
    wired.client.sendall(frame(BINARY, b"last words"))
    wired.client.shutdown(socket.SHUT_WR)
    wired.transport.doRead()
    why = wired.transport.doRead()
    wired.transport.readConnectionLost(Failure(why))
    assert wired.ear.messages == [b"last words"]
    assert wired.ear.ends == [(1006, False)]
    assert not wired.transport.connected


# From HTTP.


class Door(Resource):
    """Makes every request a WebSocket."""

    isLeaf = True

    def __init__(self, clock):
        super().__init__()
        self.clock = clock
        self.ear = Ear()

    def render_GET(self, request):
        try:
            self.websocket = accept(request, self.ear, self.clock, ("v12.stomp",))
        except RefusedError as error:
            request.setResponseCode(error.status)
            return str(error).encode()
        return NOT_DONE_YET


REQUEST = (
    "GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n"
    f"sec-websocket-key: {HANDSHAKE_KEY}\r\nsec-websocket-protocol: v12.stomp\r\n\r\n"
).encode()


@pytest.fixture
def site():
    clock = Clock()
    site = RelaySite(Door(clock), clock, Policy(Config()), Metrics())
    site.door = site.resource
    return site


def test_a_request_becomes_a_websocket(site):
    exchange = Exchange(site, REQUEST)
    assert exchange.status == 101
    assert site.door.websocket.subprotocol == exchange.headers["sec-websocket-protocol"] == "v12.stomp"
    exchange.feed(frame(TEXT, b"hello"))
    assert site.door.ear.messages == ["hello"]


def test_frames_that_come_with_the_request_are_not_lost(site):
    exchange = Exchange(site, REQUEST, frame(TEXT, b"hasty") + frame(TEXT, b"in pieces")[:5])
    exchange.feed(frame(TEXT, b"in pieces")[5:])
    assert site.door.ear.messages == ["hasty", "in pieces"]


def test_nothing_of_http_times_a_websocket_out(site):
    exchange = Exchange(site, REQUEST)
    site.door.clock.advance(1000)
    assert not exchange.line.disconnecting


def test_a_refused_handshake_leaves_a_connection_that_serves(site):
    exchange = Exchange(site, REQUEST.replace(b"v12", b"v99"))
    assert exchange.status == 400
    exchange.feed(REQUEST)
    assert b"HTTP/1.1 101 " in exchange.line.value()


def test_http_objects_are_left_behind(site):
    """No more of a WebSocket's connection than its transport refers to it."""
    exchange = Exchange(site, REQUEST)
    gc.collect()
    assert isinstance(exchange.line.protocol, WebSocket)
    assert not [thing for thing in gc.get_objects() if isinstance(thing, LimitedChannel)]


class TcpLine(Line):
    """A line that may be asked for what only TCP has."""

    def setTcpNoDelay(self, enabled):
        pass


class TlsClient:
    """A client's end of TLS over a line in memory."""

    def __init__(self, site, folder):
        write_pair(folder)
        files = Certificates(folder / "key.pem", folder / "crt.pem", None)
        tls = Tls(read_identity(Config(certificates=files)))
        factory = TLSMemoryBIOFactory(tls, False, site, site.clock)
        peer = IPv4Address("TCP", "203.0.113.7", 50000)
        self.line = TcpLine(peerAddress=peer)
        self.line.protocol = factory.buildProtocol(peer)
        self.line.protocol.makeConnection(self.line)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing)
        self.clock = site.clock
        self.seen = 0
        self.until_done(self.tls.do_handshake)

    def exchange(self):
        if self.outgoing.pending:
            self.line.protocol.dataReceived(self.outgoing.read())
        self.clock.advance(0)
        self.incoming.write(self.line.value()[self.seen :])
        self.seen = len(self.line.value())

    def until_done(self, step):
        for _ in range(5):
            try:
                return step()
            except ssl.SSLWantReadError:
                self.exchange()
        return None

    def send(self, data):
        self.tls.write(data)
        self.exchange()

    def recv(self):
        return self.until_done(lambda: self.tls.read(1 << 16)) or b""


def test_over_tls_a_websocket_is_one_too(site, tmp_path):
    client = TlsClient(site, tmp_path)
    client.send(REQUEST + frame(TEXT, b"hasty"))
    assert client.recv().startswith(b"HTTP/1.1 101 ")
    client.send(frame(TEXT, b"hello"))
    assert site.door.ear.messages == ["hasty", "hello"]
    site.door.websocket.send_frame(binary_frame(b"welcome"))
    assert client.recv() == binary_frame(b"welcome")
    site.door.websocket.close(1000, "")
    client.recv()
    client.send(CLOSE_1000)
    assert site.door.ear.ends == [(1000, True)]
    site.clock.advance(LINGER_S)
    assert client.line.lost
