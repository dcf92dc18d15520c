"""Connections within the process: two protocols joined in memory, without a socket between them.

Bytes objects pass through untouched, so that a broadcast that the broker writes to a thousand connections stays one
object. What is written is delivered in the next turn of the reactor, never within ``write()``: no protocol is entered
twice, and a loop over many connections ends before any of them answers. What is answered in that turn still arrives in
it, so that a question and its answer cost one turn; but after ``ROUNDS`` of those the reactor has its turn again.
"""

from collections import deque
from collections.abc import Iterable
from typing import Any, Protocol, cast

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.interfaces import IConsumer, IPushProducer, ITransport
from twisted.internet.protocol import ServerFactory
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from orbited.errors import RevokedError
from orbited.reactor import Clock, Producer

# What may wait in one direction before a registered producer is asked to pause; the same as a TCP transport's.
BUFFER_BYTES = 64 * 1024
# Answers upon answers that one turn of the reactor serves; two protocols may have something to say for ever.
ROUNDS = 8
# What either end is told of the other: this machine, no port.
ADDRESS = IPv4Address("TCP", "127.0.0.1", 0)

log = Logger()


class End(Protocol):
    """What is asked of the protocols at both ends: as Twisted's, but they need not be made from its class."""

    def makeConnection(self, transport: Any) -> None:  # noqa: ANN401
        """The connection is made."""

    def dataReceived(self, data: bytes) -> None:
        """Bytes of the peer."""

    def connectionLost(self, reason: Failure) -> None:
        """The connection is over."""


class Network:
    """All connections of one process, and the turn in which they are served."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._dirty: list[Wire] = []  # to be served next
        self._awake = False  # is there a turn to come, or is this it?

    def connect(self, client: End, factory: ServerFactory[Any]) -> bool:
        """Join ``client`` to a new protocol of ``factory``; False when the factory wants no connection."""
        server = factory.buildProtocol(cast(Any, ADDRESS))
        if server is None:
            return False
        near, far = Wire(self, client), Wire(self, server)
        near.peer, far.peer = far, near
        server.makeConnection(far)
        client.makeConnection(near)
        return True

    def schedule(self, wire: "Wire") -> None:
        """Serve ``wire`` after those that were scheduled before it."""
        self._dirty.append(wire)
        if not self._awake:
            self._awake = True
            self._clock.callLater(0, self._serve)

    def _serve(self) -> None:
        for _ in range(ROUNDS):
            dirty, self._dirty = self._dirty, []
            for wire in dirty:
                _serve(wire)
        self._awake = bool(self._dirty)
        if self._awake:
            self._clock.callLater(0, self._serve)


def _serve(wire: "Wire") -> None:
    try:
        wire.serve()
    except Exception:  # noqa: BLE001  Where a connection meets the reactor.
        log.failure("a connection within the process is cut after an error")
        wire.abortConnection()


@implementer(ITransport, IConsumer, IPushProducer)
class Wire:
    """One end of a connection: the transport of one protocol, and the inbox of what its peer has written."""

    __slots__ = (
        "_closing",
        "_connected",
        "_inbox",
        "_network",
        "_paused",
        "_producer",
        "_producer_paused",
        "_protocol",
        "_scheduled",
        "_waiting",
        "peer",
    )

    disconnecting = False
    peer: "Wire"

    def __init__(self, network: Network, protocol: End) -> None:
        self._network = network
        self._protocol = protocol
        self._inbox: deque[bytes] | None = None  # there only while something waits: an empty one takes 760 bytes
        self._waiting = 0  # bytes in the inbox
        self._connected = True
        self._closing: Failure | None = None  # why the connection ends once the inbox is empty
        self._scheduled = False
        self._paused = False
        self._producer: Producer | None = None
        self._producer_paused = False

    # ITransport, for the protocol at this end.

    def write(self, data: bytes) -> None:
        """Send ``data``, as this very object."""
        if data and self._connected and self.peer._closing is None:
            self.peer._receive(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Send several pieces."""
        for piece in data:
            self.write(piece)

    def loseConnection(self) -> None:
        """Close, once what was written has arrived."""
        self._close(Failure(ConnectionDone()))

    def close_for_good(self) -> None:
        """As ``loseConnection``, but the peer is told (RevokedError) that it had better not come back."""
        self._close(Failure(RevokedError()))

    def abortConnection(self) -> None:
        """Close at once, forgetting what was written."""
        self.peer._drop()
        self._close(Failure(ConnectionAborted()))

    def getPeer(self) -> IPv4Address:
        """An address that says: this machine."""
        return ADDRESS

    getHost = getPeer

    # IConsumer: who writes here may be asked to pause.

    def registerProducer(self, producer: Producer, streaming: bool) -> None:
        """Ask ``producer`` to pause while the peer does not read; only push producers are served."""
        if not streaming:
            raise ValueError("only streaming (push) producers can be registered here")
        self._producer, self._producer_paused = producer, False
        self._press()

    def unregisterProducer(self) -> None:
        """Forget the producer."""
        self._producer = None

    # IPushProducer: the protocol at this end may read no more for a while.

    def pauseProducing(self) -> None:
        """Read no more; what the peer writes waits."""
        self._paused = True

    def resumeProducing(self) -> None:
        """Read again."""
        self._paused = False
        self._schedule()

    def stopProducing(self) -> None:
        """Read never again."""
        self.loseConnection()

    # The turn.

    def serve(self) -> None:
        """Deliver what waits, and the connection's end after it."""
        self._scheduled = False
        while self._inbox and not self._paused and self._connected:
            data = self._inbox.popleft()
            self._waiting -= len(data)
            if not self._inbox:
                self._inbox = None
            self._protocol.dataReceived(data)
        self.peer._press()
        if self._closing is not None and self._connected and not self._inbox:
            self._end(self._closing)

    def _end(self, why: Failure) -> None:
        """Let go of everybody: what refers to itself would wait for the garbage collector."""
        protocol = self._protocol
        del self._protocol
        self._connected, self._producer, self.peer = False, None, NOWHERE
        protocol.connectionLost(why)

    def _receive(self, data: bytes) -> None:
        if self._inbox is None:
            self._inbox = deque()
        self._inbox.append(data)
        self._waiting += len(data)
        self._schedule()
        self.peer._press()

    def _drop(self) -> None:
        self._inbox = None
        self._waiting = 0

    def _close(self, why: Failure) -> None:
        for end in (self.peer, self):
            end._closing = end._closing or why
            end._schedule()
        self._drop()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._network.schedule(self)

    def _press(self) -> None:
        """Pause or resume the producer that writes at this end."""
        if self._producer is None:
            return
        waiting = self.peer._waiting
        if not self._producer_paused and waiting > BUFFER_BYTES:
            self._producer_paused = True
            self._producer.pauseProducing()
        elif self._producer_paused and not waiting:
            self._producer_paused = False
            self._producer.resumeProducing()


def _nowhere() -> Wire:
    """An end that is over, and so is its peer: nothing happens to it any more."""
    end = Wire(cast(Any, None), cast(Any, None))
    end._connected, end._scheduled, end._closing, end.peer = False, True, Failure(ConnectionDone()), end
    return end


NOWHERE = _nowhere()  # the peer of every end that is over
