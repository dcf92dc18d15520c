"""The resources under ``/tcp``: where pages make sessions and open transports.

========================  ====================================================
``/tcp``                  POST makes a session and answers with its key and token; GET, for pages of 2010, without one
``/tcp/websocket``        GET makes a session and opens its WebSocket in one step
``/tcp/KEY``              POST brings packets of the page
``/tcp/KEY/TRANSPORT``    GET opens a transport
``/tcp/KEY/line``         POST measures the page's line, where its transport cannot
========================  ====================================================

Source: ``docs/orbited-protocol.md``.
"""

from dataclasses import dataclass
from typing import Any

from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from orbited.closing import Reason
from orbited.errors import (
    AckError,
    BusyError,
    DrainingError,
    DuplexError,
    EpochError,
    FullError,
    GapError,
    HandshakeError,
    MediaTypeError,
    MethodError,
    OriginError,
    OwnerError,
    PacketError,
    PageError,
    RateError,
    TargetDeniedError,
    TooManySessionsError,
    UnknownSessionError,
)
from orbited.http import acknowledgement, admits, answer, headers_of, host_of, number
from orbited.metrics import Metrics
from orbited.packets import CLOSE, decode
from orbited.peers import client_address
from orbited.policy import Policy
from orbited.proxy import Proxy
from orbited.reactor import Clock
from orbited.sessions import Sessions
from orbited.transports import htmlfile
from orbited.transports.eventsource import CONTENT_TYPE, RESET, EventSource, last_event
from orbited.transports.htmlfile import HTMLFile
from orbited.transports.longpoll import LongPoll
from orbited.transports.numbered import count_of
from orbited.transports.poll import Poll
from orbited.transports.sse import SSE
from orbited.transports.stream import Stream
from orbited.transports.websocket import WebSocketTransport
from orbited.transports.xhrstream import XHRStream
from orbited.websocket import RefusedError

# How long a browser may remember that it may ask.
PREFLIGHT_AGE_S = 600
# What the body of a POST may be said to be, beside nothing: none of these can be sent by a form of another site
# without its Origin header.
MEDIA_TYPES = frozenset({"text/plain", "application/octet-stream"})

# What a page's mistake is answered with. 409, 429 and 503 mean: the same again, a little later.
STATUS: dict[type[PageError], int] = {
    PacketError: 400,
    HandshakeError: 400,
    AckError: 400,
    OriginError: 403,
    OwnerError: 403,
    TargetDeniedError: 403,
    UnknownSessionError: 404,
    MethodError: 405,
    GapError: 409,
    DuplexError: 409,
    MediaTypeError: 415,
    RateError: 429,
    TooManySessionsError: 429,
    BusyError: 503,
    FullError: 503,
    DrainingError: 503,
}

