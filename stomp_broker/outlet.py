"""The sending half of a connection: what a client does not read at once, waits here, within bounds.

No STOMP: pieces of whole frames come in, and go out in this order. What has not begun to go out can still be taken
back, which is how a client that does not read is told so (see :meth:`Outlet.finish`).

A socket is written to directly as long as nothing waits before it. Twisted's ``transport.write`` costs three system
calls where that costs one, and begins to send only when a loop over all receivers has ended. Twisted gets what the
socket did not take, and says when that is gone.
"""

from collections import deque
from collections.abc import Callable
from socket import socket
from typing import Protocol, TypeGuard

from twisted.internet.interfaces import IPushProducer, ISSLTransport, ITCPTransport
from zope.interface import implementer

from stomp_broker.logins import Login
from stomp_broker.transports import TcpTransport, Transport

# Bytes kept for a client that does not read, beside what its transport keeps (Twisted: 64 KiB). Over it the client
# is cut: it can come back and read the snapshot, and nobody else waits for it.
MAX_UNSENT_BYTES = 1024 * 1024
# Bytes kept for all clients of a broker. Over it the slowest are cut first: five hundred phones in one dead spot of the
# network shall not take the memory that the others are served from. Bytes that several clients share count for each.
MAX_ALL_UNSENT_BYTES = 128 * 1024 * 1024


class Owner(Protocol):
    """The connection whose half this is; ``number`` and ``login`` are for those who look at the slow ones."""

    number: int
    login: Login | None

    def slowed(self) -> None:
        """Hear that the client reads too slowly: ``send`` has changed."""

    def drained(self) -> None:
        """Hear that nothing waits any more: ``send`` has changed."""

    def overflowed(self, unsent: int) -> None:
        """Hear that the client left so many bytes unread that they were thrown away. It is to be cut."""


class Backlog:
    """What the clients of one broker have not read."""

    __slots__ = ("_slow", "size")

    def __init__(self) -> None:
        self.size = 0
        self._slow: dict[Outlet, None] = {}

    @property
    def connections(self) -> int:
        """How many have left something unread."""
        return len(self._slow)

    def slow(self) -> list[tuple[Owner, int]]:
        """Give each of them, and how many bytes these are."""
        return [(outlet.owner, outlet.unsent) for outlet in self._slow]

    def add(self, outlet: "Outlet", size: int) -> None:
        """Note bytes that were kept, and end clients until what is kept is within bounds."""
        self.size += size
        self._slow[outlet] = None
        if outlet.unsent > MAX_UNSENT_BYTES:
            outlet.overflow()
        while self.size > MAX_ALL_UNSENT_BYTES:
            max(self._slow, key=lambda each: each.unsent).overflow()

    def remove(self, outlet: "Outlet", size: int) -> None:
        """Note bytes that are gone."""
        self.size -= size
        if not outlet.unsent:
            self._slow.pop(outlet, None)


@implementer(IPushProducer)
class Outlet:
    """Writes to a transport as long as that takes anything, and keeps the rest until it does again."""

    __slots__ = ("_backlog", "_is_ended", "_is_paused", "_transport", "_unsent", "owner", "unsent")
    _streaming = True

    def __init__(self, transport: Transport, owner: Owner, backlog: Backlog) -> None:
        self.unsent = 0
        self._transport = transport
        self.owner = owner
        self._backlog = backlog
        self._is_paused = False
        self._is_ended = False
        self._unsent: deque[bytes] | None = None  # there only while something waits: an empty one takes 760 bytes
        transport.registerProducer(self, self._streaming)

    @property
    def ready(self) -> bool:
        """Whether more can be written without being kept."""
        return not (self._is_paused or self._is_ended)

    @property
    def send(self) -> Callable[[bytes], int]:
        """What takes bytes if it can, and gives how many of them it took. The rest is to be written."""
        return self._offer

    def write(self, data: bytes) -> None:
        """Send whole frames, now or later, or nothing after the end."""
        if not data or self._is_ended:
            return
        if self._is_paused:
            self._keep(data)
        else:
            self._put(data)

    def overflow(self) -> None:
        """Throw away what has not begun to go out, and say so."""
        unsent = self.unsent
        self._take_unsent()
        self.owner.overflowed(unsent)

    def finish(self) -> None:
        """Hand over what was kept: nothing more is written."""
        if not self._is_ended:
            self._is_ended = True
            self._transport.unregisterProducer()
            for data in self._take_unsent():
                self._transport.write(data)

    def drop(self) -> None:
        """Forget what was kept, and write nothing more."""
        self._is_ended = True
        self._take_unsent()

    def lost(self) -> None:
        """Let go of the owner, too: the transport is gone, and what refers to itself is freed late."""
        self.drop()
        del self.owner

    # What the transport says.

    def pauseProducing(self) -> None:
        """Keep what is to be sent: the transport has enough."""
        if not self._is_paused:
            self._is_paused = True
            self.owner.slowed()

    def resumeProducing(self) -> None:
        """Send what was kept."""
        if self._is_ended or not self._is_paused:
            return
        self._is_paused = False
        while self._unsent and not self._is_paused:
            data = self._unsent.popleft()
            self._count(-len(data))
            self._put(data)
        if not self._unsent:
            self._unsent = None
        if self.ready:
            self.owner.drained()

    def stopProducing(self) -> None:
        """The transport is gone; connectionLost follows."""

    # Steps of the above.

    def _offer(self, data: bytes) -> int:
        if not self.ready:
            return 0
        self._transport.write(data)
        return len(data)

    def _put(self, data: bytes) -> None:
        self._transport.write(data)

    def _keep(self, data: bytes) -> None:
        if self._unsent is None:
            self._unsent = deque()
        self._unsent.append(data)
        self._count(len(data))

    def _count(self, size: int) -> None:
        self.unsent += size
        if size > 0:
            self._backlog.add(self, size)
        else:
            self._backlog.remove(self, -size)

    def _take_unsent(self) -> deque[bytes] | tuple[()]:
        taken, self._unsent = self._unsent, None
        if self.unsent:
            self._count(-self.unsent)
        return taken or ()


class SocketOutlet(Outlet):
    """The same for a socket of this process.

    To Twisted it is a pull producer: those are told whenever its buffer is empty, and what comes into it is only what
    the socket did not take.
    """

    __slots__ = ("_socket",)
    _streaming = False

    def __init__(self, transport: TcpTransport, owner: Owner, backlog: Backlog) -> None:
        self._socket: socket = transport.getHandle()
        super().__init__(transport, owner, backlog)

    @property
    def send(self) -> Callable[[bytes], int]:
        """The socket's own, as long as nothing waits before it."""
        return self._socket.send if self.ready else _refuse

    def _put(self, data: bytes) -> None:
        try:
            taken = self._socket.send(data)
        except OSError:  # Full, or lost, which the transport finds out.
            taken = 0
        if taken < len(data):
            self._transport.write(data[taken:])
            self.pauseProducing()


def make_outlet(transport: Transport, owner: Owner, backlog: Backlog) -> Outlet:
    """Give the outlet for a transport of this kind."""
    if is_tcp(transport) and not ISSLTransport.providedBy(transport):
        return SocketOutlet(transport, owner, backlog)
    return Outlet(transport, owner, backlog)


def is_tcp(transport: Transport) -> TypeGuard[TcpTransport]:
    """Say whether a transport is a socket."""
    return bool(ITCPTransport.providedBy(transport))


def _refuse(_data: bytes) -> int:
    return 0
