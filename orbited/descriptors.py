"""File descriptors, of which each connection takes one and each target over TCP another: none are accepted when they
run out.

Connections that are there stay. What is left serves their targets, logs and operators; browsers that are not
accepted wait in the kernel's queue meanwhile, or try another relay.
"""

import os
import resource
from collections.abc import Callable, Sequence
from typing import Protocol

from twisted.logger import Logger

from orbited.metrics import DESCRIPTORS, Metrics

# Parts of what the process may open: no more is accepted from the first on, until less than the second is in use.
SCARCE = 0.95
ENOUGH = 0.90
# The select reactor takes no descriptor from this number on (select(2), FD_SETSIZE).
SELECT_MOST = 1024

log = Logger()


class Port(Protocol):
    """A listening port, as far as we use it."""

    def stopReading(self) -> None:
        """Accept nothing."""

    def startReading(self) -> None:
        """Accept again."""


def in_use() -> int:
    """How many this process has open. Source: proc_pid_fd(5): the directory's size since Linux 6.2, 0 before."""
    return os.stat("/proc/self/fd").st_size or len(os.listdir("/proc/self/fd"))


def raise_limit(reactor: str | None) -> int:
    """Let the process open as many as the system allows it; how many the named reactor can use of them."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(hard, SELECT_MOST) if reactor == "select" else hard


class Descriptors:
    """Stops accepting on ``ports`` while descriptors are scarce."""

    def __init__(self, ports: Sequence[Port], most: int, metrics: Metrics, in_use: Callable[[], int] = in_use) -> None:
        self.scarce = False
        self._ports = ports
        self._most = most
        self._metrics = metrics
        self._in_use = in_use

    def look(self) -> None:
        """Count them, and act: to be called about every second."""
        used = self._in_use()
        if not self.scarce and used >= SCARCE * self._most:
            self._change(True)
            log.error(
                "{used} of {most} file descriptors are in use: nobody is accepted until some are free. "
                "The service manager (systemd: LimitNOFILE) or the shell (ulimit -n) may allow more",
                used=used,
                most=self._most,
            )
        elif self.scarce and used < ENOUGH * self._most:
            self._change(False)
            log.info("{used} of {most} file descriptors are in use: accepting again", used=used, most=self._most)

    def _change(self, scarce: bool) -> None:
        self.scarce = scarce
        self._metrics.alarm(DESCRIPTORS, scarce)
        for port in self._ports:
            (port.stopReading if scarce else port.startReading)()