_HEADERS = (
    (b"cache-control", b"no-store, no-cache, must-revalidate, no-transform"),
    (b"vary", b"origin, sec-fetch-site"),
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
        try:
            self._admit(request)
            return self._preflight(request) if request.method == b"OPTIONS" else self.serve(request)
        except PageError as error:
            self.relay.metrics.refused(error)
            return answer(request, STATUS[type(error)], f"{error.code}: {error}")

    def serve(self, request: Request) -> bytes | int:
        """Do what the request asks for, or raise a PageError."""
        raise NotImplementedError

    def refuse(self, request: Request, error: RefusedError) -> bytes:
        """The body of the answer to a request that cannot become a WebSocket."""
        self.relay.metrics.refused(error)
        for name, value in error.headers:
            request.setHeader(name, value)
        return answer(request, error.status, f"{error.code}: {error}")

    def _admit(self, request: Request) -> None:
        """Judge where the request comes from and how it asks, and let an allowed page read the answer."""
        if not admits(request, self.relay.policy):
            raise OriginError("this page's origin is not among those in the relay's [origins]")
        for origin in headers_of(request, "origin"):
            request.setHeader(b"access-control-allow-origin", origin.encode("latin-1"))
            request.setHeader(b"access-control-expose-headers", b"retry-after")
        if request.method not in (*self.methods, b"OPTIONS"):
            request.setHeader(b"allow", b", ".join((*self.methods, b"OPTIONS")))
            raise MethodError("not allowed here")

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

    methods = (b"GET", b"POST")

    def serve(self, request: Request) -> bytes:
        """Make a session; whoever POSTs owns it."""
        owned = request.method == b"POST"
        proxy, token = make_session(self.relay, request, owned)
        request.setHeader(b"content-type", b"text/plain" if owned else b"text/html")
        return f"{proxy.key} {token}".encode() if owned else proxy.key.encode()

    def getChild(self, path: bytes, request: Request) -> Resource:
        """The session whose key comes next in the path."""
        if path == b"websocket":
            return NewWebSocket(self.relay)
        key = path.decode("latin-1")
        proxy = self.relay.sessions.find(key)
        return Gone(self.relay, key) if proxy is None else OneSession(self.relay, proxy)


class NewWebSocket(Door):
    """``/tcp/websocket``."""

    methods = (b"GET",)
    isLeaf = True

    def serve(self, request: Request) -> bytes | int:
        """Make a session and turn the request into its WebSocket."""
        proxy, token = make_session(self.relay, request, owned=True)
        try:
            transport = WebSocketTransport(request, proxy)
        except RefusedError as error:
            proxy.drop(Reason.BAD_INPUT)
            return self.refuse(request, error)
        transport.introduce(proxy.key, token)
        proxy.attach(transport, 0)
        return NOT_DONE_YET


class Gone(Door):
    """``/tcp/KEY…`` of a session that is over or never was."""

    methods = (b"GET", b"POST")

    def __init__(self, relay: Relay, key: str) -> None:
        super().__init__(relay)
        self._key = key

    def serve(self, request: Request) -> bytes:
        """Say so, in the way in which the page can hear it: it starts anew."""
        if request.method == b"POST" and self.relay.sessions.remembers(self._key) and _closes(request):
            return b"OK"
        if request.method == b"GET" and b"htmlfile" in request.path:
            return page(request, b"text/html", htmlfile.GONE)
        if request.path.endswith(b"/eventsource") and last_event(request):
            return page(request, CONTENT_TYPE, RESET)
        if request.method == b"GET":
            self.relay.metrics.resume_refused()
        raise UnknownSessionError("it is over or never was")

    def getChild(self, path: bytes, request: Request) -> Resource:
        """Below there is nothing either."""
        return self


class OwnSession(Door):
    """A resource of one session, for its owner alone."""

    def __init__(self, relay: Relay, proxy: Proxy) -> None:
        super().__init__(relay)
        self.proxy = proxy

    def serve(self, request: Request) -> bytes | int:
        """Serve who shows the session's token."""
        if not self.proxy.admits(request.args.get(b"token", [b""])[0]):
            self.relay.metrics.hijack_suspected()
            raise OwnerError("the token is not this session's")
        return self.serve_owner(request)

    def serve_owner(self, request: Request) -> bytes | int:
        """Do what the request asks for, or raise a PageError."""
        raise NotImplementedError


class OneSession(OwnSession):
    """``/tcp/KEY``."""

    methods = (b"POST",)

    def serve_owner(self, request: Request) -> bytes:
        """Take the packets of the body in."""
        if not _is_packets(request):
            raise MediaTypeError("packets are text/plain")
        body: Any = request.content
        try:
            packets = decode(body.read())
        except PacketError:
            self.proxy.close(Reason.BAD_INPUT)
            raise
        self.proxy.receive_packets(packets, count_of(acknowledgement(request)))
        return b"OK"

    def getChild(self, path: bytes, request: Request) -> Resource:
        """The transport whose name comes next in the path, or the line."""
        if path == b"line":
            return AskLine(self.relay, self.proxy)
        kind = _TRANSPORTS.get(path)
        return Gone(self.relay, "") if kind is None else OpenTransport(self.relay, self.proxy, kind)


class AskLine(OwnSession):
    """``/tcp/KEY/line``."""

    methods = (b"POST",)
    isLeaf = True

    def serve_owner(self, request: Request) -> bytes:
        """Ask the page with the answer; its next request is its answer."""
        request.setHeader(b"content-type", b"text/plain")
        return self.proxy.ask_line(number(request, b"echo")).encode()


class OpenTransport(OwnSession):
    """``/tcp/KEY/TRANSPORT``."""

    methods = (b"GET",)

    def __init__(self, relay: Relay, proxy: Proxy, kind: "Kind") -> None:
        super().__init__(relay, proxy)
        self._kind = kind

    def serve_owner(self, request: Request) -> bytes | int:
        """Carry the session over this request, unless its page has just acknowledged the end."""
        try:
            count = self._kind.count(request, self.proxy)
        except EpochError:
            return page(request, CONTENT_TYPE, RESET)
        self.proxy.acknowledge(count)
        if self.proxy.over:
            return Gone(self.relay, self.proxy.key).serve(request)
        try:
            transport = self._kind(request, self.proxy)
        except RefusedError as error:
            return self.refuse(request, error)
        self.proxy.attach(transport, count)
        return NOT_DONE_YET

    def getChild(self, path: bytes, request: Request) -> Resource:
        """Below there is nothing."""
        return Gone(self.relay, "")


Kind = type[WebSocketTransport | Stream | EventSource | LongPoll | Poll | XHRStream | HTMLFile | SSE]
_TRANSPORTS: dict[bytes, Kind] = {
    kind.name.encode(): kind
    for kind in (WebSocketTransport, Stream, EventSource, LongPoll, Poll, XHRStream, HTMLFile, SSE)
}


def make_session(relay: Relay, request: Request, owned: bool) -> tuple[Proxy, str]:
    """A session for the page that asks, and its token; a PageError when it gets none."""
    proxy, token = relay.sessions.create(host_of(request), client_address(request, relay.policy), owned)
    proxy.port = getattr(request.getClientAddress(), "port", 0)
    return proxy, token


def page(request: Request, content_type: bytes, body: bytes) -> bytes:
    """The body of an answer that a browser, not a script, reads."""
    request.setHeader(b"content-type", content_type)
    return body


def _is_packets(request: Request) -> bool:
    said = headers_of(request, "content-type")
    return all(text.partition(";")[0].strip().lower() in MEDIA_TYPES for text in said)


def _closes(request: Request) -> bool:
    """Does the page only say farewell?"""
    body: Any = request.content
    try:
        return any(packet.name == CLOSE for packet in decode(body.read()))
    except PacketError:
        return False
