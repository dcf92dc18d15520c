"""How often is too often, and how long to wait then. Pure: times are milliseconds, newest first.

Nothing is counted beside the rows: what came in is what is counted, so every web process knows the same, and after a
restart too. docs/decisions/0044-the-rows-are-the-rate.md
"""

from collections.abc import Sequence
from dataclasses import dataclass

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


@dataclass(frozen=True)
class Rate:
    """At most ``count`` within any ``window_ms``."""

    count: int
    window_ms: int

    def wait_ms(self, filling: int | None, now: int) -> int:
        """How long until one more fits: ``filling`` is when the newest but ``count`` - 1 came, None with fewer."""
        return 0 if filling is None else max(filling + self.window_ms - now, 0)


WRONG_PINS = Rate(10, MINUTE_MS)
"""From one address. A hundred addresses then need a day for one chance in seven to hit one running game."""

JOINS_FROM_ONE_ADDRESS = Rate(400, MINUTE_MS)
"""Into one game: a school of 300 behind one address comes in at once."""

JOINS_OF_ONE_GAME = Rate(500, 10_000)
"""From anywhere: a hall of 3,000 is in within a minute, and other games on the machine do not notice."""

WISHES = Rate(1, MINUTE_MS)
"""Of one player, for more time: a host hears of it, and that it is taken back, no more often."""

FIRST_WAIT_MS = 30_000
LONGEST_WAIT_MS = 15 * MINUTE_MS
"""Who goes on guessing while nothing is taken waits twice as long each time."""

MAX_REFUSALS = 6
"""Noted within an hour; by then the wait is the longest, and a flood writes no more rows."""

ALARMING_MISSES = 1_000
"""Wrong PINs of a minute, from anywhere: many addresses are guessing together."""


def guessing_wait_ms(misses: Sequence[int], refusals: Sequence[int], now: int) -> int:
    """How long an address has to wait after these wrong PINs, and these that were not even looked at."""
    wait = WRONG_PINS.wait_ms(misses[WRONG_PINS.count - 1] if len(misses) >= WRONG_PINS.count else None, now)
    if not refusals:
        return wait
    doubled: int = FIRST_WAIT_MS << (len(refusals) - 1)
    return max(wait, refusals[0] + min(doubled, LONGEST_WAIT_MS) - now)
