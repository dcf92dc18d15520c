"""The WebSocket layer by itself: in memory, over TCP and TLS, and from HTTP; by number where table B has one."""

import gc
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET
from wsproto.connection import Connection, ConnectionType
from wsproto.events import Ping, Pong

from orbited.channel import LimitedChannel
from orbited.config import Config
from orbited.frames import MAX_FRAGMENTS, MAX_MESSAGE_BYTES
from orbited.http import RelaySite
from orbited.metrics import Metrics
from orbited.policy import Policy
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
from tests.orbited.rig import BINARY, CLOSE, HANDSHAKE_KEY, PING, TEXT, Exchange, frame
from tests.orbited.sockets import CLOSE_1000, Ear, Peer, TlsClient, Wired

PONG = 10


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


def refused_with(*data):
    """The code with which ``data`` is refused, in the one way in which anything is."""
    peer = Peer().feed(*data)
    assert peer.ear.ends == [(peer.code, False)]
    assert peer.ear.messages == []
    peer.clock.advance(LINGER_S)
    assert peer.line.lost
    return peer.code


def test_b06_an_unmasked_frame():
    assert refused_with(frame(BINARY, b"x", masked=False)) == 1002


@pytest.mark.parametrize("rsv", [1, 2, 4, 7])
def test_b07_reserved_bits(rsv):
    assert refused_with(frame(BINARY, b"x", rsv=rsv)) == 1002


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
def test_b07_reserved_opcodes(opcode):
    assert refused_with(frame(opcode)) == 1002


@pytest.mark.parametrize("opcode", [CLOSE, PING, PONG])
def test_b08_control_frames_in_fragments_or_long(opcode):
    assert refused_with(frame(opcode, fin=False)) == 1002
    assert refused_with(frame(opcode, bytes(126))) == 1002


def test_b09_fragments_out_of_order():
    assert refused_with(frame(0, b"x")) == 1002
    assert refused_with(frame(TEXT, b"a", fin=False), frame(TEXT, b"b")) == 1002


@pytest.mark.parametrize(
    "data",
    [
        frame(TEXT, b"\xff"),
        frame(TEXT, b"\xed\xa0\x80"),
        frame(TEXT, b"\xf0\x9f", fin=False) + frame(0, b"\x41"),
        frame(TEXT, b"a\xff" + bytes(100))[:10],
    ],
)
def test_b10_text_that_is_not_utf_8_at_the_first_wrong_byte(data):
    assert refused_with(data) == 1007


@pytest.mark.parametrize("length", [MAX_MESSAGE_BYTES + 1, 1 << 40, 1 << 63])
@pytest.mark.parametrize("fin", [True, False])
def test_b11_long_messages_by_their_head(length, fin):
    assert refused_with(frame(BINARY, length=length, fin=fin)) == 1009


def test_b11_long_messages_in_fragments_by_the_head_of_the_last():
    assert refused_with(frame(BINARY, bytes(60_000), fin=False), frame(0, length=60_000)) == 1009


@pytest.mark.parametrize("payload", [b"", b"a"])
def test_b12_fragments_without_end(payload):
    fragments = frame(0, payload, fin=False) * 100_000
    assert refused_with(frame(TEXT, payload, fin=False), fragments) == 1008
    assert MAX_FRAGMENTS == 1000


def test_b13_compression_is_not_agreed_to_and_so_refused(site):
    extension = b"sec-websocket-extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
    exchange = Exchange(site, REQUEST[:-2] + extension)
    assert exchange.status == 101
    assert "sec-websocket-extensions" not in exchange.headers
    exchange.feed(frame(TEXT, b"\xaa\x0a\0", rsv=4))
    assert site.door.ear.ends == [(1002, False)]


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535])
def test_b14_codes_that_no_peer_may_send(code):
    assert refused_with(frame(CLOSE, code.to_bytes(2, "big"))) == 1002


def test_b14_closes_that_are_no_text():
    assert refused_with(frame(CLOSE, b"x")) == 1002
    assert refused_with(frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff")) == 1007


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 1012, 3000, 4008, 4999])
def test_b14_codes_that_a_peer_may_send_are_agreed_to(code):
    peer = Peer().feed(frame(CLOSE, code.to_bytes(2, "big") + b"bye"))
    assert (peer.code, peer.ear.ends) == (code, [(code, False)])


def test_b14_a_close_without_a_code_is_answered_without_one():
    peer = Peer().feed(frame(CLOSE))
    assert peer.line.value() == b"\x88\x00"
    assert peer.ear.ends == [(1005, False)]


def test_b15_a_flood_of_pings():
    peer = Peer()
    for _ in range(5):
        peer.feed(frame(PING) * 1000)
        peer.clock.advance(1)
    assert (peer.code, len(peer.answers)) == (1008, PING_BURST + 1)


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
    gc.collect()
    before = channels_alive()
    exchange = Exchange(site, REQUEST)
    gc.collect()
    assert isinstance(exchange.line.protocol, WebSocket)
    assert channels_alive() == before


def channels_alive():
    return sum(type(thing) is LimitedChannel for thing in gc.get_objects())


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
