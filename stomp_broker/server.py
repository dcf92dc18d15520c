"""A broker alone: listens, follows settings read anew, and takes leave."""

import time
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, gatherResults, maybeDeferred
from twisted.internet.task import LoopingCall

from stomp_broker import admin
from stomp_broker.alarms import DESCRIPTORS
from stomp_broker.descriptors import DescriptorWatch, SparingFactory
from stomp_broker.errors import ConfigError
from stomp_broker.leaving import Leave
from stomp_broker.logs import Lines, Log
from stomp_broker.metrics import ProcessMetrics
from stomp_broker.service import BrokerSettings, check_interface, make_factory, prepare
from stomp_broker.transports import Port, Reactor

# Connections that wait to be accepted: a class that comes back at once.
BACKLOG = 1024
# Seconds between two looks at how late timers are.
LAG_INTERVAL_SECONDS = 0.25

log = Log()


class Server:
    """One process's broker. ``read`` gives the settings as they are now; ConfigError when they cannot be followed."""

    def __init__(
        self,
        reactor: Reactor,
        read: Callable[[], BrokerSettings],
        lines: Lines,
        descriptors: int,
        epoch: Callable[[], float] = time.time,
    ) -> None:
        self._reactor = reactor
        self._read = read
        self._lines = lines
        self._epoch = epoch
        self._settings = read()
        for warning in self._settings.warnings:
            log.warn("hardly meant", why=warning)
        self._lines.apply(self._settings.log_level)
        self.factory = make_factory(self._settings, reactor, epoch)
        self.metrics = ProcessMetrics(self.factory)
        self.metrics.reloaded(epoch())
        self._ports: list[Port] = []
        self._descriptors = DescriptorWatch(descriptors, self._accept)
        self.factory.alarms.watch(DESCRIPTORS, self._descriptors.is_scarce, self._descriptors)
        self._leave = Leave(self.factory.broker, reactor)
        self._measuring = LoopingCall.withCount(self._measure)
        self._measuring.clock = reactor  # type: ignore[assignment]  # As much of one as is needed.
        self._measured_at = 0.0

    def listen(self, port: int, interface: str) -> Port:
        """Accept clients. Raises ``CannotListenError``, and :class:`ConfigError` where anybody could do everything."""
        check_interface(self._settings, interface)
        if not self._ports:
            self.factory.doStart()  # Until the end, whatever listens: its queues are closed when everybody has gone.
            self._measured_at = self._reactor.seconds()
            self._measuring.start(LAG_INTERVAL_SECONDS, now=False)
        sparing = SparingFactory(self.factory, self._descriptors)
        self._ports.append(self._reactor.listenTCP(port, sparing, BACKLOG, interface))
        return self._ports[-1]

    def listen_for_operators(self, port: int) -> Port:
        """Answer them over HTTP. Raises ``CannotListenError``."""
        checks = {
            "clients": lambda: "draining" if self.factory.broker.draining else "",
            "alarms": lambda: ", ".join(self.factory.alarms.raised),
        }
        if self.factory.gateway:
            checks["upstream"] = lambda: "upstream-away" if self.factory.broker.is_away else ""
        site: Any = admin.make_admin_site(self.metrics.text, checks, self._reactor)
        return self._reactor.listenTCP(port, site, BACKLOG, admin.INTERFACE)

    def reload(self) -> None:
        """Follow the settings as they are now; when anything in them is wrong, nothing changes."""
        try:
            settings = self._read()
            follow = prepare(settings, self._settings, self.factory)
        except ConfigError as error:
            self.metrics.reload_refused()
            log.error("nothing has changed, the configuration cannot be followed", why=error)
            return
        follow()
        self._lines.apply(settings.log_level)
        self._settings = settings
        self.metrics.reloaded(self._epoch())
        log.info("follows the configuration as it is now")

    def drain(self) -> Deferred[Any]:
        """Accept nobody any more, and tell all clients, a few at a time; fires when they have gone."""
        return self._end(self._settings.drain_seconds)

    def stop(self) -> Deferred[Any]:
        """The same in a hurry, also in the middle of it."""
        return self._end(0)

    def _end(self, seconds: float) -> Deferred[Any]:
        ports, self._ports = self._ports, []
        closing: list[Deferred[Any]] = [maybeDeferred(port.stopListening) for port in ports]
        told = gatherResults(closing).addCallback(lambda _: self._leave.take(seconds))
        return told.addCallback(lambda _: self._close())

    def _close(self) -> None:
        if self.factory.numPorts:
            self.factory.doStop()

    def _accept(self, accepting: bool) -> None:
        for port in self._ports:
            (port.startReading if accepting else port.stopReading)()

    def _measure(self, intervals: int) -> None:
        now = self._reactor.seconds()
        self.metrics.lag(max(0.0, now - self._measured_at - LAG_INTERVAL_SECONDS))
        self._measured_at = now
