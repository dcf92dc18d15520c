"""The relay's figures, in a registry of their own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest

from orbited.closing import Reason


class Metrics:
    """What an operator may read at ``/metrics``; no label has more than a few dozen values."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._open = Gauge(
            "orbited_connections", "Connections that carry sessions now.", ["transport"], registry=self.registry
        )
        self._opened = Counter(
            "orbited_connections_opened", "Connections that carried sessions.", ["transport"], registry=self.registry
        )
        self._closed = Counter(
            "orbited_connections_closed",
            "Connections that ended, by HTTP status or WebSocket close code.",
            ["transport", "code"],
            registry=self.registry,
        )
        self._sessions = Gauge("orbited_sessions", "Sessions alive now.", registry=self.registry)
        self._sessions_opened = Counter("orbited_sessions_opened", "Sessions made.", registry=self.registry)
        self._sessions_closed = Counter(
            "orbited_sessions_closed", "Sessions that ended, by reason.", ["reason"], registry=self.registry
        )
        self._refused = Counter(
            "orbited_refused", "Requests and messages refused, by error.", ["error"], registry=self.registry
        )

    def transport_opened(self, name: str) -> None:
        """A connection of transport ``name`` carries a session."""
        self._open.labels(name).inc()
        self._opened.labels(name).inc()

    def transport_closed(self, name: str, code: int) -> None:
        """It does no more; ``code`` is an HTTP status or a WebSocket close code."""
        self._open.labels(name).dec()
        self._closed.labels(name, str(code)).inc()

    def session_opened(self) -> None:
        """A session was made."""
        self._sessions.inc()
        self._sessions_opened.inc()

    def session_closed(self, reason: Reason) -> None:
        """A session is over."""
        self._sessions.dec()
        self._sessions_closed.labels(reason.name.lower()).inc()

    def refused(self, error: Exception) -> None:
        """Something was refused."""
        self._refused.labels(type(error).__name__).inc()

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self.registry)
