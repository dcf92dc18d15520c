"""The resources under ``/tcp``: where pages make sessions and open transports.

========================  ====================================================
``/tcp``                  GET makes a session and answers with its key
``/tcp/KEY``              POST brings packets of the page
``/tcp/KEY/TRANSPORT``    GET opens a transport: websocket, longpoll or poll
========================  ====================================================

Source: ``docs/orbited-protocol.md``.
"""

from dataclasses import dataclass, field
from typing import Any

from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from orbited.closing import Reason
from orbited.errors import (
    AckError,
    BusyError,
    DuplexError,
    GapError,
    PacketError,
    PageError,
    RateError,
    TooManySessionsError,
)
from orbited.guard import admits_page
from orbited.http import acknowledgement, answer, headers_of, host_of
from orbited.metrics import Metrics
from orbited.packets import decode
from orbited.peers import client_address
from orbited.policy import Policy
from orbited.proxy import Proxy
from orbited.reactor import Clock
from orbited.sessions import Sessions
from orbited.transports.longpoll import LongPoll, count_of
from orbited.transports.poll import Poll
from orbited.transports.websocket import WebSocketTransport
from orbited.websocket import RefusedError, SharedFrames

# How long a browser may remember that it may ask.
PREFLIGHT_AGE_S = 600
# The body of a 404: the page starts anew.
UNKNOWN = "session-unknown"

# What a page's mistake is answered with. 409, 429 and 503 mean: the same again, a little later.
STATUS: dict[type[PageError], int] = {
    PacketError: 400,
    AckError: 400,
    GapError: 409,
    DuplexError: 409,
    RateError: 429,
    TooManySessionsError: 429,
    BusyError: 503,
}

