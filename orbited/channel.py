"""HTTP/1 connections with limits, for twisted.web.

``heads`` reads every line of a head in Twisted's place, and ``chunks`` chunked bodies, for both are stricter. Here
stand the limits that need a clock or a connection: how long a request may take to arrive, how much may wait, and how a
refused peer is left.
"""

from enum import Enum, auto
from io import BytesIO
from typing import Any

from twisted.internet.interfaces import IProtocol
from twisted.internet.protocol import connectionDone
from twisted.protocols.policies import ProtocolWrapper
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel
from twisted.web.http_headers import Headers
from twisted.web.resource import Resource
from twisted.web.server import Request

from orbited.chunks import Chunks
from orbited.heads import (
    FRAMING,
    MAX_HEAD_BYTES,
    MAX_LINE_BYTES,
    Head,
    HeadError,
    bad_request,
    line_too_long,
)
from orbited.peers import peer_of

# A head has so long to arrive, from the connection's begin or the last answer on. A waiting poll is not idle.
IDLE_S = 10
# A body may take this long, and one second more for each of so many bytes that have come.
BODY_PATIENCE_S = 5
MIN_BYTES_PER_S = 500
# A peer that reads nothing of what has waited for it for so long is gone.
STALL_S = 15
# How long a refusal may take to reach a peer that still sends.
LINGER_S = 1
# Requests that may wait behind one that is being answered; no browser of today sends any.
MAX_PIPELINED = 10
# When to come again of whom there were too many.
RETRY_AFTER_S = 10

NO_HEADERS = Headers()


class LimitedRequest(Request):
    """A request whose body is refused when it is too long, and which forgets what it was asked while it waits."""

    size = 0  # bytes of the body so far
    channel: Any  # the connection, LimitedChannel
    content: Any  # the body, a file

    def gotLength(self, length: int | None) -> None:
        """The head has been read."""
        self.content = BytesIO()

    def handleContentChunk(self, data: bytes) -> None:
        """A piece of the body."""
        self.size += len(data)
        super().handleContentChunk(data)

    def render(self, resrc: Resource) -> None:
        """Let a resource answer. One that answers later has read the headers, which are a third of a waiting poll."""
        super().render(resrc)
        self.requestHeaders = NO_HEADERS

    def __repr__(self) -> str:
        """Twisted's log lines show requests; session keys stand in the address."""
        return f"<request of {peer_of(self)}>"


class Phase(Enum):
    """What a connection does."""

    IDLE = auto()  # nothing of a request has come
    READING = auto()  # some has
    ANSWERING = auto()
    OVER = auto()  # refused, or answered for the last time: nothing more is read


