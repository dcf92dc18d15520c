"""A session in the reactor: the page's transport at one end, the backend's connection at the other.

``Proxy`` tells the session what happens, walks its events, hands packets to the transport and bytes to the backend,
and slows either side down when the other does not keep up. What any of it means is decided in ``session.py``.
"""

from collections.abc import Callable, Sequence
from functools import singledispatchmethod
from typing import Any, cast

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Factory, connectionDone
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from orbited.closing import Reason
from orbited.errors import BusyError, DuplexError, TargetDeniedError
from orbited.handshake import Refusal
from orbited.metrics import Metrics
from orbited.packets import Packet
from orbited.reactor import Clock, Stream
from orbited.session import Closing, DataArrived, Ended, Event, LineDead, PingDue, Session, State, TargetAsked
from orbited.transports import NO_ANSWER, Transport

# Connects one protocol of the factory to host:port; the Deferred fails when that cannot be done.
Connector = Callable[[str, int, Factory[Any]], Deferred[Any]]

log = Logger()


@implementer(IPushProducer)
class Backend(TwistedProtocol):
    """The connection to a page's target."""

    def __init__(self, proxy: "Proxy") -> None:
        self._proxy = proxy

    def connectionMade(self) -> None:
        """The target is reached."""
        self.stream = cast(Stream, self.transport)
        self.stream.registerProducer(self, True)
        self._proxy.backend_connected(self)

    def dataReceived(self, data: bytes) -> None:
        """Bytes for the page."""
        self._proxy.backend_sent(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The target has hung up."""
        self._proxy.backend_lost()

    def pauseProducing(self) -> None:
        """The target takes no more: take no more of the page."""
        self._proxy.backend_busy(True)

    def resumeProducing(self) -> None:
        """The target takes more."""
        self._proxy.backend_busy(False)

    def stopProducing(self) -> None:
        """The connection is lost; ``connectionLost`` says so to the page."""

    def cut(self, at_once: bool) -> None:
        """Hang up, when what was written has gone or ``at_once``."""
        self.stream.unregisterProducer()
        (self.stream.abortConnection if at_once else self.stream.loseConnection)()


class Proxy:
    """One session with its transport and its backend."""

    def __init__(
        self,
        number: int,
        session: Session,
        allows: Callable[[str, int], bool],
        connect: Connector,
        clock: Clock,
        metrics: Metrics,
        forget: Callable[["Proxy"], None],
    ) -> None:
        """``number`` stands for the session in the log, where its key must not; ``allows`` judges host and port."""
        self.number = number
        self.session = session
        self.transport: Transport | None = None
        self._allows = allows
        self._connect = connect
        self._clock = clock
        self._metrics = metrics
        self._forget = forget
        self._backend: Backend | None = None
        self._connecting: Deferred[Any] | None = None
        self._backend_paused = False
        self._busy = False

    @property
    def over(self) -> bool:
        """Has the session ended?"""
        return self.session.state is State.CLOSED

    # Called by transports and by the site.

    def attach(self, transport: Transport, ack: int) -> None:
        """Carry the session over ``transport``; AckError when the page cannot have seen ``ack`` packets."""
        if self.transport is not None:
            self.transport.close()
        self._tell(self.session.attach, ack)
        self.transport = transport
        self._metrics.transport_opened(transport.name)
        if self._busy:
            transport.pause_reading()
        transport.greet(self.session)
        self._settle()

    def detach(self, transport: Transport, grace_s: float, code: int) -> None:
        """``transport`` is over, with an HTTP status or WebSocket close code; the page has ``grace_s`` to return."""
        if transport is self.transport:
            self.transport = None
            self._metrics.transport_closed(transport.name, code)
            self._tell(self.session.detach, grace_s)

    def receive_packets(self, packets: Sequence[Packet], ack: int) -> None:
        """Take a POST in, or raise a PageError."""
        if self.transport is not None and self.transport.duplex:
            raise DuplexError("the page's packets come over its open transport")
        if self._busy:
            raise BusyError("the backend takes no more at the moment")
        self._tell(self.session.acknowledge, ack)
        self._tell(self.session.receive_packets, packets)

    def receive_data(self, data: bytes) -> None:
        """Take the page's next packet in, or raise a PageError."""
        self._tell(self.session.receive_data, data)

    def receive_close(self) -> None:
        """The page has closed its socket."""
        self._tell(self.session.receive_close)

    def acknowledge(self, ack: int) -> None:
        """The page has seen ``ack`` packets; AckError when it cannot have."""
        self._tell(self.session.acknowledge, ack)

    def close(self, reason: Reason) -> None:
        """End the session for a reason of the relay's own."""
        self._tell(self.session.close, reason)

    def tick(self) -> None:
        """Let time pass; for most sessions nothing happens."""
        self.session.tick(self._clock.seconds())
        if self.session.has_events:
            self._settle()
        if self.transport is not None:
            self.transport.acknowledge(self.session.received)

    def flush(self) -> None:
        """The transport can be written to again."""
        self._settle()

    # Called by the backend.

    def backend_connected(self, backend: Backend) -> None:
        """The target is reached."""
        self._backend, self._connecting = backend, None
        self._tell(self.session.connected)

    def backend_sent(self, data: bytes) -> None:
        """Bytes for the page."""
        self._tell(self.session.send, data)

    def backend_lost(self) -> None:
        """The target has hung up."""
        self._backend, self._busy = None, False
        self._tell(self.session.close, Reason.BACKEND_CLOSED)

    def backend_busy(self, busy: bool) -> None:
        """The target takes no more for a while, or again."""
        self._busy = busy
        if self.transport is not None:
            (self.transport.pause_reading if busy else self.transport.resume_reading)()

    # Steps of the above.

    def _tell(self, what: Callable[..., None], *details: object) -> None:
        try:
            what(*details, self._clock.seconds())
        finally:
            self._settle()

    def _settle(self) -> None:
        """Do what the session wants done after something has happened."""
        for event in self.session.events():
            self._handle(event)
        self._hand_over()
        self._slow_backend()

    def _hand_over(self) -> None:
        while (transport := self.transport) is not None and transport.writable:
            packets = self.session.take(transport.max_packets, transport.merges)
            if not packets:
                return
            transport.send(packets)

    def _slow_backend(self) -> None:
        if self._backend is None:
            return
        if not self._backend_paused and self.session.full:
            self._backend_paused = True
            self._backend.stream.pauseProducing()
        elif self._backend_paused and self.session.drained:
            self._backend_paused = False
            self._backend.stream.resumeProducing()

    @singledispatchmethod
    def _handle(self, event: Event) -> None:
        raise NotImplementedError(event)

    @_handle.register
    def _(self, event: TargetAsked) -> None:
        if self.session.state is not State.CONNECTING:
            return  # the same POST brought more, and closed it again
        if not self._allows(event.host, event.port):
            log.info("session {n}: {host!r}:{port} is not in [access]", n=self.number, host=event.host, port=event.port)
            self._tell(self.session.refuse, Refusal.UNAUTHORIZED)
            return
        log.info("session {n}: connecting to {host}:{port}", n=self.number, host=event.host, port=event.port)
        factory = Factory.forProtocol(lambda: Backend(self))
        self._connecting = maybeDeferred(self._connect, event.host, event.port, factory)
        self._connecting.addErrback(self._connect_failed)

    def _connect_failed(self, failure: Failure) -> None:
        self._connecting = None
        if self.session.state is State.CONNECTING:  # else the attempt was called off
            log.info("session {n}: no connection: {why}", n=self.number, why=failure.getErrorMessage())
            denied = failure.check(TargetDeniedError)
            self._tell(self.session.refuse, Refusal.UNAUTHORIZED if denied else Refusal.CONNECTION_FAILED)

    @_handle.register
    def _(self, event: DataArrived) -> None:
        if self._backend is not None:
            self._backend.stream.write(event.data)

    @_handle.register
    def _(self, event: PingDue) -> None:
        if self.transport is not None:
            self.transport.ping()

    @_handle.register
    def _(self, event: LineDead) -> None:
        log.info("session {n}: its line is dead", n=self.number)
        if self.transport is not None:
            self.transport.close(NO_ANSWER)

    @_handle.register
    def _(self, event: Closing) -> None:
        log.info("session {n}: closing: {why}", n=self.number, why=event.reason.text)
        self._cut_backend()

    @_handle.register
    def _(self, event: Ended) -> None:
        log.debug("session {n}: over: {why}", n=self.number, why=event.reason.text)
        self._cut_backend()
        if self.transport is not None:
            self.transport.close()
        self._metrics.session_closed(event.reason)
        self._forget(self)

    def _cut_backend(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.cut(at_once=self._busy)
        elif self._connecting is not None:
            self._connecting.cancel()
