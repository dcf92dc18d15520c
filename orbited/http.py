"""HTTP connections with limits and without an access log, and what every resource asks of a request."""

from typing import Any, cast

from twisted.internet.interfaces import IProtocol
from twisted.protocols.policies import ProtocolWrapper
from twisted.web.http import HTTPChannel
from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from orbited.errors import MisdirectedError, PacketError
from orbited.guard import HostGuard, Refused
from orbited.metrics import Metrics
from orbited.peers import peer_of
from orbited.policy import Policy
from orbited.reactor import Clock

# A browser's head has 1 or 2 KiB; cookies of a site on the same host can make it long.
MAX_HEAD_BYTES = 32 * 1024
# The packets of one POST; more than a page sends in a second.
MAX_BODY_BYTES = 64 * 1024
# A connection on which nothing comes, before or between requests. A waiting poll is not idle.
IDLE_S = 10
# More than any count of packets there will be; a longer number can only be an attack on int().
MAX_ACK_DIGITS = 12


class LimitedRequest(Request):
    """A request whose body is refused before it is read, when it is too long."""

    refused = False
    size = 0  # bytes of the body so far
    channel: Any  # the connection, LimitedChannel
    content: Any  # the body, a file

    def gotLength(self, length: int | None) -> None:
        """The head has been read."""
        super().gotLength(length)
        if length is not None and length > MAX_BODY_BYTES:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        """A piece of the body."""
        self.size += len(data)
        if self.size > MAX_BODY_BYTES:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """All of it has been read."""
        if not self.refused:
            super().requestReceived(command, path, version)

    def __repr__(self) -> str:
        """Twisted's log lines show requests; session keys stand in the address."""
        return f"<request of {peer_of(self)}>"

    def _refuse(self) -> None:
        if not self.refused:
            self.refused = True
            self.channel.transport.write(
                b"HTTP/1.1 413 Content Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            )
            self.channel.loseConnection()


class LimitedChannel(HTTPChannel):
    """A connection whose request heads are limited."""

    totalHeadersSize = MAX_HEAD_BYTES
    requests: list[LimitedRequest]
    transport: Any
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
        return transport

    def rawDataReceived(self, data: bytes) -> None:
        """Bytes of a body, or behind a request that is being answered."""
        if self._successor is None:
            super().rawDataReceived(data)
        else:
            self._successor.dataReceived(data)


class RelaySite(Site):
    """A site without an access log, since session keys stand in the addresses.

    Requests that call the relay by a name that is not its own get nothing of it.
    """

    protocol: Any = LimitedChannel
    displayTracebacks = False

    def __init__(self, root: Resource, clock: Clock, policy: Policy, metrics: Metrics) -> None:
        super().__init__(root, requestFactory=LimitedRequest, timeout=IDLE_S, reactor=clock)
        self._guard = HostGuard(policy)
        self._metrics = metrics

    def getResourceFor(self, request: Request) -> Resource:
        """What answers the request."""
        refused = self._guard.refuse(request)
        if refused is not None:
            self._metrics.refused(MisdirectedError())
            return Refusal(refused)
        return cast(Resource, super().getResourceFor(request))

    def log(self, request: object) -> None:
        """Write nothing."""


class Refusal(Resource):
    """What a request gets instead of what it asked for."""

    isLeaf = True

    def __init__(self, refused: Refused) -> None:
        super().__init__()
        self._refused = refused

    def render(self, request: Request) -> bytes:
        """Say why."""
        return answer(request, *self._refused)


def answer(request: Request, status: int, text: str) -> bytes:
    """The body of a short answer in plain text; none for HEAD."""
    request.setResponseCode(status)
    request.setHeader(b"content-type", b"text/plain; charset=utf-8")
    if status in (429, 503):
        request.setHeader(b"retry-after", b"1")
    return b"" if request.method == b"HEAD" else text.encode() + b"\n"


def acknowledgement(request: Request) -> int:
    """The ``ack`` of the query, 0 when there is none; PacketError when it is no number."""
    text = request.args.get(b"ack", [b"0"])[0]
    if not text.isdigit() or len(text) > MAX_ACK_DIGITS:
        raise PacketError("ack is not a number")
    return int(text)


def headers_of(request: Request, name: str) -> list[str]:
    """What every header of that name says. Any byte is a character: Twisted's own way fails on what is no UTF-8."""
    values = request.requestHeaders.getRawHeaders(name.encode()) or []
    return [value.decode("latin-1") for value in values]


def host_of(request: Request) -> str:
    """The Host header as the browser sent it, port included."""
    return next(iter(headers_of(request, "host")), "")
