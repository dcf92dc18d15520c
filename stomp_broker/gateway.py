"""Twisted's end of a gate's connection to the other broker: makes it, and makes it anew when it is lost."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Protocol, cast

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, connectionDone
from twisted.internet.protocol import Protocol as Connection
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from stomp_broker.gate import Gate
from stomp_broker.logs import Log
from stomp_broker.outlet import is_tcp
from stomp_broker.transports import Clock, DelayedCall
from stomp_broker.upstream import ANSWER_SECONDS, Delivery, Ended, Ready, Upstream

# Seconds between two tries, at first and at most: who waits at a page hardly notices them.
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
# Seconds between two looks at the time: heart-beats are planned at half of their interval.
TICK_SECONDS = 1.0

log = Log()


class UpstreamConnection(Connection):
    """One connection. ``ready`` is called when clients can be let in, ``lost`` at the end with the reason."""

    def __init__(
        self,
        gate: Gate,
        upstream: Upstream,
        clock: Clock,
        ready: Callable[[], None],
        lost: Callable[[str], None],
    ) -> None:
        self._gate = gate
        self._upstream = upstream
        self._clock = clock
        self._ready = ready
        self._lost = lost
        self._is_reading = True
        self._will_write = False
        self._ticking = LoopingCall(self._tick)
        self._ticking.clock = clock  # type: ignore[assignment]  # As much of one as is needed.

    def connectionMade(self) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        if is_tcp(self._socket):
            self._socket.setTcpNoDelay(True)
        self._upstream.wake = self._write_later
        self._ticking.start(TICK_SECONDS).addErrback(lambda failure: log.failure("time stands still", failure))

    def dataReceived(self, data: bytes) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        self._upstream.receive_data(data, self._clock.seconds())
        self._handle_events()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        self._ticking.stop()
        self._upstream.end(reason.getErrorMessage())
        self._handle_events()

    def _handle_events(self) -> None:
        while event := self._upstream.next_event():
            match event:
                case Ready():
                    self._gate.open(self._upstream, self._ready)
                case Delivery():
                    self._gate.hear(event)
                case Ended(why):
                    self._gate.close(why)
                    self._lost(why)
                    self._socket.abortConnection()
        if self._is_reading and self._gate.hub.is_crowded:
            self._pause()

    def _tick(self) -> None:
        now = self._clock.seconds()
        if not self._is_reading:  # What it says is not read, so that its silence says nothing.
            self._upstream.receive_data(b"", now)
        self._upstream.tick(now)
        self._handle_events()
        self._write()

    def _pause(self) -> None:
        """Read nothing more until clients have what came: the other broker's system has to wait."""
        self._is_reading = False
        self._socket.pauseProducing()
        self._gate.hub.wait(self, self._resume)

    def _resume(self) -> None:
        self._is_reading = True
        self._socket.resumeProducing()

    def _write_later(self) -> None:
        """Send what is asked in one turn of the reactor together."""
        if not self._will_write:
            self._will_write = True
            self._clock.callLater(0, self._write)

    def _write(self) -> None:
        self._will_write = False
        if data := self._upstream.data_to_send():
            self._socket.write(data)

    @property
    def _socket(self) -> Any:  # noqa: ANN401
        return self.transport


class Address(NamedTuple):
    """Where the other broker listens."""

    host: str
    port: int


class Endpoint(Protocol):
    """See :class:`twisted.internet.interfaces.IStreamClientEndpoint`."""

    def connect(self, factory: Factory) -> Deferred[Any]:
        """Connect, and give the protocol that the factory made; or fail."""


class Gateway(Factory):
    """Keeps a gate connected between :meth:`start` and :meth:`stop`.

    ``endpoint`` gives the way to the other broker, ``begin`` what speaks to it over a new connection.
    """

    noisy = False

    def __init__(
        self,
        gate: Gate,
        endpoint: Callable[[], Endpoint],
        begin: Callable[[float], Upstream],
        clock: Clock,
    ) -> None:
        self._gate = gate
        self._endpoint = endpoint
        self._begin = begin
        self._clock = clock
        self._is_on = False
        # One of them while it is on: a try under way, a connection, or the pause before the next try.
        self._attempt: Deferred[Any] | None = None
        self._connection: UpstreamConnection | None = None
        self._pause: DelayedCall | None = None
        self._failures = 0

    def start(self) -> None:
        """Connect, and again whenever the connection is lost."""
        if not self._is_on:
            self._is_on = True
            self._connect()

    def stop(self) -> None:
        """Hang up, and try no more."""
        self._is_on = False
        if self._pause:
            self._pause.cancel()
        if self._attempt:
            self._attempt.cancel()
        if self._connection:
            cast(Any, self._connection.transport).loseConnection()
        self._pause = None

    def buildProtocol(self, addr: IAddress | None) -> UpstreamConnection:
        """See :class:`twisted.internet.interfaces.IProtocolFactory`."""
        upstream = self._begin(self._clock.seconds())
        return UpstreamConnection(self._gate, upstream, self._clock, self._is_ready, self._is_lost)

    def _connect(self) -> None:
        self._pause = None
        self._attempt = self._endpoint().connect(self)
        self._attempt.addCallbacks(self._made, self._failed)

    def _made(self, connection: UpstreamConnection) -> None:
        self._attempt, self._connection = None, connection

    def _failed(self, failure: Failure) -> None:
        self._attempt = None
        if not failure.check(CancelledError):
            self._is_lost(failure.getErrorMessage())

    def _is_ready(self) -> None:
        log.info("the other broker is there, and clients are let in")
        self._failures = 0

    def _is_lost(self, why: str) -> None:
        self._connection = None
        if not self._is_on:
            return
        if not self._failures:
            log.warn("the other broker is away, and so is this one for clients", why=why)
        seconds = min(FIRST_PAUSE_SECONDS * 2**self._failures, LONGEST_PAUSE_SECONDS)
        self._failures = min(self._failures + 1, 10)
        self._pause = self._clock.callLater(seconds, self._connect)


def make_gateway(gate: Gate, address: Address, login: str, passcode: str, clock: Clock) -> Gateway:
    """Give a gate's way to the broker at an address, over TCP; ``clock`` is the reactor by the time it starts."""

    def endpoint() -> Endpoint:
        return cast(Endpoint, HostnameEndpoint(clock, address.host, address.port, ANSWER_SECONDS))

    return Gateway(gate, endpoint, partial(Upstream, login, passcode, address.host), clock)
