"""One page's session: an ordered, acknowledged stream of packets in both directions, whatever carries it.

Pure: packets and times go in, events and packets come out; no socket, no reactor, no clock. ``now`` is seconds on any
clock that never goes back. Who holds a session calls a method, then handles ``events()``, then gives ``take()`` to the
transport, and calls ``tick`` when ``due`` has come.

Packets are counted from 1 in each direction. Data and the final close count; everything else (open, options, pings,
acknowledgements) does not, so that a WebSocket can count packets without writing numbers. Those for the page wait in
the ``outbox``.

The conversation's states are the table TRANSITIONS; what is not in it does not happen. Whether a transport is attached
is a matter of its own: any state can lose its transport and find another.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from orbited.closing import Reason
from orbited.errors import AckError, GapError, HandshakeError, PacketError, RateError
from orbited.handshake import CONNECTED, Refusal, parse_target
from orbited.outbox import Numbered, Outbox
from orbited.packets import CLOSE, DATA, PING, Packet
from orbited.rate import Bucket

# Unacknowledged and waiting bytes of one session: a reader this far behind reads a snapshot sooner than a backlog.
MAX_HELD_BYTES = 1024 * 1024
# The backend is asked to pause above the first and to go on below the second, well before a session is given up.
HIGH_WATER_BYTES = 512 * 1024
LOW_WATER_BYTES = 256 * 1024
# A page names its target at once; a session without one only takes room, most of all one whose page is not even there.
HANDSHAKE_LIMIT_S = 10
# How long the last packets of a closing session wait for the page to fetch them.
LINGER_S = 15


@dataclass(frozen=True)
class Settings:
    """What the operator may set about sessions: times in seconds, rates in messages of a page."""

    ping_interval_s: int = 30
    ping_timeout_s: int = 30
    messages_per_s: int = 20
    message_burst: int = 50


class State(Enum):
    """Where the conversation with the page stands."""

    HANDSHAKE = auto()  # the page has not named its target
    CONNECTING = auto()  # it has; the backend is being reached
    OPEN = auto()  # bytes pass
    CLOSING = auto()  # the close packet waits for its acknowledgement
    CLOSED = auto()  # over


TRANSITIONS = {
    (State.HANDSHAKE, "ask"): State.CONNECTING,
    (State.HANDSHAKE, "close"): State.CLOSING,
    (State.HANDSHAKE, "end"): State.CLOSED,
    (State.CONNECTING, "connect"): State.OPEN,
    (State.CONNECTING, "close"): State.CLOSING,
    (State.CONNECTING, "end"): State.CLOSED,
    (State.OPEN, "close"): State.CLOSING,
    (State.OPEN, "end"): State.CLOSED,
    (State.CLOSING, "end"): State.CLOSED,
}


class TargetAsked(NamedTuple):
    """The page asks to be connected: answer with ``connected()`` or ``refuse()``."""

    host: str
    port: int


class DataArrived(NamedTuple):
    """Bytes of the page for its backend."""

    data: bytes


class PingDue(NamedTuple):
    """Nothing was heard of the page for a while: its transport asks it for a sign of life."""


class TooFast(NamedTuple):
    """The page sends more than it may: its transport warns it, once, before the session is closed for it."""


class LineDead(NamedTuple):
    """The page did not answer a ping: its transport carries nothing any more, but another may come."""


class Closing(NamedTuple):
    """The conversation is over and the backend no longer needed; the page is still to learn of it."""

    reason: Reason


class Ended(NamedTuple):
    """Nothing is left to do: forget the session."""

    reason: Reason


Event = TargetAsked | DataArrived | PingDue | TooFast | LineDead | Closing | Ended


class Session:
    """The session of one TCPSocket of one page."""

    __slots__ = (
        "_bucket",
        "_events",
        "_grace_s",
        "_heard_at",
        "_outbox",
        "_pinged_at",
        "_settings",
        "_since",
        "_warned",
        "attached",
        "due",
        "reason",
        "received",
        "state",
    )

    def __init__(self, settings: Settings, now: float) -> None:
        self.state = State.HANDSHAKE
        self.attached = False
        self.received = 0  # packets of the page that have been taken in
        self.reason: Reason | None = None  # why it closes
        self.due = now  # nothing happens by itself before
        self._settings = settings
        self._bucket = Bucket(settings.messages_per_s, settings.message_burst, now)
        self._outbox = Outbox()
        self._events: list[Event] = []
        self._heard_at = now
        self._pinged_at: float | None = None
        self._since = now  # of the present state
        self._grace_s: float = HANDSHAKE_LIMIT_S
        self._warned = False

    # What the reactor's side is told.

    def events(self) -> Iterator[Event]:
        """What has happened since the last call, in order."""
        while self._events:
            yield self._events.pop(0)

    def take(self, most: int, merge: bool) -> list[Numbered]:
        """Up to ``most`` packets for the attached transport; with ``merge`` adjacent new data goes as one packet."""
        return self._outbox.take(most, merge)

    @property
    def sent(self) -> int:
        """How many packets have been handed to transports."""
        return self._outbox.sent

    @property
    def options(self) -> tuple[str, str]:
        """What the page has to know of our timers, as Orbited 0.7's ``opt`` packets say it."""
        return (f"pingTimeout,{self._settings.ping_timeout_s}", f"pingInterval,{self._settings.ping_interval_s}")

    @property
    def has_events(self) -> bool:
        """Has anything happened that is still to be handled?"""
        return bool(self._events)

    @property
    def greeting_due(self) -> bool:
        """Does the page still have to learn that it may send?"""
        return self.state is State.HANDSHAKE and not self.received

    @property
    def acked(self) -> int:
        """How many packets the page has seen."""
        return self._outbox.acked

    @property
    def full(self) -> bool:
        """Is so much held for the page that its backend should pause?"""
        return self._outbox.held > HIGH_WATER_BYTES

    @property
    def drained(self) -> bool:
        """Is so little held for the page that its backend may go on?"""
        return self._outbox.held <= LOW_WATER_BYTES

    # What transports tell.

    def attach(self, ack: int, now: float) -> None:
        """A transport of a page that has seen ``ack`` packets: what it has not seen is sent again."""
        self.acknowledge(ack, now)
        self.attached = True
        self.due = now
        self._outbox.replay()

    def detach(self, grace_s: float, now: float) -> None:
        """The transport is gone; the page has ``grace_s`` seconds to return with another."""
        self.attached = False
        self.due = now
        self._grace_s = grace_s
        self._heard_at = now

    def hear(self, now: float) -> None:
        """The page has given a sign of life, of whatever kind."""
        self._heard_at = now
        if self._pinged_at is not None:
            self._pinged_at = None
            self.due = now

    def count_as_seen(self) -> None:
        """The page acknowledges nothing: whatever a transport was handed counts as seen, except for the close."""
        if self.state is not State.CLOSING:
            self._outbox.acknowledge(self.sent)

    def acknowledge(self, ack: int, now: float) -> None:
        """The page has seen ``ack`` packets. AckError, and the session's end, when it cannot have."""
        self.hear(now)
        if ack > self.sent:
            self.close(Reason.BAD_INPUT, now)
            raise AckError(f"{ack} packets acknowledged, {self.sent} sent")
        self._outbox.acknowledge(ack)
        if self.state is State.CLOSING and self._outbox.empty:
            self._end()

    def receive_packets(self, packets: Sequence[Packet], now: float) -> None:
        """Numbered packets, all or none of them: what was taken in before is dropped.

        PacketError (and the session's end) for packets that no page may send, GapError when one before them is
        missing, RateError when they are too many now.
        """
        self.hear(now)
        if any(packet.name not in (DATA, PING, CLOSE) for packet in packets):
            self.close(Reason.BAD_INPUT, now)
            raise PacketError("a page sends data, ping and close")
        fresh = [packet for packet in packets if packet.id > self.received]
        if [packet.id for packet in fresh] != list(range(self.received + 1, self.received + 1 + len(fresh))):
            raise GapError(f"expects {self.received + 1}")
        if fresh and not self._bucket.take(len(fresh), now):
            raise RateError("packets; the same again, a little later")
        for packet in fresh:
            self._take_in(packet, now)

    def receive_data(self, data: bytes, now: float) -> None:
        """The next packet of a transport that only counts.

        Nothing can be refused there: who sends too much is warned, then closed, with a RateError.
        """
        self.hear(now)
        allowance = self._bucket.spend(1, now)
        if allowance < 0:
            self._judge_flood(-allowance, now)
        self.received += 1
        self._take_in_data(data, now)

    def receive_close(self, now: float) -> None:
        """The page wants no more: what waits for it is let go."""
        if self.state is State.CLOSING:
            self._end()
        elif self.state is not State.CLOSED:
            self._outbox.forget()
            self.close(Reason.PAGE_CLOSED, now)

    # What the backend's side tells.

    def connected(self, now: float) -> None:
        """The target is reached: bytes may pass."""
        self._move("connect", now)
        self._push(CONNECTED, now)

    def refuse(self, refusal: Refusal, now: float) -> None:
        """The target may not or cannot be reached."""
        self._push(refusal.encode(), now)
        self.close(Reason.BACKEND_CLOSED, now)

    def send(self, data: bytes, now: float) -> None:
        """Bytes of the backend for the page; a page too far behind loses its session instead."""
        if self.state is State.OPEN and data:
            self._push(data, now)

    def close(self, reason: Reason, now: float) -> None:
        """End the conversation; what was sent before is still delivered."""
        if self.state in (State.CLOSING, State.CLOSED):
            return
        self._move("close", now)
        self.reason = reason
        self._outbox.push(reason)
        self._events.append(Closing(reason))

    def drop(self, reason: Reason) -> None:
        """End the session at once: there is no page to be told."""
        if self.state is not State.CLOSED:
            self.reason = self.reason or reason
            self._end()

    def tick(self, now: float) -> None:
        """Let time pass: to be called once ``due`` has come, and then every second or so."""
        if self.state is State.CLOSED:
            return
        deadline, step = self._next()
        if now >= deadline:
            step(now)
        else:
            self.due = deadline

    # Time.

    def _next(self) -> tuple[float, Callable[[float], None]]:
        """What happens when nothing else does, and when."""
        if self.state is State.CLOSING:
            return self._since + LINGER_S, self._give_up
        if self.state is State.HANDSHAKE:
            return self._since + HANDSHAKE_LIMIT_S, self._miss_handshake
        if not self.attached:
            return self._heard_at + self._grace_s, self._give_up
        if self._pinged_at is not None:
            return self._pinged_at + self._settings.ping_timeout_s, self._declare_dead
        return self._heard_at + self._settings.ping_interval_s, self._ping

    def _give_up(self, _: float) -> None:
        self.drop(Reason.EXPIRED)

    def _miss_handshake(self, now: float) -> None:
        """Tell the page, if it is there; who made a session and left it is not waited for."""
        if self.attached:
            self.close(Reason.NO_HANDSHAKE, now)
        else:
            self.drop(Reason.NO_HANDSHAKE)

    def _declare_dead(self, _: float) -> None:
        self._events.append(LineDead())

    def _ping(self, now: float) -> None:
        self._pinged_at = now
        self._events.append(PingDue())

    # Steps of the above.

    def _move(self, what: str, now: float) -> None:
        self.state = TRANSITIONS[self.state, what]
        self._since = self.due = now

    def _end(self) -> None:
        self.state = TRANSITIONS[self.state, "end"]
        self._outbox.forget()
        self._events.append(Ended(self.reason or Reason.EXPIRED))

    def _judge_flood(self, owed: float, now: float) -> None:
        if owed > self._settings.message_burst:
            self.close(Reason.TOO_MANY_MESSAGES, now)
            raise RateError("messages")
        if not self._warned:
            self._warned = True
            self._events.append(TooFast())

    def _take_in(self, packet: Packet, now: float) -> None:
        self.received = packet.id
        if packet.name == CLOSE:
            self.receive_close(now)
        elif packet.name == DATA:
            self._take_in_data(packet.payload, now)

    def _take_in_data(self, data: bytes, now: float) -> None:
        if self.state is State.OPEN:
            self._events.append(DataArrived(data))
        elif self.state is State.HANDSHAKE:
            self._shake_hands(data, now)
        elif self.state is State.CONNECTING:
            self.refuse(Refusal.INVALID_HANDSHAKE, now)

    def _shake_hands(self, data: bytes, now: float) -> None:
        try:
            target = parse_target(data)
        except HandshakeError:
            self.refuse(Refusal.INVALID_HANDSHAKE, now)
        else:
            self._move("ask", now)
            self._events.append(TargetAsked(*target))

    def _push(self, data: bytes, now: float) -> None:
        self._outbox.push(data)
        if self._outbox.held > MAX_HELD_BYTES:
            self._outbox.forget()
            self.close(Reason.TOO_SLOW, now)
