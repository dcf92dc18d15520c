"""WebSockets (RFC 6455) on Twisted: wsproto judges the handshake and every frame that comes, this file moves bytes.

Nothing here knows sessions. A ``Listener`` gets whole messages; outgoing frames are built by ``binary_frame`` and
``text_frame`` apart from any connection, so that one frame can be written to many. No compression is offered: it costs
memory for each connection, ends the sharing of frames, and opens the door to bombs.
"""

import base64
import binascii
from collections.abc import Sequence
from functools import singledispatchmethod
from typing import Any, Protocol, cast

from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.http import Request
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage
from wsproto.events import RejectConnection as Rejection
from wsproto.frame_protocol import FrameProtocol
from wsproto.handshake import H11Handshake
from wsproto.utilities import RemoteProtocolError
from zope.interface import implementer

from orbited.rate import Bucket
from orbited.reactor import Clock, Stream, Timer

# A page sends answers and chat lines; whoever sends more in one message means harm or has a bug.
MAX_MESSAGE_BYTES = 64 * 1024
# Fragments cost time whatever their size.
MAX_FRAGMENTS = 1000
# Each ping costs an answer.
MAX_PINGS_PER_S = 50
PING_BURST = 250
# A peer that does not answer a close, or does not read, is cut off.
CLOSE_TIMEOUT_S = 5
ABNORMAL = 1006  # what a connection without a closing handshake is said to have closed with
TOO_BIG = 1009
POLICY_VIOLATION = 1008
KEY_BYTES = 16

log = Logger()
_framer = FrameProtocol(client=False, extensions=[])


