"""``echo://``: sends back what comes."""

from typing import cast

from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from orbited.reactor import Stream


class Echo(Protocol):
    """One connection. Who does not read what comes back is not read from either."""

    def connectionMade(self) -> None:
        """Let the connection pause itself: its reading, while its writing takes no more."""
        self._stream = cast(Stream, self.transport)
        self._stream.registerProducer(self._stream, True)

    def dataReceived(self, data: bytes) -> None:
        """Send it back."""
        self._stream.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Let go of the transport."""
        self._stream.unregisterProducer()
