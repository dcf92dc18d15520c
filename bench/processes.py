"""What the processes of a copy of Orbit Quiz take of this machine. Linux: proc(5)."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROLES = {"gunicorn": "web", "orbited": "orbited", "referee": "referee", "manage.py": "up"}
"""What stands in a process's command, in this order, and what the process is called here."""


@contextmanager
def spent(pid: int) -> Iterator[dict[str, float]]:
    """Seconds of CPU that ``manage.py up`` and all that it started take within the block, by role and in all."""
    before, result = _cpu_s(pid), dict[str, float]()
    yield result
    for role, seconds in _cpu_s(pid).items():
        result[role] = round(seconds - before[role], 1)
    result["all"] = round(sum(result.values()), 1)


def memory_mib(pid: int) -> float:
    """Memory of ``manage.py up`` and all that it started, what they share divided among them (PSS)."""
    return sum(_pss_kib(member) for member in _family(pid)) / 1024


def _cpu_s(pid: int) -> Counter[str]:
    seconds: Counter[str] = Counter()
    for member in _family(pid):
        seconds[_role(member)] += _ticks(member) / os.sysconf("SC_CLK_TCK")
    return seconds


def _family(pid: int) -> list[int]:
    """A process and all that it started, by whichever of its threads."""
    children = [
        int(child) for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()
    ]
    return [pid, *(member for child in children for member in _family(child))]


def _role(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_text()
    return next((role for word, role in ROLES.items() if word in command), "other")


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return int(user) + int(system)


def _pss_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