class LimitedChannel(HTTPChannel):
    """A connection on which heads are judged, and nobody takes or holds more than he may."""

    # Twisted's own limits are never reached: ours are judged first.
    MAX_LENGTH = MAX_LINE_BYTES
    totalHeadersSize = MAX_HEAD_BYTES + 2 * MAX_LINE_BYTES

    requests: list[LimitedRequest]
    site: Any  # the RelaySite
    transport: Any
    timeOut: Any  # seconds, None: no limit
    address = ""
    counted = False  # among those that the address may hold
    _phase = Phase.IDLE
    _head: Head | None = None
    _chunks: Chunks | None = None
    _body_since: float | None = None
    _queued = 0  # requests behind the one that is being answered, about
    _successor: Any = None

    def hand_over(self, successor: IProtocol) -> object:
        """Give the connection to another protocol, together with what has come behind the request; its transport."""
        transport, self.transport = self.transport, None
        transport.unregisterProducer()
        if isinstance(transport, ProtocolWrapper):  # TLS
            transport.wrappedProtocol = successor
        else:
            transport.protocol = successor
        self._successor = successor
        self.requests.clear()
        self.site.left(self)
        return transport

    def refuse(self, error: HeadError) -> None:
        """Answer with ``error`` and read no more.

        Closing at once, with bytes of the peer unread, would take the answer from it.
        """
        self.site.refused(error)
        self._phase = Phase.OVER
        self.clearLineBuffer()
        self.transport.write(error.answer())
        self.transport.unregisterProducer()
        self.transport.pauseProducing()
        self.setTimeout(LINGER_S)

    # What comes.

    def connectionMade(self) -> None:
        """Somebody is there, perhaps once too often."""
        super().connectionMade()
        if not self.counted:
            text = "your address holds as many connections as it may; session.per_address says how many sessions"
            self.refuse(HeadError(429, "too-many", text, b"retry-after: %d" % RETRY_AFTER_S))

    def dataReceived(self, data: bytes) -> None:
        """Bytes of the peer."""
        if self._phase is not Phase.OVER:
            super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:
        """A line of a head, or the empty one behind it."""
        try:
            if line and self._head is None:
                self._head = Head(line)
            elif line.startswith((b" ", b"\t")):
                raise bad_request("headers are not folded")
            super().lineReceived(line)
        except HeadError as error:
            self.refuse(error)

    def headerReceived(self, line: bytes) -> bool:
        """A header. Twisted itself has to see only those that say where the body ends."""
        assert self._head is not None  # noqa: S101  (for mypy: no header without a request line)
        name, value = self._head.receive_header(line)
        if name in FRAMING:
            return bool(super().headerReceived(line))
        self.requests[-1].requestHeaders.addRawHeader(name, value)
        return True

    def lineLengthExceeded(self, line: bytes) -> None:
        """A line of a head that is too long."""
        self.refuse(line_too_long(first=self._head is None))

    def allHeadersReceived(self) -> None:
        """The body comes next, if there is one."""
        head, self._head = self._head, None
        assert head is not None  # noqa: S101  (for mypy)
        head.finish()
        self._chunks = Chunks() if head.chunked else None
        super().allHeadersReceived()
        if self.length != 0:
            self._body_since = self.site.clock.seconds()
            self.setTimeout(BODY_PATIENCE_S)

    def rawDataReceived(self, data: bytes) -> None:
        """Bytes of a body, or behind a request that is being answered."""
        if self._successor is not None:
            self._successor.dataReceived(data)
            return
        if self._phase is Phase.ANSWERING:
            self._wait(data)
        elif self._chunks is not None:
            self._read_chunks(self._chunks, data)
        else:
            super().rawDataReceived(data)

    def _wait(self, data: bytes) -> None:
        """Keep what comes behind a request that is being answered."""
        super().rawDataReceived(data)
        self._queued += data.count(b"\r\n\r\n")
        if self._queued > MAX_PIPELINED:
            self.transport.pauseProducing()

    def _read_chunks(self, chunks: Chunks, data: bytes) -> None:
        try:
            for piece in chunks.receive_data(data):
                self.requests[-1].handleContentChunk(piece)
        except HeadError as error:
            self.refuse(error)
            return
        if chunks.rest is not None:
            self.allContentReceived()
            (self.setLineMode if self.line_mode else self.rawDataReceived)(chunks.rest)

    def _respondToBadRequestAndDisconnect(self) -> None:
        """Twisted's own door for what it does not take and we did: a second empty line before a request."""
        self.refuse(bad_request("there is no request"))

    # What is answered.

    def checkPersistence(self, request: Request, version: bytes) -> bool:
        """May another request follow?"""
        values = request.requestHeaders.getRawHeaders(b"connection") or ()
        tokens = {token.strip().lower() for value in values for token in value.split(b",")}
        if version == b"HTTP/1.1" and b"close" not in tokens:
            return True
        request.responseHeaders.setRawHeaders(b"connection", [b"close"])
        return False

    def allContentReceived(self) -> None:
        """The request is complete."""
        self._phase = Phase.ANSWERING
        self._body_since = self._chunks = None
        self.setTimeout(IDLE_S)  # which Twisted takes up again after the answer
        super().allContentReceived()

    def requestDone(self, request: Request) -> None:
        """It has been answered."""
        self._phase = Phase.IDLE if self.persistent else Phase.OVER
        self._queued = 0
        super().requestDone(request)
        if not self.persistent:
            self.setTimeout(STALL_S)

    def pauseProducing(self) -> None:
        """The peer does not read."""
        super().pauseProducing()
        self.setTimeout(STALL_S)

    def resumeProducing(self) -> None:
        """It does again."""
        super().resumeProducing()
        self.setTimeout(None if self._phase is Phase.ANSWERING else IDLE_S)

    # What takes too long.

    def resetTimeout(self) -> None:
        """Bytes have come. Only those of a body buy time, so that a head cannot be drawn out."""
        if self._phase is Phase.IDLE:
            self._phase = Phase.READING
        if self._body_since is not None:
            earned = BODY_PATIENCE_S + self.requests[-1].size / MIN_BYTES_PER_S
            self.setTimeout(max(0, self._body_since + earned - self.site.clock.seconds()))

    def timeoutConnection(self) -> None:
        """Time is up."""
        if self._phase is Phase.READING:
            self.refuse(HeadError(408, "timeout", "the request did not arrive in time"))
        elif self._phase is Phase.ANSWERING or self.transport.disconnecting:
            self.transport.abortConnection()
        else:
            self.transport.loseConnection()
            self.setTimeout(LINGER_S)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone."""
        super().connectionLost(reason)
        self.site.left(self)
