"""WebSocket frames (RFC 6455, section 5): built for sending, and a client's put together to messages.

Pure: bytes go in, messages and control frames come out. wsproto judges whatever is out of the ordinary: fragments,
control frames, pieces, mistakes. What is ordinary, a whole message in one whole frame, is read here, so that an idle
connection needs no judge (1.7 KB) and a message costs a third. Sizes are judged here too, from a frame's head alone.
"""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong, TextMessage
from wsproto.frame_protocol import FrameProtocol, XorMaskerSimple

# A page sends answers and chat lines; whoever sends more in one message means harm or has a bug.
MAX_MESSAGE_BYTES = 64 * 1024
# Frames of one message: they cost time whatever their size.
MAX_FRAGMENTS = 1000
INVALID_DATA = 1007
POLICY_VIOLATION = 1008
TOO_BIG = 1009

# The first byte of a frame: whether the message ends with it, three bits reserved for extensions, and its opcode.
CONTINUATION, TEXT, BINARY = 0x0, 0x1, 0x2
_FINAL = 0x80
_OPCODE = 0x0F
_CONTROL = 0x08
# The second byte: whether a mask follows, and the payload's length or, in two cases, where that stands.
_MASKED = 0x80
_LENGTH = 0x7F
_IN_2_BYTES, _IN_8_BYTES = 126, 127
_MASK_BYTES = 4

# A whole message, str for text and bytes for binary, or a control frame.
Received = str | bytes | Ping | Pong | CloseConnection

_framer = FrameProtocol(client=False, extensions=[])


class FrameError(Exception):
    """Bytes that a server may not take: close with ``code``."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def binary_frame(payload: bytes) -> bytes:
    """A whole binary message as a server sends it."""
    return _frame(_FINAL | BINARY, payload)


def text_frame(text: str) -> bytes:
    """A whole text message as a server sends it."""
    return _frame(_FINAL | TEXT, text.encode())


def _frame(first: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < _IN_2_BYTES:
        return bytes((first, length)) + payload
    if length < 1 << 16:
        return struct.pack("!BBH", first, _IN_2_BYTES, length) + payload
    return struct.pack("!BBQ", first, _IN_8_BYTES, length) + payload


def ping_frame(payload: bytes = b"") -> bytes:
    """A question for a sign of life, whose answer repeats the payload."""
    return bytes(_framer.ping(payload))


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping."""
    return bytes(_framer.pong(payload))


def close_frame(code: int, reason: str) -> bytes:
    """The first or the second half of the closing handshake; too long a reason is cut."""
    return bytes(_framer.close(code, reason))


class SharedFrames:
    """Frames for many connections: the same payload object, given again, is not framed again."""

    __slots__ = ("_frame", "_payload")

    def __init__(self) -> None:
        self._payload: bytes | None = None
        self._frame = b""

    def frame(self, payload: bytes) -> bytes:
        """The frame of ``payload``; the one of the last payload is kept."""
        if payload is not self._payload:
            self._payload, self._frame = payload, binary_frame(payload)
        return self._frame


class Head(NamedTuple):
    """What a frame says before its payload: the first byte, and where in the data the payload begins and ends."""

    first: int
    masked: bool
    start: int
    end: int


def read_head(data: bytes, at: int) -> Head | None:
    """The head of the frame that begins at ``at``; None as long as some of it is missing."""
    if len(data) < at + 2:
        return None
    second = data[at + 1]
    length = second & _LENGTH
    start = at + 2
    if length >= _IN_2_BYTES:
        start += 2 if length == _IN_2_BYTES else 8
        length = int.from_bytes(data[at + 2 : start])
    start += _MASK_BYTES if second & _MASKED else 0
    return None if len(data) < start else Head(data[at], bool(second & _MASKED), start, start + length)


class Reader:
    """The frames of one client."""

    __slots__ = ("_fragments", "_judge", "_missing", "_parts", "_rest", "_size")

    def __init__(self) -> None:
        self._rest = b""  # the beginning of a head
        self._judge: Connection | None = None  # of what is not finished
        self._missing = 0  # bytes of the present frame that are still to come
        self._parts: list[Any] | None = None  # of a message that comes in several, all str or all bytes
        self._size = 0  # bytes of the present message, come or announced
        self._fragments = 0  # frames of the present message

    def receive_data(self, data: bytes) -> Iterator[Received]:
        """What is complete with ``data``, in order.

        FrameError for the first thing that is wrong. Nothing may be read after it, nor after a CloseConnection.
        """
        if self._rest:
            data, self._rest = self._rest + data, b""
        at = min(self._missing, len(data))
        if at:
            yield from self._judged(data[:at])
        while at < len(data):
            head = read_head(data, at)
            if head is None:
                self._rest = data[at:]
                return
            self._measure(head)
            if self._judge is None and _is_ordinary(data, at, head):
                self._size = self._fragments = 0
                yield _message(data, head)
            else:
                self._missing = head.end - at
                yield from self._judged(data[at : head.end])
            at = head.end

    def _measure(self, head: Head) -> None:
        """Judge sizes before anything of the payload is taken in."""
        length = head.end - head.start
        if not head.first & _CONTROL:
            self._size += length
            self._fragments += 1
        if max(length, self._size) > MAX_MESSAGE_BYTES:
            raise FrameError(TOO_BIG, f"a message has at most {MAX_MESSAGE_BYTES} bytes")
        if self._fragments > MAX_FRAGMENTS:
            raise FrameError(POLICY_VIOLATION, f"a message has at most {MAX_FRAGMENTS} fragments")

    def _judged(self, piece: bytes) -> Iterator[Received]:
        """What wsproto makes of a frame or a piece of one."""
        judge = self._judge = self._judge or Connection(ConnectionType.SERVER)
        self._missing -= len(piece)
        judge.receive_data(piece)
        for event in judge.events():
            if isinstance(event, TextMessage | BytesMessage):
                yield from self._completed(event)
            elif isinstance(event, CloseConnection) and judge.state is ConnectionState.OPEN:
                raise FrameError(event.code, event.reason or "")  # no close frame, but wsproto's verdict
            elif isinstance(event, Ping | Pong | CloseConnection):
                yield event
        if not self._missing and self._parts is None:
            self._judge = None

    def _completed(self, piece: TextMessage | BytesMessage) -> Iterator[str | bytes]:
        """The message that ends with ``piece``, if any does."""
        parts = self._parts = self._parts or []
        parts.append(piece.data)
        if piece.message_finished:
            self._parts, self._size, self._fragments = None, 0, 0
            yield "".join(parts) if isinstance(piece, TextMessage) else b"".join(parts)


def _is_ordinary(data: bytes, at: int, head: Head) -> bool:
    """Is it a whole message in one whole frame, with its length written as shortly as the RFC wants it?"""
    length = head.end - head.start
    size = 2 if length < _IN_2_BYTES else 4 if length < 1 << 16 else 10
    whole = head.first in (_FINAL | TEXT, _FINAL | BINARY) and head.end <= len(data)
    return whole and head.masked and head.start - at == size + _MASK_BYTES


def _message(data: bytes, head: Head) -> str | bytes:
    mask = data[head.start - _MASK_BYTES : head.start]
    payload = bytes(XorMaskerSimple(mask).process(bytearray(data[head.start : head.end])))
    if head.first == _FINAL | BINARY:
        return payload
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise FrameError(INVALID_DATA, "text is not UTF-8") from None
