"""``rude://``: hangs up on everybody at once, to try what a page makes of it."""

from typing import cast

from twisted.internet.protocol import Protocol

from orbited.reactor import Stream


class Rude(Protocol):
    """One connection, not for long."""

    def connectionMade(self) -> None:
        """Hang up."""
        cast(Stream, self.transport).loseConnection()
