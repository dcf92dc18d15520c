"""The WebSocket layer by itself: table B of bad frames, and messages whole, cut anywhere and interleaved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Pong

from orbited.frames import MAX_FRAGMENTS, MAX_MESSAGE_BYTES
from orbited.websocket import CLOSE_TIMEOUT_S, PING_BURST, SharedFrames, WebSocket, binary_frame, text_frame
from tests.orbited.rig import BINARY, CLOSE, PING, TEXT, Line, frame


class Ear:
    """Notes what it is told."""

    def __init__(self):
        self.messages = []
        self.writable = None
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
    """An open WebSocket, and the client's side of it."""

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


messages = st.lists(st.binary(max_size=300) | st.text(max_size=100), max_size=6)


def client_frame(message):
    return frame(TEXT, message.encode()) if isinstance(message, str) else frame(BINARY, message)


@given(messages, st.data())
def test_messages_arrive_whole_however_the_bytes_are_cut(some, data):
    stream = b"".join(map(client_frame, some))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert Peer().feed(*pieces).ear.messages == some


@given(st.binary(max_size=400))
def test_any_bytes_give_messages_or_a_close(data):
    peer = Peer().feed(data)
    assert peer.code in (None, 1000, 1002, 1007, 1009) or 3000 <= peer.code < 5000


def test_fragments_make_one_message_with_a_ping_between():
    peer = Peer().feed(frame(BINARY, b"a", fin=False), frame(PING, b"?"), frame(0, b"b", fin=True))
    assert peer.ear.messages == [b"ab"]
    assert peer.answers == [Pong(b"?")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(BINARY, b"x", masked=False), 1002),
        (frame(BINARY, b"x", rsv=4), 1002),
        (frame(3), 1002),
        (frame(11), 1002),
        (frame(PING, fin=False), 1002),
        (frame(PING, bytes(126)), 1002),
        (frame(0, b"x"), 1002),
        (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
        (frame(TEXT, b"\xff"), 1007),
        (frame(TEXT, b"\xf0\x9f", fin=False) + frame(0, b"\x41"), 1007),
        (frame(CLOSE, b"x"), 1002),
        (frame(CLOSE, (999).to_bytes(2, "big")), 1002),
        (frame(CLOSE, (1005).to_bytes(2, "big")), 1002),
        (frame(CLOSE, (1006).to_bytes(2, "big")), 1002),
        (frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff"), 1007),
        (frame(BINARY, length=1 << 63), 1009),
        (frame(BINARY, bytes(MAX_MESSAGE_BYTES + 1)), 1009),
        (frame(TEXT, b"x" * (MAX_MESSAGE_BYTES + 1)), 1009),
        (frame(BINARY, bytes(60_000), fin=False) + frame(0, bytes(60_000)), 1009),
        (frame(BINARY, fin=False) + frame(0, fin=False) * MAX_FRAGMENTS, 1008),
        (frame(PING) * (PING_BURST + 1), 1008),
    ],
)
def test_bad_frames_close_with_their_code(data, code):
    peer = Peer().feed(data)
    assert peer.code == code
    assert peer.ear.ends == [(code, False)]
    assert peer.ear.messages == []
    assert peer.line.disconnecting


def test_message_up_to_the_limit_arrives():
    assert len(Peer().feed(frame(BINARY, bytes(MAX_MESSAGE_BYTES))).ear.messages[0]) == MAX_MESSAGE_BYTES


def test_long_message_is_refused_before_all_of_it_has_come():
    peer = Peer().feed(frame(BINARY, bytes(MAX_MESSAGE_BYTES + 1), length=1 << 40))
    assert peer.code == 1009


def test_nothing_is_heard_after_the_end():
    peer = Peer().feed(frame(CLOSE, (1000).to_bytes(2, "big")) + frame(BINARY, b"late"), frame(BINARY, b"later"))
    assert peer.ear.messages == []


def test_peer_that_closes_is_answered():
    peer = Peer().feed(frame(CLOSE, (1001).to_bytes(2, "big")))
    assert (peer.code, peer.ear.ends, peer.line.disconnecting) == (1001, [(1001, False)], True)


def test_answered_close_is_clean():
    peer = Peer()
    peer.websocket.close(4008, "too slow")
    peer.feed(frame(CLOSE, (4008).to_bytes(2, "big")))
    assert peer.ear.ends == [(4008, True)]


def test_unanswered_close_is_cut():
    peer = Peer()
    peer.websocket.close(1000, "")
    peer.clock.advance(CLOSE_TIMEOUT_S)
    assert peer.line.lost
    assert peer.ear.ends == [(1006, False)]


def test_lost_connection_is_told_once():
    peer = Peer()
    peer.line.hang_up()
    assert peer.ear.ends == [(1006, False)]


def test_slow_peer_is_told():
    peer = Peer()
    peer.line.producer.pauseProducing()
    assert peer.ear.writable is False
    peer.line.producer.resumeProducing()
    assert peer.ear.writable is True


def test_same_object_is_framed_once():
    frames, payload = SharedFrames(), b"question"
    assert frames.frame(payload) is frames.frame(payload)
    assert frames.frame(payload) == binary_frame(b"question")
    assert frames.frame(bytes(bytearray(b"question"))) is not None
    assert frames.frame(b"another") == binary_frame(b"another")


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_frames_are_what_clients_read(size):
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(binary_frame(bytes(size)) + text_frame("è"))
    binary, text = [event.data for event in client.events()]
    assert (len(binary), text) == (size, "è")
