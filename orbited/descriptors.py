"""File descriptors, of which each connection takes one and each target over TCP another: none are accepted when they
run out.

Connections that are there stay. What is left serves their targets, logs and operators; browsers that are not
accepted wait in the kernel's queue meanwhile, or try another relay.
"""

import os
import resource
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.protocol import ServerFactory
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


def lowest_free() -> int | None:
    """The next one to be opened: all below are in use (open(2)); None when there is none left. Takes a microsecond."""
    try:
        number = os.open("/", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    os.close(number)
    return number


def raise_limit(reactor: str | None) -> int:
    """Let the process open as many as the system allows it; how many the named reactor can use of them."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(hard, SELECT_MOST) if reactor == "select" else hard


class Descriptors:
    """Stops accepting while they are scarce."""

    def __init__(
        self,
        most: int,
        metrics: Metrics,
        in_use: Callable[[], int] = in_use,
        lowest_free: Callable[[], int | None] = lowest_free,
    ) -> None:
        """``most``: how many the process may have open."""
        self.scarce = False
        self._most = most
        self._metrics = metrics
        self._in_use = in_use
        self._lowest_free = lowest_free
        self._ports: list[Port] = []

    def guard(self, port: Port) -> None:
        """Stop accepting here, too, when they are scarce."""
        self._ports.append(port)

    def take(self) -> bool:
        """May one more connection be accepted?"""
        number = self._lowest_free()
        if not self.scarce and (number is None or number >= SCARCE * self._most):
            self._change(True)
            log.error(
                "the {most} file descriptors are nearly all in use: nobody is accepted until some are free. "
                "The service manager (systemd: LimitNOFILE) or the shell (ulimit -n) may allow more",
                most=self._most,
            )
        return not self.scarce

    def look(self) -> None:
        """Accept again once there are enough: to be called about every second."""
        if self.scarce and self._in_use() < ENOUGH * self._most:
            self._change(False)
            log.info("enough file descriptors are free: accepting again")

    def _change(self, scarce: bool) -> None:
        self.scarce = scarce
        self._metrics.alarm(DESCRIPTORS, scarce)
        for port in self._ports:
            (port.stopReading if scarce else port.startReading)()


class SparingFactory(ServerFactory[Any]):
    """A factory whose connections are closed at once while descriptors are scarce.

    A port accepts many in one go before it can be told to wait.
    """

    noisy = False

    def __init__(self, factory: Any, descriptors: Descriptors) -> None:  # noqa: ANN401
        self.wrapped = factory
        self._descriptors = descriptors

    def buildProtocol(self, addr: object) -> Any:  # noqa: ANN401
        """One more connection, if it is to be."""
        return self.wrapped.buildProtocol(addr) if self._descriptors.take() else None

    def startFactory(self) -> None:
        """The first port opens."""
        self.wrapped.doStart()

    def stopFactory(self) -> None:
        """The last port closes."""
        self.wrapped.doStop()
