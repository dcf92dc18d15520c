"""What operators and their programs ask of a broker alone, over HTTP on this machine: ``/healthz`` while it serves,
``/readyz`` while clients should be sent to it, ``/metrics`` for Prometheus.
"""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from stomp_broker.transports import Clock

INTERFACE = "127.0.0.1"
# Seconds of silence until a connection is closed.
IDLE_SECONDS = 10
PROMETHEUS = b"text/plain; version=0.0.4; charset=utf-8"

# What has to be well, by name; a check says what is wrong, or nothing.
Checks = Mapping[str, Callable[[], str]]


class AdminSite(Site):
    """A site without an access log. Who calls it by a name, as a page of the web would, gets nothing of it."""

    displayTracebacks = False
    noisy = False

    def getResourceFor(self, request: Request) -> Resource:
        """What answers the request."""
        host = request.requestHeaders.getRawHeaders("host", [""])
        return super().getResourceFor(request) if len(host) == 1 and _is_this_machine(host[0]) else Misdirected()

    def log(self, request: object) -> None:
        """Nothing: whoever asks, asks every few seconds."""


class Misdirected(Resource):
    """Not ours to answer (RFC 9110, section 15.5.20), for a name may lead here from anywhere: DNS rebinding."""

    isLeaf = True

    def render(self, request: Request) -> bytes:
        """Say so."""
        request.setResponseCode(421, b"Misdirected Request")
        return b"misdirected\n"


class Alive(Resource):
    """``/healthz``."""

    isLeaf = True

    def render_GET(self, request: Request) -> bytes:
        """Yes: who is dead does not answer."""
        return _answer(request, 200, "ok")


class Ready(Resource):
    """``/readyz``, with ``?verbose`` check by check."""

    isLeaf = True

    def __init__(self, checks: Checks) -> None:
        super().__init__()
        self._checks = checks

    def render_GET(self, request: Request) -> bytes:
        """Ask every check."""
        said = {name: check() for name, check in self._checks.items()}
        wrong = list(filter(None, said.values()))
        text = f"not-ready: {', '.join(wrong)}" if wrong else "ok"
        if b"verbose" in parse_qs(urlsplit(request.uri).query, keep_blank_values=True):
            text = "\n".join(f"{name}: {word or 'ok'}" for name, word in said.items())
        return _answer(request, 503 if wrong else 200, text)


class Figures(Resource):
    """``/metrics``."""

    isLeaf = True

    def __init__(self, text: Callable[[], bytes]) -> None:
        super().__init__()
        self._text = text

    def render_GET(self, request: Request) -> bytes:
        """All figures."""
        request.setHeader(b"content-type", PROMETHEUS)
        return self._text()


def make_admin_site(figures: Callable[[], bytes], checks: Checks, clock: Clock) -> AdminSite:
    """Give the site; ``figures`` gives the text for Prometheus."""
    root: Any = Resource()
    root.putChild(b"healthz", Alive())
    root.putChild(b"readyz", Ready(checks))
    root.putChild(b"metrics", Figures(figures))
    return AdminSite(root, timeout=IDLE_SECONDS, reactor=clock)


def _is_this_machine(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _answer(request: Request, status: int, text: str) -> bytes:
    request.setResponseCode(status)
    request.setHeader(b"content-type", b"text/plain; charset=utf-8")
    return f"{text}\n".encode()
