"""Runs processes side by side, prints what they say, and ends them together.

Not honcho's own manager, whose Procfile, colours and prefixes serve here: docs/decisions/0002-own-supervisor.md.
"""

import contextlib
import datetime
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self

from honcho.colour import get_colours
from honcho.printer import Message, Printer

# Seconds between being asked to end and being killed: longer than gunicorn gives a running request, and as long as the
# relay takes at most when it takes leave of its pages.
STOP_SECONDS = 30
# Seconds between two looks at processes that are ending.
STOP_INTERVAL = 0.05

# A process of ours ends when this one dies, however it dies (prctl(2), PR_SET_PDEATHSIG). Linux only.
LEASH = ["setpriv", "--pdeathsig", "TERM", "--"]


class Supervisor:
    """The processes that live and end together. Leave it as a context manager, and none is left.

    Each one leads a session of its own, so that Ctrl-C in the terminal reaches this process alone, and what
    the process started is ended with it.
    """

    def __init__(self, printer: Printer, directory: Path) -> None:
        self.printer = printer
        self.directory = directory
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.readers: list[threading.Thread] = []
        self.lines: SimpleQueue[Message] = SimpleQueue()
        self.colours: Iterator[str] = get_colours()
        # How processes are asked to end: by default in a hurry, as by Ctrl-C. SIGTERM gives them their time.
        self.stop_signal = signal.SIGINT

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, command: str, environment: Mapping[str, str]) -> None:
        """Start a line of the Procfile; the shell that puts in its variables is replaced by the command itself."""
        leash = LEASH if shutil.which(LEASH[0]) else []
        # This process may have died before the leash was on.
        script = f"[ $PPID = {os.getpid()} ] || exit; exec {command}"
        process = subprocess.Popen(  # noqa: S603  The command is the Procfile's.
            [*leash, "/bin/sh", "-c", script],
            cwd=self.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.processes[name] = process
        self.printer.width = max(self.printer.width, len(name))
        reader = threading.Thread(target=self._read, args=(name, process, next(self.colours)), daemon=True)
        reader.start()
        self.readers.append(reader)

    def _read(self, name: str, process: subprocess.Popen[bytes], colour: str) -> None:
        for line in process.stdout or ():
            self.lines.put(Message("line", line, datetime.datetime.now(), name, colour))

    def print_lines(self, seconds: float) -> None:
        """Print what the processes say during ``seconds``, each line with the name of its process before it."""
        end = time.monotonic() + seconds
        with contextlib.suppress(Empty):
            while (left := end - time.monotonic()) > 0:
                self.printer.write(self.lines.get(timeout=left))

    def ended(self) -> str | None:
        """Tell which process has ended and how (``web ended with code 3``), if one has."""
        for name, process in self.processes.items():
            if (code := process.poll()) is not None:
                return f"{name} ended with code {code}" if code >= 0 else f"{name} was ended by signal {-code}"
        return None

    def stop(self) -> None:
        """End all processes and what they started: first politely, after ``STOP_SECONDS`` by force."""
        self._signal_all(self.stop_signal)
        self._wait_until(lambda: not any(map(is_alive, self.processes.values())))
        self._signal_all(signal.SIGKILL)
        for process in self.processes.values():
            process.wait()
        for reader in self.readers:
            reader.join(STOP_SECONDS)
        while not self.lines.empty():
            self.printer.write(self.lines.get())

    def _signal_all(self, number: signal.Signals) -> None:
        for process in self.processes.values():
            signal_group(process, number)

    def _wait_until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + STOP_SECONDS
        while not done() and time.monotonic() < end:
            self.print_lines(STOP_INTERVAL)


def signal_group(process: subprocess.Popen[bytes], number: int) -> bool:
    """Signal a process and all that it started; tell whether any of them is still there."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def is_alive(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether a process, or one that it started, still runs."""
    return process.poll() is None or signal_group(process, 0)
