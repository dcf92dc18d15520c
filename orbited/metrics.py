"""The relay's figures, in a registry of their own.

No label has more than a few dozen values, whatever pages send, and none holds a key, an address or a name.
"""

import platform
from http import HTTPStatus
from typing import Protocol

import twisted
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest

from orbited import __version__
from orbited.closing import Reason

# Seconds by which a timer may be late; an event loop above 0.25 for long is the first thing to look at.
LAG_BUCKETS_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
# Seconds of a line there and back: a good Wi-Fi, a mobile phone, a full hall, and what no game is fair with any more.
ROUND_TRIP_BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
# Codes by which connections are counted apart: HTTP statuses, nginx's 499 for who did not wait, RFC 6455's close
# codes, and our own. A page may close with any of 4,000 codes; the rest are one.
COUNTED_CODES = frozenset(
    {*map(int, HTTPStatus), 499, *range(1000, 1016), *(reason.code for reason in Reason)},
)
OTHER_CODE = "other"
# What an alarm may be about.
DESCRIPTORS = "fd"


class Coded(Protocol):
    """A refusal."""

    @property
    def code(self) -> str:
        """The first word of its answer."""


class Metrics:
    """What an operator may read at ``/metrics``."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._count_connections(registry)
        self._count_sessions(registry)
        self._watch_process(registry)

    def _count_connections(self, registry: CollectorRegistry) -> None:
        self._open = Gauge(
            "orbited_connections", "Connections that carry sessions now.", ["transport"], registry=registry
        )
        self._opened = Counter(
            "orbited_connections_opened", "Connections that carried sessions.", ["transport"], registry=registry
        )
        self._closed = Counter(
            "orbited_connections_closed",
            "Connections that ended, by HTTP status or WebSocket close code.",
            ["transport", "code"],
            registry=registry,
        )

    def _count_sessions(self, registry: CollectorRegistry) -> None:
        self._sessions = Gauge("orbited_sessions", "Sessions alive now.", registry=registry)
        self._sessions_opened = Counter("orbited_sessions_opened", "Sessions made.", registry=registry)
        self._sessions_closed = Counter(
            "orbited_sessions_closed", "Sessions that ended, by reason.", ["reason"], registry=registry
        )
        self._resumed = Counter(
            "orbited_resume", "Returns of pages to their sessions, by what came of them.", ["result"], registry=registry
        )
        self._refused = Counter(
            "orbited_refused",
            "Requests and messages refused, by the code they were answered with.",
            ["code"],
            registry=registry,
        )
        self._hijack_suspected = Counter(
            "orbited_hijack_suspected", "Requests with the key of a session, but not its token.", registry=registry
        )

        self._round_trip = Histogram(
            "orbited_round_trip_seconds",
            "How long lines of pages take, there and back, each measurement.",
            registry=registry,
            buckets=ROUND_TRIP_BUCKETS_S,
        )

    def _watch_process(self, registry: CollectorRegistry) -> None:
        about = {"version": __version__, "python": platform.python_version(), "twisted": twisted.__version__}
        Info("orbited_build", "What runs.", registry=registry).info(about)
        self._draining = Gauge("orbited_draining", "1 while the relay takes leave of its pages.", registry=registry)
        self._reloaded_well = Gauge(
            "orbited_config_last_reload_successful", "0 when the last reload was refused.", registry=registry
        )
        self._reloaded_at = Gauge(
            "orbited_config_last_reload_success_timestamp_seconds",
            "When the configuration was last taken over.",
            registry=registry,
        )
        self._certificate_ends: Gauge | None = None  # where there is no certificate, none ends
        self._alarm = Gauge("orbited_alarm", "1 while something runs out.", ["name"], registry=registry)
        self._alarm.labels(DESCRIPTORS)
        self._lag = Histogram(
            "orbited_event_loop_lag_seconds", "How late timers are.", registry=registry, buckets=LAG_BUCKETS_S
        )

    def transport_opened(self, name: str) -> None:
        """A connection of transport ``name`` carries a session."""
        self._open.labels(name).inc()
        self._opened.labels(name).inc()

    def transport_closed(self, name: str, code: int) -> None:
        """It does no more; ``code`` is an HTTP status or a WebSocket close code."""
        self._open.labels(name).dec()
        self._closed.labels(name, str(code) if code in COUNTED_CODES else OTHER_CODE).inc()

    def session_opened(self) -> None:
        """A session was made."""
        self._sessions.inc()
        self._sessions_opened.inc()

    def session_closed(self, reason: Reason) -> None:
        """A session is over."""
        self._sessions.dec()
        self._sessions_closed.labels(reason.name.lower()).inc()

    def resumed(self, replayed: bool) -> None:
        """A page came back to its session: with packets to be sent again, or with all of them."""
        self._resumed.labels("replay" if replayed else "full").inc()

    def resume_refused(self) -> None:
        """A page asked for a session that is not there any more."""
        self._resumed.labels("refused").inc()

    def refused(self, error: Coded) -> None:
        """Something was refused."""
        self._refused.labels(error.code).inc()

    def hijack_suspected(self) -> None:
        """Somebody knew a session's key, but not its token."""
        self._hijack_suspected.inc()

    def round_trip(self, seconds: float) -> None:
        """A page's line took so long, there and back."""
        self._round_trip.observe(seconds)

    def draining(self) -> None:
        """The relay takes leave of its pages."""
        self._draining.set(1)

    def reloaded(self, at: float) -> None:
        """A configuration was taken over, ``at`` seconds since 1970."""
        self._reloaded_well.set(1)
        self._reloaded_at.set(at)

    def reload_refused(self) -> None:
        """A configuration could not be followed; the one before it still counts."""
        self._reloaded_well.set(0)

    def certificate_ends(self, at: float) -> None:
        """The certificate in use is good until ``at`` seconds since 1970."""
        if self._certificate_ends is None:
            self._certificate_ends = Gauge(
                "orbited_certificate_expiry_timestamp_seconds", "When [ssl]'s certificate ends.", registry=self.registry
            )
        self._certificate_ends.set(at)

    def alarm(self, name: str, on: bool) -> None:
        """Something runs out, or does no more."""
        self._alarm.labels(name).set(on)

    def lag(self, seconds: float) -> None:
        """A timer was so late."""
        self._lag.observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self.registry)
