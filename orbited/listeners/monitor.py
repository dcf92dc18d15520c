"""``monitor://``: what this process takes, once a second, as Orbited 0.7 told it.

Frames are JSON lists, each ended by ``~``: first ``["INIT", [column, …]]``, then once a second
``["UPDATE", {column: value, …}]`` with what has changed since the last one. Columns: ``user`` (name), ``pid``, ``cpu``
(percent of one core, over the last second), ``mem`` (resident bytes), ``connections`` (sessions of the relay).
"""

import json
import os
import pwd
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Protocol, ServerFactory, connectionDone
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure
from zope.interface import implementer

from orbited.reactor import Clock, Stream

INTERVAL_S = 1
COLUMNS = ("user", "pid", "cpu", "mem", "connections")
END = b"~"
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

Values = dict[str, str | int | float]


class MonitorFactory(ServerFactory["Monitor"]):
    """What listens: looks once a second while anybody is connected, and tells everybody."""

    def __init__(self, clock: Clock, connections: Callable[[], int]) -> None:
        self._clock = clock
        self._connections = connections
        self._listeners: set[Monitor] = set()
        self._looking = LoopingCall(self._look)
        self._looking.clock = cast(Any, clock)
        self._cpu = (0.0, 0.0)  # seconds of CPU taken, seconds of the clock

    def buildProtocol(self, addr: object) -> "Monitor":
        """One more connection."""
        return Monitor(self)

    def join(self, listener: "Monitor") -> None:
        """Tell this one too, from now on."""
        self._listeners.add(listener)
        if not self._looking.running:
            self._cpu = (cpu_seconds(), self._clock.seconds())
            self._looking.start(INTERVAL_S, now=False)

    def leave(self, listener: "Monitor") -> None:
        """Tell this one no more."""
        self._listeners.discard(listener)
        if not self._listeners and self._looking.running:
            self._looking.stop()

    def _look(self) -> None:
        values: Values = {
            "user": user_name(),
            "pid": os.getpid(),
            "cpu": self._percent(),
            "mem": resident_bytes(),
            "connections": self._connections(),
        }
        for listener in list(self._listeners):
            listener.update(values)

    def _percent(self) -> float:
        (cpu, at), self._cpu = self._cpu, (cpu_seconds(), self._clock.seconds())
        return round(100 * (self._cpu[0] - cpu) / (self._cpu[1] - at), 1)


@implementer(IPushProducer)
class Monitor(Protocol):
    """One connection; who does not read is told the newest values once it does."""

    def __init__(self, factory: MonitorFactory) -> None:
        self._factory = factory
        self._told: Values = {}
        self._paused = False

    def connectionMade(self) -> None:
        """Name the columns."""
        self._stream = cast(Stream, self.transport)
        self._stream.registerProducer(self, True)
        self._send("INIT", list(COLUMNS))
        self._factory.join(self)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End."""
        self._factory.leave(self)

    def update(self, values: Values) -> None:
        """Tell what has changed."""
        if not self._paused:
            self._send("UPDATE", {name: value for name, value in values.items() if self._told.get(name) != value})
            self._told = values

    def pauseProducing(self) -> None:
        """Say nothing for a while."""
        self._paused = True

    def resumeProducing(self) -> None:
        """Go on."""
        self._paused = False

    def stopProducing(self) -> None:
        """The connection is lost; ``connectionLost`` says so."""

    def _send(self, kind: str, content: object) -> None:
        self._stream.write(json.dumps([kind, content]).encode() + END)


def user_name() -> str:
    """Who this process runs as; the number where it has no name, as in some containers."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def cpu_seconds() -> float:
    """What this process has taken so far, in its own code and in the kernel's."""
    times = os.times()
    return times.user + times.system


def resident_bytes() -> int:
    """What this process has in memory now. Source: proc(5), ``/proc/pid/statm``, second field, in pages."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES
