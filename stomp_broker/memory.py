"""Memory: how much this process takes, how much it may take, and the watch for the alarm between the two.

Linux tells both; elsewhere the watch sees nothing.
"""

import ctypes
import gc
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from stomp_broker.errors import ConfigError

# Of the machine's memory, or of what its control group leaves the process: the rest is for the other processes of the
# game, and for what readers still take while publishers wait.
DEFAULT_LIMIT = "40%"
# Part of the limit below which the alarm ends, so that it does not come and go.
ENOUGH = 0.9
# Part of the objects there were when memory became scarce, at which those that are gone are room for others; and how
# much more memory than then is scarce again, whatever there is inside.
FEW, GROWN = 0.75, 1.05

_PROCESS = Path("/proc/self")
_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_SIZE = re.compile(r"([0-9]{1,15})(%|([KMG])i?B|B)?", re.IGNORECASE)
_BITS = {"k": 10, "m": 20, "g": 30}


def parse_limit(text: str, total: Callable[[], int] | None = None) -> int:
    """Read ``512MiB``, a number of bytes, a share such as ``40%``, or ``0`` for none. Gives bytes.

    Raises :class:`ConfigError`.
    """
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise ConfigError(f"{text!r} is no size: write bytes, 512MiB, 40% of the memory there is, or 0 for no limit")
    number = int(match[1])
    if match[2] != "%":
        return number << _BITS.get((match[3] or "").lower(), 0)
    if number > 100:
        raise ConfigError(f"{text!r} is more than there is")
    return (total or usable)() * number // 100


def usable() -> int:
    """How many bytes this process and those that share its control group may take: the least that anybody says."""
    return min([os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), *_group_limits(_PROCESS, _CONTROL_GROUPS)])


def resident() -> int:
    """How many bytes of memory this process takes (proc_pid_statm(5)); 0 where the system does not tell."""
    try:
        return int((_PROCESS / "statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def give_back() -> None:
    """Hand memory back to the system that is free, but that the C library keeps for later (malloc_trim(3))."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


class MemoryWatch:
    """Says whether the process takes more than it may. A ``limit`` of 0 is none.

    Python gives memory back only where everything in a megabyte is free, and what it keeps it uses again. Over the
    limit the number of objects therefore decides, against what it was when memory became scarce: without that,
    publishers might wait for ever after the queues were read.
    """

    def __init__(
        self,
        limit: int,
        resident: Callable[[], int] = resident,
        give_back: Callable[[], None] = give_back,
        objects: Callable[[], int] = sys.getallocatedblocks,
    ) -> None:
        self.limit = limit
        self._resident = resident
        self._give_back = give_back
        self._objects = objects
        self._scarce = False
        # Bytes and objects when memory became scarce.
        self._full: tuple[int, int] | None = None

    def is_scarce(self) -> bool:
        """Say so from the limit on, until there is room again."""
        if self._scarce:
            self._give_back()
        taken = self._resident()
        if taken < self.limit * (ENOUGH if self._scarce else 1) or not self.limit:
            self._scarce, self._full = False, None
        elif self._full is None:
            self._scarce, self._full = True, (taken, self._objects())
        else:
            self._judge_objects(taken, *self._full)
        return self._scarce

    def _judge_objects(self, taken: int, full: int, full_objects: int) -> None:
        objects = self._objects()
        if self._scarce:
            self._scarce = objects > full_objects * FEW
        elif objects >= full_objects or taken > full * GROWN:
            self._scarce, self._full = True, (taken, objects)

    def __str__(self) -> str:
        return f"the process takes {self._resident()} bytes of memory, and may take {self.limit}"


def _group_limits(process: Path, groups: Path) -> Iterator[int]:
    """Limits of the control groups that the process is in (cgroups(7)), of version 2 and of version 1."""
    try:
        lines = (process / "cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _number, controllers, path = line.split(":", 2)
        folder, name = (groups, "memory.max") if not controllers else (groups / "memory", "memory.limit_in_bytes")
        if controllers in ("", "memory"):
            yield from _limits_up_from(folder, path, name)


def _limits_up_from(folder: Path, path: str, name: str) -> Iterator[int]:
    """A group's limit and those of the groups it is in. In a container its own is the root of what can be seen."""
    here = Path(path.lstrip("/"))
    for group in (here, *here.parents):
        try:
            text = (folder / group / name).read_text().strip()
        except OSError:
            continue
        if text.isdigit():  # Or "max".
            yield int(text)
