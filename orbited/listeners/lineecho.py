"""``lineecho://``: sends back complete lines."""

from typing import cast

from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

from orbited.reactor import Stream

# Who sends more without a line's end is hung up on.
MAX_LINE_BYTES = 16 * 1024


class LineEcho(LineReceiver):
    """One connection: lines end with a line feed. Who does not read what comes back is not read from either."""

    delimiter = b"\n"
    MAX_LENGTH = MAX_LINE_BYTES

    def connectionMade(self) -> None:
        """Let the connection pause itself: its reading, while its writing takes no more."""
        stream = cast(Stream, self.transport)
        stream.registerProducer(stream, True)

    def lineReceived(self, line: bytes) -> None:
        """Send it back."""
        self.sendLine(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Hang up."""
        cast(Stream, self.transport).abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Let go of the transport."""
        cast(Stream, self.transport).unregisterProducer()
