"""``admin://``: what operators and their programs ask, on a listener of its own that browsers do not reach.

``/metrics`` gives figures for Prometheus; ``/healthz`` and ``/readyz`` are the same as on the web site, which load
balancers reach. Unless its line in [listen] names a host, it is for this machine alone.
"""

from twisted.web.server import Request

from orbited.health import Alive, Checks, Ready
from orbited.http import RelaySite
from orbited.metrics import Metrics
from orbited.pages import Missing, Page
from orbited.tcp import Relay

PROMETHEUS = b"text/plain; version=0.0.4; charset=utf-8"


def make_admin_site(relay: Relay, checks: Checks) -> RelaySite:
    """The site of an ``admin://`` listener."""
    root = Missing({b"healthz": Alive(), b"readyz": Ready(checks), b"metrics": Figures(relay.metrics)})
    return RelaySite(root, relay.clock, relay.policy, relay.metrics)


class Figures(Page):
    """``/metrics``."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    def read(self, request: Request) -> bytes:
        """All figures."""
        request.setHeader(b"content-type", PROMETHEUS)
        return self._metrics.text()
