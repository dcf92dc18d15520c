"""What the relay asks of a reactor: time, and streams of bytes.

Twisted's reactors, transports and test doubles all have it; so have our connections within the process.
"""

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that has been put off."""

    def cancel(self) -> None:
        """Forget the call."""

    def active(self) -> bool:
        """Is the call still to come?"""


class Clock(Protocol):
    """Seconds that never go back, and calls after some of them."""

    def seconds(self) -> float:
        """The time now, in seconds from an unknown start."""

    def callLater(self, delay: float, callable: Callable[..., object], *args: object) -> Timer:
        """Call ``callable`` with ``args`` in ``delay`` seconds."""


class Producer(Protocol):
    """Who can be asked to write no more for a while."""

    def pauseProducing(self) -> None:
        """Write no more."""

    def resumeProducing(self) -> None:
        """Go on."""


class Stream(Producer, Protocol):
    """A Twisted transport, as far as we use it; as a producer it is asked to read no more."""

    def write(self, data: bytes) -> None:
        """Send bytes, in order, without waiting."""

    def loseConnection(self) -> None:
        """Close, once everything written has gone."""

    def abortConnection(self) -> None:
        """Close at once."""

    def registerProducer(self, producer: Producer, streaming: bool) -> None:
        """Ask ``producer`` to pause when too much waits to be sent."""

    def unregisterProducer(self) -> None:
        """Ask it no longer."""
