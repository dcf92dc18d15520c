"""The times that a game's events carry, held against this machine's clock and against each other. Pure.

Every time is in milliseconds since the epoch.
"""

import math
import time
from typing import Any


def now_ms() -> float:
    """This machine's clock."""
    return time.time() * 1000


class ClockCheck:
    """Judges the times of one game, as one member sees them.

    An answer that names the server's time ``server``, asked for at ``sent``, says that the offset (server - local) is
    not more than ``server + 1 - sent``: the server's milliseconds are whole ones, rounded down. An event whose ``at``
    is later than that offset allows comes from the future.
    """

    def __init__(self) -> None:
        self._offset_limit = math.inf
        self._at = 0
        self._phase_started_at = 0

    def sample(self, sent: float, server: int) -> None:
        """Learn from one exchange."""
        self._offset_limit = min(self._offset_limit, server + 1 - sent)

    def problems(self, event: dict[str, Any], received: float) -> list[str]:
        """What is wrong with the times of the next status event; ``received`` is local."""
        at, type, data = event["at"], event["type"], event["data"]
        started, ends = data["phase_started_at"], data["phase_ends_at"]
        wrong = {
            "comes from the future": at > received + self._offset_limit,
            "is older than the one before": at < self._at,
            "tells of a phase that has not begun": started > at,
            "tells of a phase older than the one before": started < self._phase_started_at,
            "ends before it begins": ends is not None and ends < started,
            "has another deadline than its time limit": type == "question.opened"
            and ends != started + data["question"]["time_limit_ms"],
        }
        self._at, self._phase_started_at = max(at, self._at), max(started, self._phase_started_at)
        return [f"{type} {event['seq']} {problem}" for problem, is_so in wrong.items() if is_so]
