"""When something is due for one of thousands of connections: one timer for all of them.

Heart-beats, logins that run out and the patience with clients that say goodbye need no better than a quarter of a
second. A timer of Twisted's for each would take half a kilobyte a connection.
"""

import math
from collections.abc import Hashable
from typing import Protocol

from stomp_broker.logs import Log
from stomp_broker.transports import Clock, DelayedCall

# Seconds between two looks: what is due comes so much too late at most. A beat is planned at half of its interval,
# which is at least a second.
RESOLUTION = 0.25

log = Log()


class Timed(Hashable, Protocol):
    """Who is told when its time has come. ``due`` is the wheel's, and None at first."""

    due: int | None

    def tick(self) -> None:
        """Hear that it is time."""


class Wheel:
    """Everybody for whom something is due, by the look at which it will be."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[int, dict[Timed, None]] = {}
        # The number of the last look: RESOLUTION times as many seconds of the clock.
        self._looked = 0
        self._call: DelayedCall | None = None

    def set(self, timed: Timed, deadline: float | None) -> None:
        """Call ``tick`` at this time of the clock, in place of any time before; None for never."""
        self._take_out(timed)
        if deadline is not None:
            self._put_in(timed, deadline)
        elif not self._waiting and self._call:
            self._call.cancel()
            self._call = None

    def _put_in(self, timed: Timed, deadline: float) -> None:
        if self._call is None:
            self._looked = math.floor(self._clock.seconds() / RESOLUTION)
            self._plan()
        timed.due = max(math.ceil(deadline / RESOLUTION), self._looked + 1)
        self._waiting.setdefault(timed.due, {})[timed] = None

    def _take_out(self, timed: Timed) -> None:
        due, timed.due = timed.due, None
        if due is None:
            return
        others = self._waiting[due]
        del others[timed]
        if not others:
            del self._waiting[due]

    def _plan(self) -> None:
        delay = (self._looked + 1) * RESOLUTION - self._clock.seconds()
        self._call = self._clock.callLater(max(0.0, delay), self._look)

    def _look(self) -> None:
        self._call = None
        first = self._looked + 1
        self._looked = max(first, math.floor(self._clock.seconds() / RESOLUTION))
        for number in range(first, self._looked + 1):
            for timed in list(self._waiting.get(number, ())):
                if timed.due == number:  # Nobody before has ended or moved it.
                    self._tick(timed)
        if self._waiting and self._call is None:
            self._plan()

    def _tick(self, timed: Timed) -> None:
        self._take_out(timed)
        try:
            timed.tick()
        except Exception:  # noqa: BLE001  Where a connection meets the reactor: the others are not to miss their time.
            log.failure("a deadline was missed")
