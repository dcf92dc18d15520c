"""One page's session: an ordered, acknowledged stream of packets in both directions, whatever carries it.

Pure: packets and times go in, events and packets come out; no socket, no reactor, no clock. ``now`` is seconds on any
clock that never goes back. Who holds a session calls a method, then handles ``events()``, then gives ``take()`` to the
transport.

Packets are counted from 1 in each direction. Data and the final close count; everything else (open, options, pings,
acknowledgements) does not, so that a WebSocket can count packets without writing numbers. A packet gets its number when
it is first handed to a transport, is kept (by reference) until the page has acknowledged it, and is handed again to the
next transport when it has not.

The conversation's states are the table TRANSITIONS; what is not in it does not happen. Whether a transport is attached
is a matter of its own: any state can lose its transport and find another.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import NamedTuple

from orbited.closing import Reason
from orbited.errors import AckError, GapError, HandshakeError, PacketError, RateError
from orbited.handshake import CONNECTED, Refusal, parse_target
from orbited.packets import CLOSE, DATA, PING, Packet
from orbited.rate import Bucket

# Unacknowledged and waiting bytes of one session: a reader this far behind reads a snapshot sooner than a backlog.
MAX_HELD_BYTES = 1024 * 1024
# Counted for each held packet beside its bytes, so that a million packets of one byte are not cheap.
PACKET_OVERHEAD_BYTES = 64
# The backend is asked to pause above the first and to go on below the second, well before a session is given up.
HIGH_WATER_BYTES = 512 * 1024
LOW_WATER_BYTES = 256 * 1024
# Adjacent data is joined up to this size where the transport asks for it.
MAX_MERGED_BYTES = 64 * 1024
# A page names its target at once; a session without one only takes room.
HANDSHAKE_LIMIT_S = 20
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


class LineDead(NamedTuple):
    """The page did not answer a ping: its transport carries nothing any more, but another may come."""


class Closing(NamedTuple):
    """The conversation is over and the backend no longer needed; the page is still to learn of it."""

    reason: Reason


class Ended(NamedTuple):
    """Nothing is left to do: forget the session."""

    reason: Reason


Event = TargetAsked | DataArrived | PingDue | LineDead | Closing | Ended
Payload = bytes | Reason  # bytes of a data packet, or why the session closes


class Numbered(NamedTuple):
    """A packet on its way to the page."""

    number: int
    payload: Payload


class Session:
    """The session of one TCPSocket of one page."""

    __slots__ = (
        "_again",
        "_bucket",
        "_events",
        "_grace_s",
        "_heard_at",
        "_held",
        "_pinged_at",
        "_queue",
        "_settings",
        "_since",
        "_unacked",
        "acked",
        "attached",
        "reason",
        "received",
        "sent",
        "state",
    )

    def __init__(self, settings: Settings, now: float) -> None:
        self.state = State.HANDSHAKE
        self.attached = False
        self.received = 0  # packets of the page that have been taken in
        self.sent = 0  # packets that have been handed to a transport
        self.acked = 0  # those of them that the page has seen
        self.reason: Reason | None = None  # why it closes
        self._settings = settings
        self._bucket = Bucket(settings.messages_per_s, settings.message_burst, now)
        self._queue: deque[Payload] = deque()
        self._unacked: deque[Payload] = deque()
        self._again = 0  # how many of the unacknowledged, the last ones, the present transport still has to get
        self._held = 0
        self._events: list[Event] = []
        self._heard_at = now
        self._pinged_at: float | None = None
        self._since = now  # of the present state
        self._grace_s: float = HANDSHAKE_LIMIT_S

    # What the reactor's side is told.

    def events(self) -> Iterator[Event]:
        """What has happened since the last call, in order."""
        while self._events:
            yield self._events.pop(0)

    def take(self, most: int, merge: bool) -> list[Numbered]:
        """Up to ``most`` packets for the attached transport: first those to be sent again, then new ones.

        With ``merge`` adjacent new data goes as one packet. The very first packet never does: pages take the answer
        to their handshake from a packet of its own.
        """
        taken = self._take_again(most) if self._again else []
        while self._queue and len(taken) < most:
            payload = self._merged() if merge and self.sent else self._queue.popleft()
            self.sent += 1
            self._unacked.append(payload)
            taken.append(Numbered(self.sent, payload))
        return taken

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
    def full(self) -> bool:
        """Is so much held for the page that its backend should pause?"""
        return self._held > HIGH_WATER_BYTES

    @property
    def drained(self) -> bool:
        """Is so little held for the page that its backend may go on?"""
        return self._held <= LOW_WATER_BYTES

    # What transports tell.

    def attach(self, ack: int, now: float) -> None:
        """A transport of a page that has seen ``ack`` packets: what it has not seen is sent again."""
        self.acknowledge(ack, now)
        self.attached = True
        self._again = len(self._unacked)

    def detach(self, grace_s: float, now: float) -> None:
        """The transport is gone; the page has ``grace_s`` seconds to return with another."""
        self.attached = False
        self._grace_s = grace_s
        self._heard_at = now

    def acknowledge(self, ack: int, now: float) -> None:
        """The page has seen ``ack`` packets. AckError, and the session's end, when it cannot have."""
        self._hear(now)
        if ack > self.sent:
            self.close(Reason.BAD_INPUT, now)
            raise AckError(f"{ack} packets acknowledged, {self.sent} sent")
        while self.acked < ack:
            self.acked += 1
            self._held -= _weight(self._unacked.popleft())
        self._again = min(self._again, len(self._unacked))
        if self.state is State.CLOSING and not self._unacked and not self._queue:
            self._end()

    def receive_packets(self, packets: Sequence[Packet], now: float) -> None:
        """Numbered packets, all or none of them: what was taken in before is dropped.

        PacketError (and the session's end) for packets that no page may send, GapError when one before them is
        missing, RateError when they are too many now.
        """
        self._hear(now)
        if any(packet.name not in (DATA, PING, CLOSE) for packet in packets):
            self.close(Reason.BAD_INPUT, now)
            raise PacketError("a page sends data, ping and close")
        fresh = [packet for packet in packets if packet.id > self.received]
        if [packet.id for packet in fresh] != list(range(self.received + 1, self.received + 1 + len(fresh))):
            raise GapError(f"packet {self.received + 1} is missing")
        if fresh and not self._bucket.take(len(fresh), now):
            raise RateError("too many packets")
        for packet in fresh:
            self._take_in(packet, now)

    def receive_data(self, data: bytes, now: float) -> None:
        """The next packet of a transport that only counts; RateError, and the session's end, when too many come."""
        self._hear(now)
        if not self._bucket.take(1, now):
            self.close(Reason.TOO_MANY_MESSAGES, now)
            raise RateError("too many messages")
        self._take_in(Packet(self.received + 1, DATA, data), now)

    def receive_close(self, now: float) -> None:
        """The page wants no more: what waits for it is let go."""
        if self.state is State.CLOSING:
            self._end()
        elif self.state is not State.CLOSED:
            self._forget_data()
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
        self._queue.append(reason)
        self._held += _weight(reason)
        self._events.append(Closing(reason))

    def tick(self, now: float) -> None:
        """Let time pass: call this every second or so."""
        if self.state is State.CLOSED:
            return
        if self.state is State.CLOSING:
            if now >= self._since + LINGER_S:
                self._end()
        elif self.state is State.HANDSHAKE and now >= self._since + HANDSHAKE_LIMIT_S:
            self.close(Reason.NO_HANDSHAKE, now)
        elif not self.attached:
            if now >= self._heard_at + self._grace_s:
                self.reason = Reason.EXPIRED
                self._end()
        elif self._pinged_at is not None:
            if now >= self._pinged_at + self._settings.ping_timeout_s:
                self._events.append(LineDead())
        elif now >= self._heard_at + self._settings.ping_interval_s:
            self._pinged_at = now
            self._events.append(PingDue())

    # Steps of the above.

    def _move(self, what: str, now: float) -> None:
        self.state = TRANSITIONS[self.state, what]
        self._since = now

    def _end(self) -> None:
        if self.state is State.CLOSED:
            return
        self.state = TRANSITIONS[self.state, "end"]
        self._forget_data()
        self._unacked.clear()
        self._events.append(Ended(self.reason or Reason.EXPIRED))

    def _hear(self, now: float) -> None:
        self._heard_at = now
        self._pinged_at = None

    def _take_in(self, packet: Packet, now: float) -> None:
        self.received = packet.id
        if packet.name == CLOSE:
            self.receive_close(now)
        elif packet.name == DATA:
            self._take_in_data(packet.payload, now)

    def _take_in_data(self, data: bytes, now: float) -> None:
        if self.state is State.HANDSHAKE:
            self._shake_hands(data, now)
        elif self.state is State.CONNECTING:
            self.refuse(Refusal.INVALID_HANDSHAKE, now)
        elif self.state is State.OPEN:
            self._events.append(DataArrived(data))

    def _shake_hands(self, data: bytes, now: float) -> None:
        try:
            target = parse_target(data)
        except HandshakeError:
            self.refuse(Refusal.INVALID_HANDSHAKE, now)
        else:
            self._move("ask", now)
            self._events.append(TargetAsked(*target))

    def _push(self, data: bytes, now: float) -> None:
        self._queue.append(data)
        self._held += _weight(data)
        if self._held > MAX_HELD_BYTES:
            self._forget_data()
            self.close(Reason.TOO_SLOW, now)

    def _forget_data(self) -> None:
        """Let go of everything that is not on its way, and of what would be sent again."""
        self.acked = self.sent
        self._queue.clear()
        self._unacked.clear()
        self._again = 0
        self._held = 0

    def _take_again(self, most: int) -> list[Numbered]:
        start = len(self._unacked) - self._again
        again = list(islice(self._unacked, start, start + most))
        self._again -= len(again)
        return [Numbered(number, payload) for number, payload in enumerate(again, self.acked + start + 1)]

    def _merged(self) -> Payload:
        first = self._queue.popleft()
        if isinstance(first, Reason):
            return first
        parts, size = [first], len(first)
        while self._queue:
            part = self._queue[0]
            if isinstance(part, Reason) or size + len(part) > MAX_MERGED_BYTES:
                break
            self._queue.popleft()
            parts.append(part)
            size += len(part)
            self._held -= PACKET_OVERHEAD_BYTES
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _weight(payload: Payload) -> int:
    size = 0 if isinstance(payload, Reason) else len(payload)
    return size + PACKET_OVERHEAD_BYTES
