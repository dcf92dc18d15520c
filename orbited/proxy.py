"""A session in the reactor: the page's transport at one end, the backend's connection at the other.

``Proxy`` tells the session what happens, walks its events, hands packets to the transport and bytes to the backend,
and slows either side down when the other does not keep up. What any of it means is decided in ``session.py``.
"""

import time
from collections.abc import Callable, Sequence
from hmac import compare_digest
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from orbited.backend import Backend, BackendFactory
from orbited.closing import Reason
from orbited.errors import BusyError, DuplexError, TargetDeniedError
from orbited.handshake import Refusal
from orbited.logs import ACCESS
from orbited.metrics import Metrics
from orbited.packets import Packet
from orbited.reactor import Clock
from orbited.roundtrip import RoundTrip
from orbited.session import Closing, DataArrived, Ended, Event, LineDead, PingDue, Session, State, TargetAsked, TooFast
from orbited.shared import Measured, Shared
from orbited.transports import LOST_GRACE_S, End, Transport
from orbited.websocket import SharedFrames

# No count of packets: the page has not been asked for one.
UNASKED = -1

log = Logger()
access_log = Logger(ACCESS)


class Proxy:
    """One session with its transport and its backend."""

    __slots__ = (
        "_asked_at",
        "_backend",
        "_backend_paused",
        "_busy",
        "_connecting",
        "_lost",
        "_round_trip",
        "_route",
        "_shared",
        "_token",
        "address",
        "key",
        "number",
        "port",
        "session",
        "source",
        "transport",
    )

    def __init__(
        self, number: int, key: str, token: str | None, source: str, address: str, session: Session, shared: Shared
    ) -> None:
        """``number`` stands for the session in the log, where its key must not; only who has the ``token``, if there is
        one, may use it. The page asked from ``address`` for the relay called ``source`` (its Host header)."""
        self.number = number
        self.key = key
        self.source = source
        self.address = address
        self.port = 0  # that the page asked from
        self.session = session
        self.transport: Transport | None = None
        self._token = token
        self._route = ""  # from where to where, once the page may go there
        self._shared = shared
        self._backend: Backend | None = None
        self._connecting: Deferred[Any] | None = None
        self._backend_paused = False
        self._asked_at = UNASKED  # how many packets the page had seen when it was last asked how many
        self._busy = False  # does the backend take nothing?
        self._lost = False  # is the page away whose line broke?
        self._round_trip: RoundTrip | None = None  # of a page that asks for it

    @property
    def over(self) -> bool:
        """Has the session ended?"""
        return self.session.state is State.CLOSED

    @property
    def owned(self) -> bool:
        """Has it a token? A page that got one is ours and knows our errors; one of 2010 dies of them."""
        return self._token is not None

    @property
    def clock(self) -> Clock:
        """The time, for transports."""
        return self._shared.clock

    @property
    def metrics(self) -> Metrics:
        """The figures, for transports."""
        return self._shared.metrics

    @property
    def frames(self) -> SharedFrames:
        """Frames that one transport has made and another can send too."""
        return self._shared.frames

    @property
    def measured(self) -> set[Measured] | None:
        """Where a transport enters itself that measures its line; None where nobody wants to know."""
        return self._shared.measured if self._shared.slips else None

    # Called by transports and by the site.

    def admits(self, token: bytes) -> bool:
        """May who shows ``token`` use the session?"""
        return self._token is None or compare_digest(self._token.encode(), token)

    def attach(self, transport: Transport, ack: int) -> None:
        """Carry the session over ``transport``; AckError when the page cannot have seen ``ack`` packets."""
        if self.transport is not None:
            self.transport.close(End.REPLACED)
        elif self._lost:
            self.metrics.resumed(replayed=ack < self.session.sent)
        self._lost = False
        self._tell(self.session.attach, ack)
        self.transport = transport
        self.metrics.transport_opened(transport.name)
        if self._busy:
            transport.pause_reading()
        transport.greet(self.session)
        self._asked_at = UNASKED
        self._settle()

    def carried_by(self, transport: object) -> bool:
        """Does ``transport`` carry the session now? What a replaced one still brings has been sent again."""
        return transport is self.transport

    def detach(self, transport: object, grace_s: float, code: int) -> None:
        """``transport`` is over, with an HTTP status or WebSocket close code; the page has ``grace_s`` to return."""
        carrier = self.transport
        if carrier is not None and carrier is transport:
            self.transport = None
            self._lost = grace_s == LOST_GRACE_S
            self.metrics.transport_closed(carrier.name, code)
            self._tell(self.session.detach, grace_s)

    def receive_packets(self, packets: Sequence[Packet], ack: int) -> None:
        """Take a POST in, or raise a PageError."""
        self._tell(self.session.acknowledge, ack)
        if packets and self.transport is not None and self.transport.duplex:
            raise DuplexError("the page's packets come over its open transport")
        if packets and self._busy:
            raise BusyError("the backend takes no more at the moment")
        self._tell(self.session.receive_packets, packets)
        if packets:
            self._shared.unacknowledged.add(self)

    def receive_data(self, data: bytes) -> None:
        """Take the page's next packet in, or raise a PageError."""
        self._shared.unacknowledged.add(self)
        self._tell(self.session.receive_data, data)

    def receive_close(self) -> None:
        """The page has closed its socket."""
        self._tell(self.session.receive_close)

    def acknowledge(self, ack: int) -> None:
        """The page has seen ``ack`` packets; AckError when it cannot have."""
        self._tell(self.session.acknowledge, ack)

    def hear(self) -> None:
        """The page has given a sign of life."""
        self._tell(self.session.hear)

    def acknowledge_page(self) -> None:
        """Tell the page, where it learns it in no other way, what has come."""
        if self.transport is not None:
            self.transport.acknowledge(self.session.received)

    def close(self, reason: Reason) -> None:
        """End the session for a reason of the relay's own."""
        self._tell(self.session.close, reason)

    def drop(self, reason: Reason) -> None:
        """End the session without a word."""
        self.session.drop(reason)
        self._settle()

    def tick(self) -> None:
        """Let time pass: to be called once ``session.due`` has come."""
        self._tell(self.session.tick)

    def slip(self, round_trip_ms: int) -> str:
        """What the page can show of its line."""
        slips = self._shared.slips
        return slips.sign(self.number, round_trip_ms, int(time.time())) if slips else ""

    def ask_line(self, echo: int) -> str:
        """A question by a plain request, which the next one answers: its number, and the slip once there is one.

        ``echo`` is the number that the page answers, 0 for none. Empty where no line is measured.
        """
        if self.measured is None:
            return ""
        now = self.clock.seconds()
        self._round_trip = self._round_trip or RoundTrip(now)
        self.line_answered(self._round_trip, echo, now)
        known, number = self._round_trip.ms, self._round_trip.ask(now)
        return str(number) if known is None else f"{number} {self.slip(known)}"

    def line_answered(self, line: RoundTrip, number: int, now: float) -> None:
        """The page has answered question ``number`` of its line."""
        if (seconds := line.answered(number, now)) is not None:
            self.metrics.round_trip(seconds)

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

    def backend_lost(self, for_good: bool) -> None:
        """The target has hung up; ``for_good``: it wants the page to stay away.

        One that had to wait for the page has lost patience with it.
        """
        self._let_go()
        gone = Reason.TOO_SLOW if self._backend_paused else Reason.BACKEND_CLOSED
        self._tell(self.session.close, Reason.REVOKED if for_good else gone)

    def backend_busy(self, busy: bool) -> None:
        """The target takes no more for a while, or again."""
        self._busy = busy
        if self.transport is not None:
            (self.transport.pause_reading if busy else self.transport.resume_reading)()

    # Steps of the above.

    def _tell(self, what: Callable[..., None], *details: object) -> None:
        try:
            what(*details, self._shared.clock.seconds())
        finally:
            self._settle()

    def _settle(self) -> None:
        """Do what the session wants done after something has happened."""
        if self.session.has_events:
            for event in self.session.events():
                _HANDLERS[type(event)](self, event)
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
            self._ask_for_acknowledgement()
        elif self._backend_paused and self.session.drained:
            self._backend_paused = False
            self._backend.stream.resumeProducing()
        elif self._backend_paused and self.session.acked != self._asked_at:
            self._ask_for_acknowledgement()  # its answer was about less than is held

    def _ask_for_acknowledgement(self) -> None:
        """Pages of 2010 say what they have seen only when they say anything; the answer to a ping is something."""
        if self.transport is not None:
            self._asked_at = self.session.acked
            self.transport.ping()

    # One for each kind of event.

    def _target_asked(self, event: TargetAsked) -> None:
        if self.session.state is not State.CONNECTING:
            return  # the same POST brought more, and closed it again
        if not self._shared.policy.access.allows(self.source, event.host, event.port):
            self._deny(f"{event.host!r}:{event.port} is not in [access]")
            return
        self._route = f"{self.address}:{self.port} to {event.host}:{event.port}"
        access_log.debug("new connection from {route}", route=self._route)
        connecting = maybeDeferred(self._shared.connect, event.host, event.port, BackendFactory(self))
        connecting.addErrback(self._connect_failed)
        if not connecting.called:  # as it is where the target is in this process
            self._connecting = connecting

    def _connect_failed(self, failure: Failure) -> None:
        self._connecting = None
        if self.session.state is State.CONNECTING:  # else the attempt was called off
            if failure.check(TargetDeniedError):
                self._deny(f"no connection: {failure.getErrorMessage()}")
            else:
                self._note("unreachable", f"no connection: {failure.getErrorMessage()}")
                self._tell(self.session.refuse, Refusal.CONNECTION_FAILED)

    def _deny(self, why: str) -> None:
        self._note(TargetDeniedError.code, why)
        self.metrics.refused(TargetDeniedError())
        self._tell(self.session.refuse, Refusal.UNAUTHORIZED)

    def _note(self, kind: str, text: str) -> None:
        """A line in the log, now and then: any page can cause as many as it likes."""
        if self._shared.log_quota.allows(kind, self.clock.seconds()):
            log.info("session {n}: {text}", n=self.number, text=text)

    def _data_arrived(self, event: DataArrived) -> None:
        if self._backend is not None:
            self._backend.stream.write(event.data)

    def _ping_due(self, _: PingDue) -> None:
        if self.transport is not None:
            self.transport.ping()

    def _too_fast(self, _: TooFast) -> None:
        log.debug("session {n}: its page sends more than it may", n=self.number)
        if self.transport is not None:
            self.transport.warn()

    def _line_dead(self, _: LineDead) -> None:
        log.debug("session {n}: its line is dead", n=self.number)
        if self.transport is not None:
            self.transport.close(End.NO_ANSWER)

    def _closing(self, event: Closing) -> None:
        log.debug("session {n}: closing: {why}", n=self.number, why=event.reason.text)
        self._leave_backend()

    def _ended(self, event: Ended) -> None:
        log.debug("session {n}: over: {why}", n=self.number, why=event.reason.text)
        if self._route:
            access_log.debug("connection closed from {route}", route=self._route)
        self._leave_backend()
        if self.transport is not None:
            self.transport.close(End.OVER)
        self.metrics.session_closed(event.reason)
        self._shared.forget(self)

    def _leave_backend(self) -> None:
        backend = self._let_go()
        if backend is not None:
            backend.hang_up(self.clock)
        elif self._connecting is not None:
            self._connecting.cancel()

    def _let_go(self) -> Backend | None:
        """The backend is of no importance any more; a page that had to wait for it is read again."""
        backend, self._backend = self._backend, None
        if self._busy:
            self.backend_busy(False)
        return backend


_HANDLERS: dict[type[Event], Callable[[Proxy, Any], None]] = {
    TargetAsked: Proxy._target_asked,
    DataArrived: Proxy._data_arrived,
    PingDue: Proxy._ping_due,
    TooFast: Proxy._too_fast,
    LineDead: Proxy._line_dead,
    Closing: Proxy._closing,
    Ended: Proxy._ended,
}
