"""A server on a core of its own, and what it takes. Linux: proc(5), sched_setaffinity(2)."""

import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection

ROOT = Path(__file__).resolve().parent.parent.parent
START_LIMIT_S = 20
STOP_LIMIT_S = 60
LOOK_S = 0.05
# Asked before this process is pinned: afterwards it only knows the one.
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]


class StartError(Exception):
    """A server did not start; the text has its last lines."""


class Process:
    """A running server."""

    def __init__(self, pid: int, child: "subprocess.Popen[bytes] | None" = None) -> None:
        """``child`` None: somebody else has started it, and ends it."""
        self._child = child
        self.pid = pid
        self._proc = Path(f"/proc/{pid}")

    def cpu_s(self) -> float:
        """Seconds of CPU so far, of all threads, the kernel's work for them included."""
        tasks = (self._proc / "task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def memory_bytes(self) -> int:
        """Resident memory, exact (that in ``status`` is not)."""
        rollup = (self._proc / "smaps_rollup").read_text()
        found = re.search(r"^Rss:\s+(\d+) kB", rollup, re.MULTILINE)
        assert found is not None
        return int(found[1]) * 1024

    def end(self) -> None:
        """Have it end in order, as somebody who watches its output does."""
        assert self._child is not None
        self._child.send_signal(signal.SIGINT)
        self._child.wait(STOP_LIMIT_S)


def be_the_load() -> None:
    """Move this process to the core that no server has, and let it and its children open as many files as may be."""
    os.sched_setaffinity(0, {LOAD_CORE})
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextmanager
def all_cores() -> Iterator[None]:
    """What is started meanwhile may run on any core; the load stays on its own."""
    os.sched_setaffinity(0, CORES)
    try:
        yield
    finally:
        os.sched_setaffinity(0, {LOAD_CORE})


@contextmanager
def serving(
    module: str,
    *arguments: str,
    port: int,
    program: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    cores: Sequence[int] = (SERVER_CORE,),
) -> Iterator[Process]:
    """``python -m module arguments``, once it answers at ``port``; it is killed at the end, as nothing is lost.

    ``program`` is what runs the module in place of the bare interpreter, a profiler for example; ``environment`` is set
    beside what this process has.
    """
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, *program, "-m", module, *arguments]
        child = subprocess.Popen(command, cwd=ROOT, env=os.environ | (environment or {}), stdout=said, stderr=said)
        try:
            os.sched_setaffinity(child.pid, cores)
            _wait_until_ready(child, port, said.fileno())
            yield Process(child.pid, child)
        finally:
            child.kill()
            child.wait()


def _wait_until_ready(child: "subprocess.Popen[bytes]", port: int, said: int) -> None:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end and child.poll() is None:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(LOOK_S)
        else:
            return
    raise StartError(f"{child.args!r} does not listen:\n{os.pread(said, 4000, 0).decode(errors='replace')}")
