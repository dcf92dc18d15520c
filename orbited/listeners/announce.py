"""``announce://``: says ``message 1``, ``message 2``, … once a second, each on a line of its own.

Orbited 0.7 meant to, but failed on every connection.
"""

from itertools import count
from typing import Any, cast

from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Protocol, ServerFactory, connectionDone
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure
from zope.interface import implementer

from orbited.reactor import Clock, Stream

INTERVAL_S = 1


class AnnounceFactory(ServerFactory["Announce"]):
    """What listens."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def buildProtocol(self, addr: object) -> "Announce":
        """One more connection."""
        return Announce(self._clock)


@implementer(IPushProducer)
class Announce(Protocol):
    """One connection; it says nothing to who does not read, and takes no notice of what comes."""

    def __init__(self, clock: Clock) -> None:
        self._numbers = count(1)
        self._speaking = LoopingCall(self._speak)
        self._speaking.clock = cast(Any, clock)
        self._paused = False

    def connectionMade(self) -> None:
        """Begin."""
        self._stream = cast(Stream, self.transport)
        self._stream.registerProducer(self, True)
        self._speaking.start(INTERVAL_S)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End."""
        self._speaking.stop()

    def pauseProducing(self) -> None:
        """Say nothing for a while."""
        self._paused = True

    def resumeProducing(self) -> None:
        """Go on."""
        self._paused = False

    def stopProducing(self) -> None:
        """The connection is lost; ``connectionLost`` says so."""

    def _speak(self) -> None:
        number = next(self._numbers)
        if not self._paused:
            self._stream.write(f"message {number}\n".encode())
