"""What a session holds for its page: packets that wait for a transport, and those that the page may not have seen.

Pure. A packet gets its number, from 1, when it is first handed to a transport; it is kept, by reference, until the page
has acknowledged it, and is handed to the next transport again when it has not.
"""

from collections.abc import Sequence
from typing import NamedTuple

from orbited.closing import Reason

# Counted for each held packet beside its bytes, so that a million packets of one byte are not cheap.
PACKET_OVERHEAD_BYTES = 64
# Adjacent data is joined up to this size where the transport asks for it.
MAX_MERGED_BYTES = 64 * 1024

Payload = bytes | Reason  # bytes of a data packet, or why the session closes


class Numbered(NamedTuple):
    """A packet on its way to the page."""

    number: int
    payload: Payload


class Outbox:
    """The packets of one session for its page."""

    __slots__ = ("_again", "_queue", "_unacked", "acked", "held", "sent")

    def __init__(self) -> None:
        self.sent = 0  # packets that have been handed to a transport
        self.acked = 0  # those of them that the page has seen
        self.held = 0  # bytes, overhead included
        self._queue: list[Payload] = []
        self._unacked: list[Payload] = []
        self._again = 0  # how many of the unacknowledged, the last ones, the present transport still has to get

    @property
    def empty(self) -> bool:
        """Has the page seen everything?"""
        return not self._queue and not self._unacked

    def push(self, payload: Payload) -> None:
        """One more packet."""
        self._queue.append(payload)
        self.held += _weight(payload)

    def take(self, most: int, merge: bool) -> list[Numbered]:
        """Up to ``most`` packets for the present transport: first those to be sent again, then new ones.

        With ``merge`` adjacent new data goes as one packet. The very first packet never does: pages take the answer
        to their handshake from a packet of its own.
        """
        taken = self._take_again(most) if self._again else []
        if self._queue:
            self._take_new(taken, most, merge)
        return taken

    def acknowledge(self, count: int) -> None:
        """The page has seen ``count`` packets, at most ``sent``; fewer than it had seen before change nothing."""
        seen = count - self.acked
        if seen <= 0:
            return
        self.acked = count
        self.held -= sum(map(_weight, self._unacked[:seen]))
        del self._unacked[:seen]
        self._again = min(self._again, len(self._unacked))

    def replay(self) -> None:
        """A new transport: what is not acknowledged is to be sent again."""
        self._again = len(self._unacked)

    def forget(self) -> None:
        """Let go of everything that is not on its way, and of what would be sent again."""
        self.acked = self.sent
        self.held = self._again = 0
        self._queue.clear()
        self._unacked.clear()

    def _take_again(self, most: int) -> list[Numbered]:
        start = len(self._unacked) - self._again
        again = self._unacked[start : start + most]
        self._again -= len(again)
        return [Numbered(number, payload) for number, payload in enumerate(again, self.acked + start + 1)]

    def _take_new(self, taken: list[Numbered], most: int, merge: bool) -> None:
        used = 0
        while used < len(self._queue) and len(taken) < most:
            payload, count = self._merged(used) if merge and self.sent else (self._queue[used], 1)
            used += count
            self.held -= (count - 1) * PACKET_OVERHEAD_BYTES
            self.sent += 1
            self._unacked.append(payload)
            taken.append(Numbered(self.sent, payload))
        del self._queue[:used]

    def _merged(self, start: int) -> tuple[Payload, int]:
        """The packet at ``start`` of the queue with the data behind it, and of how many it was made."""
        first = self._queue[start]
        parts = _fitting(self._queue[start:]) if len(self._queue) > start + 1 else ()
        return (b"".join(parts), len(parts)) if len(parts) > 1 else (first, 1)


def _fitting(payloads: Sequence[Payload]) -> list[bytes]:
    """The data at the beginning of ``payloads`` that goes into one packet."""
    parts, size = [], 0
    for payload in payloads:
        if isinstance(payload, Reason) or size + len(payload) > MAX_MERGED_BYTES:
            break
        parts.append(payload)
        size += len(payload)
    return parts


def _weight(payload: Payload) -> int:
    return PACKET_OVERHEAD_BYTES + (0 if isinstance(payload, Reason) else len(payload))
