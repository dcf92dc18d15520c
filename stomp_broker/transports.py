"""What the broker asks of Twisted's parts, and so of the relay's connections in memory.

Twisted's own interfaces say the same, in a form that type checkers cannot read.
"""

from collections.abc import Callable
from socket import socket
from typing import Protocol


class Producer(Protocol):
    """See :class:`twisted.internet.interfaces.IPushProducer`: who writes to a transport."""

    def pauseProducing(self) -> None:
        """Hear that the transport holds enough. Whatever is written nevertheless, it must take."""

    def resumeProducing(self) -> None:
        """Hear that the transport has sent what it held."""

    def stopProducing(self) -> None:
        """Hear that the transport is gone."""


class Transport(Protocol):
    """One connection. After ``loseConnection`` and ``abortConnection`` it calls ``connectionLost``, once."""

    def write(self, data: bytes) -> None:
        """Send bytes, in order. Empty ones are nothing."""

    def loseConnection(self) -> None:
        """Close when all that was written is sent."""

    def abortConnection(self) -> None:
        """Close at once."""

    # One may also have close_for_good(): as loseConnection, and the other side learns that it must not come back.

    def pauseProducing(self) -> None:
        """Read nothing until told to."""

    def resumeProducing(self) -> None:
        """Read on."""

    def registerProducer(self, producer: Producer, streaming: bool) -> None:
        """Tell this producer from now on when to pause and to resume."""

    def unregisterProducer(self) -> None:
        """Tell it no more."""

    def getPeer(self) -> object:
        """Give the address of the other side, for the log."""


class TcpTransport(Transport, Protocol):
    """See :class:`twisted.internet.interfaces.ITCPTransport`: what a socket can do beside."""

    def getHandle(self) -> socket:
        """Give the socket itself."""

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Send small frames at once."""

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Find out about dead peers that have no heart-beats."""

    def loseWriteConnection(self) -> None:
        """Say that nothing more will be sent, and go on reading."""


class DelayedCall(Protocol):
    """See :class:`twisted.internet.interfaces.IDelayedCall`."""

    def cancel(self) -> None:
        """Do not call."""


class Clock(Protocol):
    """See :class:`twisted.internet.interfaces.IReactorTime`."""

    def seconds(self) -> float:
        """Give the time, in seconds."""

    def callLater(self, delay: float, callable: Callable[[], None]) -> DelayedCall:
        """Call after so many seconds."""


class Address(Protocol):
    """See :class:`twisted.internet.address.IPv4Address`."""

    host: str
    port: int


class Port(Protocol):
    """See :class:`twisted.internet.interfaces.IListeningPort`."""

    def getHost(self) -> Address:
        """Give the address where it listens."""

    def stopReading(self) -> None:
        """Accept nobody."""

    def startReading(self) -> None:
        """Accept again."""

    def stopListening(self) -> object:
        """Close the port; may give a Deferred that fires when it is closed."""


class Reactor(Clock, Protocol):
    """See :class:`twisted.internet.interfaces.IReactorTCP` and ``IReactorCore``."""

    def listenTCP(self, port: int, factory: object, backlog: int, interface: str) -> Port:
        """Accept connections for a factory; raise ``CannotListenError`` where that cannot be."""

    def run(self) -> None:
        """Serve until stopped."""
