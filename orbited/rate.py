"""How many messages a page may send."""


class Bucket:
    """A token bucket: ``burst`` messages at once, ``per_second`` of them in the long run."""

    __slots__ = ("_at", "_burst", "_level", "_per_second")

    def __init__(self, per_second: float, burst: int, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._level: float = burst
        self._at = now

    def take(self, messages: int, now: float) -> bool:
        """Take so many messages out; False (and nothing taken) when none may be sent now.

        A batch is taken whole as long as anything is left, and its excess is owed: a batch larger than the burst is
        late, never impossible.
        """
        self._refill(now)
        if self._level < 1:
            return False
        self._level -= messages
        return True

    def spend(self, messages: int, now: float) -> float:
        """Take so many messages out, whether they may be sent or not; what is left, below 0 what is owed."""
        self._refill(now)
        self._level -= messages
        return self._level

    def _refill(self, now: float) -> None:
        self._level = min(self._burst, self._level + (now - self._at) * self._per_second)
        self._at = now
