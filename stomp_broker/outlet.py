"""The sending half of a connection: what a client does not read at once, waits here, within bounds.

No STOMP: bytes go out in the order in which they came.
"""

from typing import Protocol, TypeGuard

from twisted.internet.interfaces import IPushProducer, ITCPTransport
from zope.interface import implementer

from stomp_broker.transports import TcpTransport, Transport

# Bytes kept for a client that does not read, beside what its transport keeps (Twisted: 64 KiB). Over it the client
# is cut: it can come back and read the snapshot, and nobody else waits for it.
MAX_UNSENT_BYTES = 1024 * 1024


class Owner(Protocol):
    """The connection whose half this is."""

    def drained(self) -> None:
        """Hear that nothing waits any more."""

    def overflowed(self, unsent: int) -> None:
        """Hear that the client has left so many bytes unread, and that it is too much."""


@implementer(IPushProducer)
class Outlet:
    """Writes to a transport as long as that takes anything, and keeps the rest until it does again."""

    __slots__ = ("_is_ended", "_is_paused", "_owner", "_transport", "_unsent", "_unsent_bytes")

    def __init__(self, transport: Transport, owner: Owner) -> None:
        self._transport = transport
        self._owner = owner
        self._is_paused = False
        self._is_ended = False
        self._unsent: list[bytes] = []
        self._unsent_bytes = 0
        transport.registerProducer(self, True)

    @property
    def ready(self) -> bool:
        """Whether more can be written without being kept."""
        return not (self._is_paused or self._is_ended)

    def write(self, data: bytes) -> None:
        """Send bytes, or nothing after the end."""
        if not data or self._is_ended:
            return
        if not self._is_paused:
            self._transport.write(data)
            return
        self._unsent.append(data)
        self._unsent_bytes += len(data)
        if self._unsent_bytes > MAX_UNSENT_BYTES:
            self._owner.overflowed(self._unsent_bytes)

    def finish(self) -> None:
        """Hand over what was kept: nothing more is written."""
        if not self._is_ended:
            self._is_ended = True
            self._transport.unregisterProducer()
            self._transport.write(self._take_unsent())

    def drop(self) -> None:
        """Forget what was kept, and write nothing more."""
        self._is_ended = True
        self._take_unsent()

    # What the transport says.

    def pauseProducing(self) -> None:
        """Keep what is to be sent: the transport has enough."""
        self._is_paused = True

    def resumeProducing(self) -> None:
        """Send what was kept."""
        self._is_paused = False
        self.write(self._take_unsent())
        if self.ready:
            self._owner.drained()

    def stopProducing(self) -> None:
        """The transport is gone; connectionLost follows."""

    def _take_unsent(self) -> bytes:
        data = b"".join(self._unsent)
        self._unsent.clear()
        self._unsent_bytes = 0
        return data


def is_tcp(transport: Transport) -> TypeGuard[TcpTransport]:
    """Say whether a transport is a socket."""
    return bool(ITCPTransport.providedBy(transport))
