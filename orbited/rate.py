"""How many messages a page may send."""


class Bucket:
    """A token bucket: ``burst`` messages at once, ``per_second`` of them in the long run.

    A batch is taken whole as long as anything is left, and its excess is owed: a batch larger than the burst is late,
    never impossible.
    """

    __slots__ = ("_at", "_burst", "_level", "_per_second")

    def __init__(self, per_second: float, burst: int, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._level = float(burst)
        self._at = now

    def take(self, messages: int, now: float) -> bool:
        """Take so many messages out; False (and nothing taken) when none may be sent now."""
        self._level = min(self._burst, self._level + (now - self._at) * self._per_second)
        self._at = now
        if self._level < 1:
            return False
        self._level -= messages
        return True
