"""The relay's web site: sessions under ``/tcp``, browser files under ``/static``, and doors for operators.

``/healthz`` says 200 while the process serves, ``/readyz`` once everything in [listen] listens (503 before), and
``/metrics`` gives figures for Prometheus, to this machine only.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from twisted.web.resource import Resource
from twisted.web.server import Request
from twisted.web.static import File

from orbited.http import RelaySite, answer, headers_of
from orbited.metrics import Metrics
from orbited.peers import is_loopback, peer_of
from orbited.tcp import NewSession, Relay

STATIC = Path(__file__).parent / "static"


def make_site(relay: Relay, ready: Callable[[], bool], proxy_enabled: bool = True) -> RelaySite:
    """The web site of a relay, for any HTTP listener; without ``proxy_enabled`` it has no sessions."""
    rooms: dict[bytes, Any] = {
        b"static": BrowserFiles(str(STATIC)),
        b"healthz": Health(lambda: True),
        b"readyz": Health(ready),
        b"metrics": Figures(relay.metrics),
    }
    if proxy_enabled:
        rooms[b"tcp"] = NewSession(relay)
    root = Resource()
    for name, room in rooms.items():
        root.putChild(name, room)
    return RelaySite(root, relay.clock, relay.policy, relay.metrics)


class BrowserFiles(File):
    """``/static``: our browser files, without a listing of them."""

    def render(self, request: Request) -> bytes | int:
        """Serve one file."""
        # Pages of 2010 set document.domain to share an origin with the bridge pages here, and browsers of today allow
        # that only where both sides renounce an agent cluster of their own.
        request.setHeader(b"origin-agent-cluster", b"?0")
        request.setHeader(b"x-content-type-options", b"nosniff")
        request.setHeader(b"cache-control", b"no-cache")
        return cast(bytes | int, super().render(request))

    def getChild(self, path: bytes, request: Request) -> Resource:
        """A file below; no file's name has a NUL, on which the file system itself would stumble."""
        return self.childNotFound if b"\0" in path else cast(Resource, super().getChild(path, request))

    def directoryListing(self) -> Resource:
        """There is none."""
        return self.childNotFound


class Health(Resource):
    """``/healthz`` and ``/readyz``."""

    isLeaf = True

    def __init__(self, well: Callable[[], bool]) -> None:
        super().__init__()
        self._well = well

    def render_GET(self, request: Request) -> bytes:
        """Yes or no."""
        return answer(request, 200, "ok") if self._well() else answer(request, 503, "not yet")


class Figures(Resource):
    """``/metrics``."""

    isLeaf = True

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    def render_GET(self, request: Request) -> bytes:
        """The figures, for who asks from this machine and not through a proxy on it."""
        if not is_loopback(peer_of(request)) or headers_of(request, "x-forwarded-for"):
            return answer(request, 403, "only for this machine")
        request.setHeader(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
        return self._metrics.text()
