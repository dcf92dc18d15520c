"""File descriptors, of which each connection takes one: none are accepted while they are scarce.

For a broker alone: the relay has its own such guard, which a broker inside of it goes by.
"""

import os
import resource
from collections.abc import Callable
from typing import Any

from twisted.internet.protocol import ServerFactory

# Parts of what the process may open: no more is accepted from the first on, until less than the second is in use.
SCARCE = 0.95
ENOUGH = 0.90


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


def raise_limit() -> int:
    """Let the process open as many as the system allows it; gives how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class DescriptorWatch:
    """Says whether nearly all are in use; ``most`` are there. ``accept`` is told to stop accepting, and to go on."""

    def __init__(
        self,
        most: int,
        accept: Callable[[bool], None],
        in_use: Callable[[], int] = in_use,
        lowest_free: Callable[[], int | None] = lowest_free,
    ) -> None:
        self._most = most
        self._accept = accept
        self._in_use = in_use
        self._lowest_free = lowest_free
        self._scarce = False

    def has_room(self) -> bool:
        """Say whether one more connection may be accepted: looked at for each, since a second is too long to wait."""
        if not self._scarce:
            number = self._lowest_free()
            self._change(number is None or number >= SCARCE * self._most)
        return not self._scarce

    def is_scarce(self) -> bool:
        """Say so until enough are free again."""
        if self._scarce:
            self._change(self._in_use() >= ENOUGH * self._most)
        return self._scarce

    def __str__(self) -> str:
        return (
            f"{self._in_use()} of {self._most} file descriptors are in use. The service manager (systemd: LimitNOFILE) "
            "or the shell (ulimit -n) may allow more"
        )

    def _change(self, scarce: bool) -> None:
        if scarce is not self._scarce:
            self._scarce = scarce
            self._accept(not scarce)


class SparingFactory(ServerFactory):
    """A factory whose connections are closed at once while there is no room: a port accepts many in one go."""

    noisy = False

    def __init__(self, factory: Any, watch: DescriptorWatch) -> None:  # noqa: ANN401
        self._wrapped = factory
        self._watch = watch

    def buildProtocol(self, addr: Any) -> Any:  # noqa: ANN401
        """One more connection, if it is to be."""
        return self._wrapped.buildProtocol(addr) if self._watch.has_room() else None

    def doStart(self) -> None:
        """The port opens."""
        self._wrapped.doStart()

    def doStop(self) -> None:
        """The port closes."""
        self._wrapped.doStop()
