"""The disk that queues are saved on: the watch for the alarm that stops publishers before it is full."""

import os
from collections.abc import Callable
from pathlib import Path

# Bytes that are left free at least: two queues as long as they may be, and what readers still have written meanwhile.
MIN_FREE_BYTES = 64 * 1024 * 1024
# Of a small disk it is this part instead.
MIN_FREE_PART = 0.1
# Times as much must be free for the alarm to end, so that it does not come and go.
ENOUGH = 1.25


def space(path: Path) -> tuple[int, int]:
    """How many bytes are free for us on the disk of a file, and how many it has (statvfs(3)). Raises OSError."""
    disk = os.statvfs(path)
    return disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize


class DiskWatch:
    """Says whether the disk of a file is nearly full. One that does not answer is: nothing can be saved there."""

    def __init__(self, path: Path, space: Callable[[Path], tuple[int, int]] = space) -> None:
        self._path = path
        self._space = space
        self._scarce = False

    def is_scarce(self) -> bool:
        """Say so from the limit on, until there is well more."""
        try:
            free, total = self._space(self._path)
        except OSError:
            self._scarce = True
        else:
            least = min(MIN_FREE_BYTES, total * MIN_FREE_PART)
            self._scarce = free < least * (ENOUGH if self._scarce else 1)
        return self._scarce

    def __str__(self) -> str:
        try:
            return f"{self._path}: its disk has {self._space(self._path)[0]} bytes free"
        except OSError as error:
            return f"{self._path}: {error.strerror}"
