"""The relay's HTTP site without an access log, and what every resource asks of a request."""

from typing import Any, cast

from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from orbited.channel import IDLE_S, LimitedChannel, LimitedRequest
from orbited.errors import PacketError
from orbited.guard import HostGuard, Refused
from orbited.heads import HeadError
from orbited.metrics import Metrics
from orbited.peers import CONNECTIONS_PER_SESSION, AddressCap, client_scheme
from orbited.policy import Policy
from orbited.reactor import Clock

# More than any count of packets there will be; a longer number can only be an attack on int().
MAX_ACK_DIGITS = 12


class RelaySite(Site):
    """A site without an access log, since session keys stand in the addresses.

    Requests that call the relay by a name that is not its own get nothing of it.
    """

    protocol: Any = LimitedChannel
    displayTracebacks = False
    noisy = False  # the relay itself says what listens

    def __init__(self, root: Resource, clock: Clock, policy: Policy, metrics: Metrics) -> None:
        super().__init__(
            root, requestFactory=LimitedRequest, timeout=IDLE_S, reactor=clock, parsePOSTFormSubmission=False
        )
        self.clock = clock
        self._guard = HostGuard(policy)
        self._metrics = metrics
        self._connections = AddressCap(policy, CONNECTIONS_PER_SESSION)

    def buildProtocol(self, addr: object) -> Any:  # noqa: ANN401
        """One more connection."""
        channel: Any = super().buildProtocol(cast(Any, addr))
        channel.address = getattr(addr, "host", "")
        channel.counted = self._connections.take(channel.address)
        return channel

    def left(self, channel: LimitedChannel) -> None:
        """``channel`` holds a connection no more: it is lost, or a WebSocket's."""
        if channel.counted:
            channel.counted = False
            self._connections.free(channel.address)

    def refused(self, error: HeadError) -> None:
        """A request was refused by its head, its body or its slowness."""
        self._metrics.refused(error)

    def getResourceFor(self, request: Request) -> Resource:
        """What answers the request."""
        refused = self._guard.refuse(request)
        if refused is not None:
            self._metrics.refused(refused)
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
    return number(request, b"ack")


def number(request: Request, name: bytes) -> int:
    """The number of that name in the query, 0 when there is none; PacketError when it is none."""
    text = request.args.get(name, [b"0"])[0]
    if not text.isdigit() or len(text) > MAX_ACK_DIGITS:
        raise PacketError(f"{name.decode()} is not a number")
    return int(text)


def admits(request: Request, policy: Policy) -> bool:
    """May the page that asks use the relay, or is it no page of another origin that asks?"""
    origins = headers_of(request, "origin")
    if not origins:
        return not _is_foreign(request)
    scheme = client_scheme(request, policy)
    return len(origins) == 1 and policy.origins.allows(origins[0], scheme, host_of(request))


def comes_from_admitted(request: Request, policy: Policy) -> bool:
    """Does a script tag ask that stands in a page of an admitted origin on this site?

    Browsers send no Origin for one. They send Referer, unless the page forbids it, and no page can choose that.
    """
    referers = headers_of(request, "referer")
    if headers_of(request, "origin") or headers_of(request, "sec-fetch-site") != ["same-site"] or len(referers) != 1:
        return False
    scheme, _, rest = referers[0].partition("://")
    return policy.origins.allows(
        f"{scheme}://{rest.partition('/')[0]}", client_scheme(request, policy), host_of(request)
    )


def headers_of(request: Request, name: str) -> list[str]:
    """What every header of that name says. Any byte is a character: Twisted's own way fails on what is no UTF-8."""
    values = request.requestHeaders.getRawHeaders(name.encode()) or []
    return [value.decode("latin-1") for value in values]


def host_of(request: Request) -> str:
    """The Host header as the browser sent it, port included."""
    return next(iter(headers_of(request, "host")), "")


def _is_foreign(request: Request) -> bool:
    """Does a request without an Origin come from another site's page all the same, as one by a script tag does?

    Source: W3C Fetch Metadata Request Headers.
    """
    return bool(headers_of(request, "sec-fetch-site")) and headers_of(request, "sec-fetch-site")[0] not in (
        "same-origin",
        "none",
    )
