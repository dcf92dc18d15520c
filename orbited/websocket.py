"""WebSockets (RFC 6455) on Twisted: ``upgrade`` judges the handshake, ``frames`` what comes; this file moves bytes.

Nothing here knows sessions. A ``Listener`` gets whole messages; outgoing frames are built apart from any connection, so
that one frame can be written to many. A frame goes out with the socket's own ``send`` at once, as long as nothing waits
before it: Twisted's ``transport.write`` costs three system calls where that costs one, and begins to send only when the
loop over all receivers has ended. An open WebSocket that is silent takes 2 KB, Twisted's transport included.
"""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from socket import socket
from typing import Any, Protocol

from twisted.internet.interfaces import IPushProducer, ISSLTransport, ITCPTransport
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.http import Request
from wsproto.events import CloseConnection, Ping, Pong
from zope.interface import implementer

from orbited.frames import (
    POLICY_VIOLATION,
    FrameError,
    Reader,
    SharedFrames,
    binary_frame,
    close_frame,
    ping_frame,
    pong_frame,
    text_frame,
)
from orbited.rate import Bucket
from orbited.reactor import Clock, Timer
from orbited.upgrade import RefusedError, agree

__all__ = ["Listener", "RefusedError", "SharedFrames", "WebSocket", "accept", "binary_frame", "text_frame"]

# Each ping costs an answer.
MAX_PINGS_PER_S = 50
PING_BURST = 250
# A peer that does not answer our close is cut off.
CLOSE_TIMEOUT_S = 5
# How long the last frame may take to reach a peer of whom nothing more is expected.
LINGER_S = 1
ABNORMAL = 1006  # what a connection without a closing handshake is said to have closed with
NO_ANSWER = 4012  # come back

log = Logger()


class Listener(Protocol):
    """Who is told what comes over a WebSocket."""

    def message_received(self, data: bytes) -> None:
        """A binary message."""

    def text_received(self, text: str) -> None:
        """A text message."""

    def pong_received(self, payload: bytes) -> None:
        """The peer has answered a ping with that payload, or says so."""

    def writable_changed(self, writable: bool) -> None:
        """The peer reads too slowly, or fast enough again."""

    def closed(self, code: int, clean: bool) -> None:
        """The WebSocket is over. ``clean``: the peer agreed to our closing, so that it has had every message."""


class State(Enum):
    """Where the conversation stands."""

    OPEN = auto()
    CLOSING = auto()  # we have said so, the peer has not
    CLOSED = auto()  # all is said: what still comes is not looked at


def accept(request: Request, listener: Listener, clock: Clock, protocols: Sequence[str] = ()) -> "WebSocket":
    """Turn ``request`` into a WebSocket; RefusedError, and nothing done, when it does not ask for one properly.

    ``protocols``: the subprotocols that the listener speaks, the best first; the peer has to offer one of them. The
    HTTP channel and the request are left behind, which costs a fifth of the memory of a WebSocket that keeps them.
    """
    headers = ((name, value) for name, values in request.requestHeaders.getAllRawHeaders() for value in values)
    agreement = agree(request.method, request.clientproto, headers, protocols)
    websocket = WebSocket(listener, clock, agreement.subprotocol)
    channel: Any = request.channel
    websocket.makeConnection(channel.hand_over(websocket))
    websocket.greet(agreement.answer)
    return websocket