class RefusedError(Exception):
    """A request that cannot become a WebSocket: answer it with ``status`` and ``headers``."""

    def __init__(self, message: str, status: int = 400, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


class Listener(Protocol):
    """Who is told what comes over a WebSocket."""

    def message_received(self, data: bytes) -> None:
        """A binary message."""

    def text_received(self, text: str) -> None:
        """A text message."""

    def writable_changed(self, writable: bool) -> None:
        """The peer reads too slowly, or fast enough again."""

    def closed(self, code: int, clean: bool) -> None:
        """The WebSocket is over. ``clean``: the peer agreed to our closing, so that it has had every message."""


def binary_frame(payload: bytes) -> bytes:
    """A whole binary message as a server sends it."""
    return bytes(_framer.send_data(payload))


def text_frame(text: str) -> bytes:
    """A whole text message as a server sends it."""
    return bytes(_framer.send_data(text))


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


def accept(request: Request, listener: Listener, clock: Clock) -> "WebSocket":
    """Turn ``request`` into a WebSocket; RefusedError, and nothing done, when it does not ask for one properly.

    The HTTP channel and the request are left behind: the connection belongs to the WebSocket alone from here on, which
    costs a fifth of the memory of one that keeps them.
    """
    handshake = _handshake(request)
    response = handshake.send(AcceptConnection())
    assert handshake.connection is not None  # noqa: S101  (for mypy: set by send)
    websocket = WebSocket(handshake.connection, listener, clock)
    channel: Any = request.channel
    transport, channel.transport = channel.transport, None
    transport.unregisterProducer()
    transport.protocol = websocket
    transport.write(response)
    websocket.makeConnection(transport)
    return websocket


def _handshake(request: Request) -> H11Handshake:
    headers = [(name, value) for name, values in request.requestHeaders.getAllRawHeaders() for value in values]
    keys = request.requestHeaders.getRawHeaders(b"sec-websocket-key") or []
    handshake = H11Handshake(ConnectionType.SERVER)
    try:
        handshake.initiate_upgrade_connection(headers, request.uri)
    except RemoteProtocolError as error:
        hint = error.event_hint if isinstance(error.event_hint, Rejection) else Rejection()
        raise RefusedError(str(error), hint.status_code, hint.headers) from None
    except UnicodeDecodeError:  # wsproto's own reading of headers
        raise RefusedError("the headers of a handshake are ASCII") from None
    if len(keys) != 1 or not _is_key(keys[0]):
        raise RefusedError("Sec-WebSocket-Key is not 16 bytes in base64")
    return handshake


def _is_key(text: bytes) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except binascii.Error:
        return False


@implementer(IPushProducer)
class WebSocket(TwistedProtocol):
    """One open WebSocket, server side."""

    def __init__(self, connection: Connection, listener: Listener, clock: Clock) -> None:
        self._connection = connection
        self._listener: Listener | None = listener  # None once it has been told of the end
        self._clock = clock
        self._parts: list[Any] = []  # of the message that is coming in, all str or all bytes
        self._size = 0
        self._pings = Bucket(MAX_PINGS_PER_S, PING_BURST, clock.seconds())
        self._cut: Timer | None = None

    # For who uses it.

    @property
    def open(self) -> bool:
        """May messages still be sent?"""
        return self._connection.state is ConnectionState.OPEN

    def send_frame(self, frame: bytes) -> None:
        """Send a frame made by ``binary_frame`` or ``text_frame``."""
        self._stream.write(frame)

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake; a peer that does not answer is cut off after ``CLOSE_TIMEOUT_S``."""
        if self.open:
            self.send_frame(self._connection.send(CloseConnection(code, reason)))
            self._cut_later()

    def pause_reading(self) -> None:
        """Read no more for a while."""
        self._stream.pauseProducing()

    def resume_reading(self) -> None:
        """Read again."""
        self._stream.resumeProducing()

    # For Twisted.

    def connectionMade(self) -> None:
        """The connection is ours: be told when it takes no more."""
        self._stream = cast(Stream, self.transport)
        self._stream.registerProducer(self, True)

    def dataReceived(self, data: bytes) -> None:
        """Bytes of the peer."""
        if self._connection.state in (ConnectionState.OPEN, ConnectionState.LOCAL_CLOSING):
            self._connection.receive_data(data)
            for event in self._connection.events():
                self._handle(event)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone."""
        if self._cut is not None and self._cut.active():
            self._cut.cancel()
        self._tell_end(ABNORMAL, clean=False)

    def pauseProducing(self) -> None:
        """The peer does not read fast enough."""
        if self._listener is not None:
            self._listener.writable_changed(False)

    def resumeProducing(self) -> None:
        """It does again."""
        if self._listener is not None:
            self._listener.writable_changed(True)

    def stopProducing(self) -> None:
        """The connection is lost; ``connectionLost`` says so."""

    # One step for each kind of event.

    @singledispatchmethod
    def _handle(self, event: Event) -> None:
        raise NotImplementedError(event)

    @_handle.register
    def _(self, event: TextMessage) -> None:
        if self._complete(event) and self._listener is not None:
            self._listener.text_received("".join(self._take_message()))

    @_handle.register
    def _(self, event: BytesMessage) -> None:
        if self._complete(event) and self._listener is not None:
            self._listener.message_received(b"".join(self._take_message()))

    @_handle.register
    def _(self, event: Ping) -> None:
        if not self._pings.take(1, self._clock.seconds()):
            self._fail(POLICY_VIOLATION, "too many pings")
        elif self.open:
            self.send_frame(self._connection.send(event.response()))

    @_handle.register
    def _(self, event: Pong) -> None:
        """A sign of life that nobody asked for."""

    @_handle.register
    def _(self, event: CloseConnection) -> None:
        if self.open:  # no close frame of the peer, but wsproto's verdict on its bytes
            self._fail(event.code, event.reason or "")
            return
        began_here = self._connection.state is ConnectionState.CLOSED
        if not began_here:
            self.send_frame(self._connection.send(event.response()))
        self._tell_end(event.code, clean=began_here)
        self._hang_up()

    def _complete(self, event: TextMessage | BytesMessage) -> bool:
        """Keep a piece of a message; is it the last one?"""
        if not self.open:
            return False
        self._parts.append(event.data)
        self._size += len(event.data)
        if self._size > MAX_MESSAGE_BYTES:
            self._fail(TOO_BIG, "message too big")
        elif len(self._parts) > MAX_FRAGMENTS:
            self._fail(POLICY_VIOLATION, "too many fragments")
        return event.message_finished and self.open

    def _take_message(self) -> list[Any]:
        parts, self._parts, self._size = self._parts, [], 0
        return parts

    def _fail(self, code: int, reason: str) -> None:
        log.info("a WebSocket is closed with {code}: {reason}", code=code, reason=reason)
        self._parts, self._size = [], 0
        self.close(code, reason)
        self._tell_end(code, clean=False)
        self._hang_up()

    def _hang_up(self) -> None:
        self._stream.unregisterProducer()
        self._stream.loseConnection()
        self._cut_later()

    def _cut_later(self) -> None:
        if self._cut is None:
            self._cut = self._clock.callLater(CLOSE_TIMEOUT_S, self._stream.abortConnection)

    def _tell_end(self, code: int, clean: bool) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.closed(code, clean)
