"""How late timers are: what the event loop was busy with when it should have served somebody."""

from collections.abc import Callable

from orbited.reactor import Clock

INTERVAL_S = 0.25


class LagMeter:
    """Sets a timer, tells how late it was, and sets the next one."""

    def __init__(self, clock: Clock, tell: Callable[[float], None]) -> None:
        """``tell`` is given seconds."""
        self._clock = clock
        self._tell = tell

    def start(self) -> None:
        """Set the first timer."""
        self._due = self._clock.seconds() + INTERVAL_S
        self._clock.callLater(INTERVAL_S, self._look)

    def _look(self) -> None:
        self._tell(max(0.0, self._clock.seconds() - self._due))
        self.start()