@implementer(IPushProducer)
class WebSocket:
    """One WebSocket, server side; to Twisted, the protocol of a transport and its producer."""

    __slots__ = (
        "_clock",
        "_cut",
        "_listener",
        "_pings",
        "_pong",
        "_question",
        "_reader",
        "_socket",
        "_state",
        "_stream",
        "_waiting",
        "subprotocol",
    )

    def __init__(self, listener: Listener, clock: Clock, subprotocol: str | None = None) -> None:
        self.subprotocol = subprotocol
        self._listener: Listener | None = listener  # None once it has been told of the end
        self._clock = clock
        self._reader = Reader()
        self._state = State.OPEN
        self._waiting = False  # is anything in the transport's buffer?
        self._pings: Bucket | None = None
        self._pong: bytes | None = None  # owed to a peer that does not read
        self._question: Timer | None = None  # how long the peer may take to answer our ping
        self._cut: Timer | None = None

    # For who uses it.

    @property
    def open(self) -> bool:
        """May messages still be sent?"""
        return self._state is State.OPEN

    def send_frame(self, frame: bytes) -> None:
        """Send a frame made by ``binary_frame`` or ``text_frame``, or nothing after the close."""
        if self._state is State.OPEN:
            self._write(frame)

    def ping(self, timeout_s: float) -> None:
        """Ask for a sign of life; a peer from which nothing comes in ``timeout_s`` is closed with ``NO_ANSWER``."""
        self.send_frame(ping_frame())
        if self._question is None and self.open:
            self._question = self._clock.callLater(timeout_s, self._fail, NO_ANSWER, "no answer: come back")

    def question(self, payload: bytes) -> None:
        """Send a ping that the listener hears the answer of; nobody is closed who does not answer."""
        self.send_frame(ping_frame(payload))

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake; a peer that does not answer is cut off after ``CLOSE_TIMEOUT_S``."""
        if self._state is State.OPEN:
            self._write(close_frame(code, reason))
            self._state = State.CLOSING
            self._cut_in(CLOSE_TIMEOUT_S)

    def pause_reading(self) -> None:
        """Read no more for a while."""
        self._stream.pauseProducing()

    def resume_reading(self) -> None:
        """Read again."""
        self._stream.resumeProducing()

    # For Twisted.

    def makeConnection(self, transport: Any) -> None:  # noqa: ANN401
        """The connection is ours.

        A plain TCP transport says when its buffer is empty to who registers as a pull producer, and only what we could
        not send ourselves comes into it. The others are told to ask a push producer for patience, as usual.
        """
        self._stream = transport
        plain = ITCPTransport.providedBy(transport) and not ISSLTransport.providedBy(transport)
        self._socket: socket | None = transport.getHandle() if plain else None
        transport.registerProducer(self, not plain)

    def greet(self, answer: bytes) -> None:
        """Begin with the answer to the handshake. Together with it goes what is sent in the same turn."""
        self._stream.write(answer)
        self._waiting = self._socket is not None

    def dataReceived(self, data: bytes) -> None:
        """Bytes of the peer."""
        if self._over:
            return
        self._forget_question()
        try:
            for received in self._reader.receive_data(data):
                _STEPS[type(received)](self, received)
                if self._over:
                    return
        except FrameError as error:
            self._fail(error.code, error.reason)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone."""
        self._state = State.CLOSED
        _cancel(self._cut)
        self._tell_end(ABNORMAL, clean=False)

    def pauseProducing(self) -> None:
        """The peer does not read fast enough."""
        self._waiting = True
        if self._listener is not None:
            self._listener.writable_changed(False)

    def resumeProducing(self) -> None:
        """It does again: nothing waits."""
        waited, self._waiting = self._waiting, False
        if self._pong is not None:
            pong, self._pong = self._pong, None
            self.send_frame(pong_frame(pong))
        if waited and self._listener is not None:
            self._listener.writable_changed(True)

    def stopProducing(self) -> None:
        """The connection is lost; ``connectionLost`` says so."""

    # One step for each kind of thing received.

    def _binary_received(self, data: bytes) -> None:
        if self._listener is not None and self._state is State.OPEN:
            self._listener.message_received(data)

    def _text_received(self, text: str) -> None:
        if self._listener is not None and self._state is State.OPEN:
            self._listener.text_received(text)

    def _ping_received(self, ping: Ping) -> None:
        now = self._clock.seconds()
        self._pings = self._pings or Bucket(MAX_PINGS_PER_S, PING_BURST, now)
        if not self._pings.take(1, now):
            self._fail(POLICY_VIOLATION, "too many pings")
        elif self._waiting:
            self._pong = bytes(ping.payload)  # the last one is answered for all (RFC 6455, section 5.5.3)
        else:
            self.send_frame(pong_frame(ping.payload))

    def _pong_received(self, pong: Pong) -> None:
        """A sign of life, like anything else that comes, and perhaps the answer to a question."""
        if self._listener is not None and self._state is State.OPEN:
            self._listener.pong_received(bytes(pong.payload))

    def _close_received(self, close: CloseConnection) -> None:
        agreed = self._state is State.CLOSING
        if not agreed:
            self._write(close_frame(close.code, close.reason or ""))
        self._tell_end(close.code, clean=agreed)
        self._hang_up()

    # The end.

    @property
    def _over(self) -> bool:
        return self._state is State.CLOSED

    def _fail(self, code: int, reason: str) -> None:
        log.debug("a WebSocket is closed with {code}: {reason}", code=code, reason=reason)
        if self._state is State.OPEN:
            self._write(close_frame(code, reason))
        self._tell_end(code, clean=False)
        self._hang_up()

    def _hang_up(self) -> None:
        """Say no more. Closing the socket while bytes of the peer are unread would take our last frame from it."""
        self._state = State.CLOSED
        self._stream.unregisterProducer()
        (self._stream.loseConnection if self._socket is None else self._stream.loseWriteConnection)()
        self._cut_in(LINGER_S)

    def _cut_in(self, seconds: float) -> None:
        _cancel(self._cut)
        self._cut = self._clock.callLater(seconds, self._stream.abortConnection)

    def _tell_end(self, code: int, clean: bool) -> None:
        self._forget_question()
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.closed(code, clean)

    def _forget_question(self) -> None:
        _cancel(self._question)
        self._question = None

    def _write(self, frame: bytes) -> None:
        if self._socket is None or self._waiting:
            self._stream.write(frame)
            return
        try:
            sent = self._socket.send(frame)
        except OSError:  # full, or lost, which the transport finds out
            sent = 0
        if sent < len(frame):
            self._stream.write(frame[sent:])
            self.pauseProducing()


_STEPS: dict[type, Callable[[WebSocket, Any], None]] = {
    bytes: WebSocket._binary_received,
    str: WebSocket._text_received,
    Ping: WebSocket._ping_received,
    Pong: WebSocket._pong_received,
    CloseConnection: WebSocket._close_received,
}


def _cancel(timer: Timer | None) -> None:
    if timer is not None and timer.active():
        timer.cancel()
