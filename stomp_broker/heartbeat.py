"""Heart-beats: what two peers agree on, when the next is due, and whether the other side is silent.

STOMP 1.1 and 1.2, "Heart-beating". Times are seconds of the caller's clock, the header's are milliseconds.
"""

import re

from stomp_broker.errors import Code, RemoteError

# Milliseconds. No beat is asked for or promised more often: 5,000 pages at one beat a second are load enough.
MIN_INTERVAL_MS = 1_000
# Of the interval agreed: when we send, so that a beat delayed by the network is still in time.
SEND_AFTER = 0.5
# Of the interval agreed: when silence is death. The texts ask for a margin of error.
SILENT_AFTER = 2.0

# Ten digits are 115 days: longer than any connection.
_HEADER = re.compile(r"([0-9]{1,10}),([0-9]{1,10})")


class HeartBeat:
    """Both directions of one connection, as agreed at CONNECT.

    ``header`` is what the client asked for: milliseconds between the beats it can send, and between those it wants;
    0 is none. Raises :class:`RemoteError` (bad-heartbeat) for anything else.
    """

    __slots__ = ("_in_ms", "_out_ms", "_sent_at", "heard_at")

    def __init__(self, header: str, now: float) -> None:
        match = _HEADER.fullmatch(header)
        if not match:
            raise RemoteError(Code.BAD_HEARTBEAT)
        self._in_ms = _agreed(int(match[1]))
        self._out_ms = _agreed(int(match[2]))
        self.heard_at = now
        self._sent_at = now

    @property
    def header(self) -> str:
        """Our half for CONNECTED: milliseconds between the beats we send, and between those we expect."""
        return f"{self._out_ms},{self._in_ms}"

    def heard(self, now: float) -> None:
        """Note that something came; any byte counts as a beat."""
        self.heard_at = now

    def is_silent(self, now: float) -> bool:
        """Say whether the client has been silent for too long."""
        return self._in_ms > 0 and now >= self._silent_at

    def take_beat(self, now: float) -> bool:
        """Say whether a beat is to be sent now, and note that it was.

        Beats go out whether or not there is other traffic: one byte costs less than to remember, for each of
        thousands of subscribers, when a broadcast was last handed to it.
        """
        if not self._out_ms or now < self._beat_at:
            return False
        self._sent_at = now
        return True

    def deadline(self) -> float | None:
        """When to look again, or None for never."""
        times = [self._silent_at] * (self._in_ms > 0) + [self._beat_at] * (self._out_ms > 0)
        return min(times, default=None)

    @property
    def _silent_at(self) -> float:
        return self.heard_at + self._in_ms / 1000 * SILENT_AFTER

    @property
    def _beat_at(self) -> float:
        return self._sent_at + self._out_ms / 1000 * SEND_AFTER


def _agreed(wanted_ms: int) -> int:
    return max(wanted_ms, MIN_INTERVAL_MS) if wanted_ms else 0
