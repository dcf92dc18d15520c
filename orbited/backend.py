"""The connection to a page's target, in whatever way it was made."""

from typing import Any, Protocol

from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Factory, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from orbited.errors import RevokedError
from orbited.reactor import Clock, Stream, Timer

# What was written to a target that is being left may take so long to go; a target that takes nothing is cut off then.
FAREWELL_S = 15


class Owner(Protocol):
    """Who is told what the target does."""

    def backend_connected(self, backend: "Backend") -> None:
        """It is reached."""

    def backend_sent(self, data: bytes) -> None:
        """It has sent bytes."""

    def backend_busy(self, busy: bool) -> None:
        """It takes no more for a while, or again."""

    def backend_lost(self, for_good: bool) -> None:
        """It has hung up; ``for_good``: it wants the page to stay away."""


@implementer(IPushProducer)
class Backend:
    """The connection to a page's target: what Twisted asks of a protocol, without its dictionary."""

    __slots__ = ("_cut_off", "_owner", "stream")

    stream: Stream

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._cut_off: Timer | None = None

    def makeConnection(self, transport: Stream) -> None:
        """The target is reached."""
        self.stream = transport
        transport.registerProducer(self, True)
        self._owner.backend_connected(self)

    def dataReceived(self, data: bytes) -> None:
        """Bytes for the page."""
        self._owner.backend_sent(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The target has hung up, or we have."""
        if self._cut_off is not None and self._cut_off.active():
            self._cut_off.cancel()
        self._owner.backend_lost(for_good=bool(reason.check(RevokedError)))

    def pauseProducing(self) -> None:
        """The target takes no more: take no more of the page."""
        self._owner.backend_busy(True)

    def resumeProducing(self) -> None:
        """The target takes more."""
        self._owner.backend_busy(False)

    def stopProducing(self) -> None:
        """The connection is lost; ``connectionLost`` says so to the page."""

    def hang_up(self, clock: Clock) -> None:
        """Leave the target, once what was written has gone."""
        self._cut_off = clock.callLater(FAREWELL_S, self.stream.abortConnection)
        self.stream.unregisterProducer()
        self.stream.loseConnection()


class BackendFactory(Factory[Any]):
    """Makes the backend of one session."""

    noisy = False

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def buildProtocol(self, addr: object) -> Any:  # noqa: ANN401  Twisted wants one of its own class.
        """The target is reached at ``addr``."""
        return Backend(self._owner)
