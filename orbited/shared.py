"""What all sessions of the relay have in common, and where each enters itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory

from orbited.logquota import LogQuota
from orbited.metrics import Metrics
from orbited.policy import Policy
from orbited.reactor import Clock
from orbited.slips import Slips
from orbited.websocket import SharedFrames

if TYPE_CHECKING:
    from orbited.proxy import Proxy

# Connects one protocol of the factory to host:port; the Deferred fails when that cannot be done.
Connector = Callable[[str, int, Factory[Any]], Deferred[Any]]


class Measured(Protocol):
    """A transport that asks its page by itself how long the line takes."""

    @property
    def number(self) -> int:
        """Its session's."""

    @property
    def measure_at(self) -> float:
        """When it wants to ask again."""

    def measure(self) -> None:
        """Ask."""


@dataclass(frozen=True)
class Shared:
    """What all sessions have in common."""

    policy: Policy
    connect: Connector
    clock: Clock
    metrics: Metrics
    forget: Callable[["Proxy"], None]  # called at a session's end
    frames: SharedFrames = field(default_factory=SharedFrames)
    log_quota: LogQuota = field(default_factory=LogQuota)
    unacknowledged: set["Proxy"] = field(default_factory=set)  # whose pages are to be told what has come
    slips: Slips | None = None  # None: no line is measured
    measured: set[Measured] = field(default_factory=set)
