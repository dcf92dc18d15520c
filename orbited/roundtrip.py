"""How long a page's line takes, there and back, from questions that are answered at once.

Pure: times, in seconds on any clock that never goes back, are arguments. Each question has a number, which its answer
repeats, so that a late answer is not taken for one to the next question.

A single measurement also has what we, the page and the networks between were busy with: the ``ms`` of a line is the
lower quartile of the last ones, which neither a queue here nor one bad moment can raise.
"""

from array import array

# Measurements that count, and how long after the last one they are those of another line.
KEPT = 8
STALE_S = 60
# The first questions come quickly, so that the first answer in a game is already fair; then it is enough to follow.
FIRST, FIRST_EVERY_S = 4, 1
EVERY_S = 10
# A page is told anew when it was told so long ago, or when its line is another by so much, whichever is more.
TELL_EVERY_S = 60
NEWS_MS, NEWS_PART = 10, 0.1
# Nothing that we measure is longer: who answers later has not answered.
LONGEST_S = 10


class RoundTrip:
    """One line's."""

    __slots__ = ("_asked_at", "_measured", "_measured_at", "_number", "_told_at", "_told_ms", "due")

    def __init__(self, now: float) -> None:
        self.due = now  # the next question
        self._number = 0  # of the last question
        self._asked_at: float | None = None  # None once it is answered
        self._measured = array("H")  # milliseconds, the oldest first
        self._measured_at = now
        self._told_ms: int | None = None
        self._told_at = now

    @property
    def ms(self) -> int | None:
        """The round trip in milliseconds, None before the first answer."""
        return sorted(self._measured)[len(self._measured) // 4] if self._measured else None

    def ask(self, now: float) -> int:
        """The number of the next question, which leaves now."""
        self._number += 1
        self._asked_at = now
        self.due = now + (FIRST_EVERY_S if len(self._measured) < FIRST else EVERY_S)
        return self._number

    def answered(self, number: int, now: float) -> float | None:
        """The answer to the question of that number has come; the seconds that it took.

        None, and nothing counts, if it is no answer to the last question, or too late to be one.
        """
        if self._asked_at is None or number != self._number:
            return None
        took_s, self._asked_at = now - self._asked_at, None
        if took_s > LONGEST_S:
            return None
        if now - self._measured_at > STALE_S:
            del self._measured[:]
        self._measured.append(round(took_s * 1000))
        del self._measured[:-KEPT]
        self._measured_at = now
        return took_s

    def news(self, now: float) -> int | None:
        """The round trip if the page should be told it now; it counts as told then."""
        ms = self.ms
        if ms is None or not self._is_news(ms, now):
            return None
        self._told_ms, self._told_at = ms, now
        return ms

    def _is_news(self, ms: int, now: float) -> bool:
        if self._told_ms is None or now - self._told_at >= TELL_EVERY_S:
            return True
        return abs(ms - self._told_ms) > max(NEWS_MS, NEWS_PART * self._told_ms)
