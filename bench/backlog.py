"""What has come and was not looked at yet: arrivals are noted at once, and what they mean is found out in between.

Thousands of members share one thread with the reading of their sockets. If each looked at its message when it came,
the last one's arrival would be noted when all others had looked at theirs: the load generator's time, not the server's.
"""

import asyncio
from collections import deque
from collections.abc import Callable

SLICE = 20
"""Pieces of work between two looks at the sockets: a millisecond or two."""

Work = Callable[[], None]


class Backlog:
    """Work to be done in order, a slice at a time."""

    def __init__(self) -> None:
        self._work: deque[Work] = deque()
        self._is_awake = False

    def add(self, work: Work) -> None:
        """Do it when all before it is done."""
        self._work.append(work)
        if not self._is_awake:
            self._is_awake = True
            asyncio.get_running_loop().call_soon(self._do_some)

    def _do_some(self) -> None:
        self._is_awake = len(self._work) > SLICE
        if self._is_awake:
            asyncio.get_running_loop().call_soon(self._do_some)
        for _ in range(min(SLICE, len(self._work))):
            self._work.popleft()()
