"""How fast a client may send: a token bucket of frames beside one of bytes, both of one connection.

What comes is never delayed. Who goes beyond a burst is warned of in the log, who goes on for another burst is over.
Times are seconds of a clock that never goes back.
"""

# Frames in the long run, and at once. A player answers one question at a time; a page that comes back says ten frames.
FRAMES_PER_SECOND = 20
MAX_BURST_FRAMES = 50
# Bytes, heart-beats too: one frame of the largest size every second, and four of them at once.
BYTES_PER_SECOND = 64 * 1024
MAX_BURST_BYTES = 256 * 1024


class Pace:
    """One connection's. Below 0 its levels are what it owes."""

    __slots__ = ("_at", "_bytes", "_frames", "_is_noted")

    def __init__(self, now: float) -> None:
        self._at = now
        self._frames: float = MAX_BURST_FRAMES
        self._bytes: float = MAX_BURST_BYTES
        self._is_noted = False

    def hear(self, size: int, now: float) -> None:
        """Count bytes, as they come."""
        passed = now - self._at
        self._at = now
        self._frames = min(MAX_BURST_FRAMES, self._frames + passed * FRAMES_PER_SECOND)
        self._bytes = min(MAX_BURST_BYTES, self._bytes + passed * BYTES_PER_SECOND) - size

    def count(self) -> None:
        """Count a frame, when it is looked at."""
        self._frames -= 1

    @property
    def is_over(self) -> bool:
        """Whether more came than is put up with: a second burst beyond the first."""
        return self._owes(MAX_BURST_FRAMES, MAX_BURST_BYTES)

    def take_warning(self) -> bool:
        """Say, once, that more came than may."""
        if self._is_noted or not self._owes(0, 0):
            return False
        self._is_noted = True
        return True

    def _owes(self, frames: int, size: int) -> bool:
        """Say whether more than this is owed: at least a whole one, for levels are not exact."""
        return self._frames <= -frames - 1 or self._bytes <= -size - 1