_HEADERS = (
    (b"cache-control", b"no-store, no-cache, must-revalidate"),
    (b"vary", b"origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


@dataclass(frozen=True)
class Relay:
    """What the resources share."""

    sessions: Sessions
    policy: Policy
    metrics: Metrics
    clock: Clock
    frames: SharedFrames = field(default_factory=SharedFrames)


class Door(Resource):
    """A resource under ``/tcp``: for pages of allowed origins only, never cached, never doing anything on HEAD."""

    methods: tuple[bytes, ...] = ()

    def __init__(self, relay: Relay) -> None:
        super().__init__()
        self.relay = relay

    def render(self, request: Request) -> bytes | int:
        """Answer one request of a page, if it may make it."""
        for name, value in _HEADERS:
            request.setHeader(name, value)
        if not self._admit(request):
            return answer(request, 403, "this page's origin is not allowed; the relay's [origins] lists those that are")
        if request.method == b"OPTIONS":
            return self._preflight(request)
        if request.method not in self.methods:
            request.setHeader(b"allow", b", ".join((*self.methods, b"OPTIONS")))
            return answer(request, 405, "method not allowed here")
        try:
            return self.serve(request)
        except PageError as error:
            self.relay.metrics.refused(error)
            return answer(request, STATUS[type(error)], str(error))

    def serve(self, request: Request) -> bytes | int:
        """Do what the request asks for, or raise a PageError."""
        raise NotImplementedError

    def _admit(self, request: Request) -> bool:
        """Judge the Origin header, and let an allowed page read the answer."""
        origins = headers_of(request, "origin")
        if not admits_page(request, self.relay.policy):
            return False
        if origins:
            request.setHeader(b"access-control-allow-origin", origins[0].encode("latin-1"))
        return True

    def _preflight(self, request: Request) -> bytes:
        allowed = b", ".join(self.methods)
        request.setHeader(b"allow", allowed + b", OPTIONS")
        request.setHeader(b"access-control-allow-methods", allowed)
        request.setHeader(b"access-control-allow-headers", b"content-type")
        request.setHeader(b"access-control-max-age", str(PREFLIGHT_AGE_S).encode())
        request.setResponseCode(204)
        return b""


class NewSession(Door):
    """``/tcp``."""

    methods = (b"GET",)

    def serve(self, request: Request) -> bytes:
        """Make a session and answer with its key."""
        key = self.relay.sessions.create(host_of(request), client_address(request, self.relay.policy))
        request.setHeader(b"content-type", b"text/html")
        return key.encode()

    def getChild(self, path: bytes, request: Request) -> Resource:
        """The session whose key comes next in the path."""
        proxy = self.relay.sessions.find(path.decode("latin-1"))
        return Gone(self.relay) if proxy is None else OneSession(self.relay, proxy)


class Gone(Door):
    """``/tcp/KEY…`` of a session that is over or never was."""

    methods = (b"GET", b"POST")

    def serve(self, request: Request) -> bytes:
        """Say so: the page starts anew."""
        return answer(request, 404, UNKNOWN)

    def getChild(self, path: bytes, request: Request) -> Resource:
        """Below there is nothing either."""
        return self


class OneSession(Door):
    """``/tcp/KEY``."""

    methods = (b"POST",)

    def __init__(self, relay: Relay, proxy: Proxy) -> None:
        super().__init__(relay)
        self._proxy = proxy

    def serve(self, request: Request) -> bytes:
        """Take the packets of the body in."""
        body: Any = request.content
        try:
            packets = decode(body.read())
        except PacketError:
            self._proxy.close(Reason.BAD_INPUT)
            raise
        self._proxy.receive_packets(packets, count_of(acknowledgement(request)))
        return b"OK"

    def getChild(self, path: bytes, request: Request) -> Resource:
        """The transport whose name comes next in the path."""
        opened = _TRANSPORTS.get(path)
        return Gone(self.relay) if opened is None else opened(self.relay, self._proxy)


class OpenTransport(Door):
    """``/tcp/KEY/TRANSPORT``."""

    methods = (b"GET",)

    def __init__(self, relay: Relay, proxy: Proxy) -> None:
        super().__init__(relay)
        self.proxy = proxy

    def serve(self, request: Request) -> bytes | int:
        """Carry the session over this request, unless its page has just acknowledged the end."""
        number = acknowledgement(request)
        self.proxy.acknowledge(self.count(number))
        return answer(request, 404, UNKNOWN) if self.proxy.over else self.open(request, number)

    def count(self, number: int) -> int:
        """How many packets the page has seen that acknowledges ``number``."""
        raise NotImplementedError

    def open(self, request: Request, number: int) -> bytes | int:
        """Attach the transport."""
        raise NotImplementedError


class OpenLongPoll(OpenTransport):
    """``/tcp/KEY/longpoll``."""

    kind = LongPoll

    def count(self, number: int) -> int:
        """The polling wire has numbers of its own."""
        return count_of(number)

    def open(self, request: Request, number: int) -> int:
        """Let the request wait for packets."""
        transport = self.kind(request, self.proxy, number, self.relay.clock)
        self.proxy.attach(transport, self.count(number))
        return NOT_DONE_YET


class OpenPoll(OpenLongPoll):
    """``/tcp/KEY/poll``."""

    kind = Poll


class OpenWebSocket(OpenTransport):
    """``/tcp/KEY/websocket``."""

    def count(self, number: int) -> int:
        """The WebSocket wire has counts."""
        return number

    def open(self, request: Request, number: int) -> bytes | int:
        """Turn the request into a WebSocket."""
        relay = self.relay
        try:
            transport = WebSocketTransport(request, self.proxy, relay.frames, relay.metrics, relay.clock)
        except RefusedError as error:
            for name, value in error.headers:
                request.setHeader(name, value)
            return answer(request, error.status, str(error))
        self.proxy.attach(transport, number)
        return NOT_DONE_YET


_TRANSPORTS: dict[bytes, type[OpenTransport]] = {
    b"websocket": OpenWebSocket,
    b"longpoll": OpenLongPoll,
    b"poll": OpenPoll,
}
