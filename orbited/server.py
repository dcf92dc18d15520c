"""Everything in ``[listen]``, listening: the relay as one running thing."""

import socket
import sys
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, gatherResults, maybeDeferred, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import ServerFactory
from twisted.internet.task import LoopingCall, deferLater
from twisted.logger import Logger

from orbited import listeners
from orbited.admin import make_admin_site
from orbited.closing import Reason
from orbited.config import Config, waiting_for_restart
from orbited.connectors import LOCAL_NAMES, in_memory, over_tcp
from orbited.descriptors import Descriptors, SparingFactory
from orbited.errors import ListenError
from orbited.health import Checks
from orbited.inprocess import Network
from orbited.lag import LagMeter
from orbited.listen import Listener
from orbited.metrics import Metrics
from orbited.policy import Policy
from orbited.sessions import TICK_S, Sessions
from orbited.shared import Connector
from orbited.site import make_site
from orbited.slips import Slips
from orbited.system import Publish
from orbited.tcp import Relay
from orbited.tls import Identity, Tls, read_identity

# Seconds. Pages that have not fetched their last packets by then do not learn of the end: whoever ends the relay waits
# no longer than 30, or, when in a hurry, not as long as that.
DRAIN_LIMIT_S = 28
STOP_LIMIT_S = 2
# Until the answer to a page that has just said that it knows has left.
FLUSH_S = 0.25
# Connections that may wait to be accepted: a school whose pages all come back at once. With Twisted's 50 the kernel
# drops most of them, and each tries again after a second at the earliest.
BACKLOG = 1024
ADMIN = "admin"
# Which setting of the surrounding project moves the port of which scheme, when `make run` starts the relay.
PORT_SETTINGS = {"http": "ORBITED_PORT", ADMIN: "ORBITED_ADMIN_PORT", "stomp": "STOMP_PORT"}
# Hosts of [listen] on which a page finds the listener as this machine.
AS_THIS_MACHINE = frozenset({"", "0.0.0.0"}) | LOCAL_NAMES  # noqa: S104

# Tells somebody within so many seconds, and fires when they know. Again, with fewer: hurry.
Farewell = Callable[[float], Deferred[Any]]

log = Logger()


def _nobody_else(_seconds: float) -> Deferred[Any]:
    return succeed(None)


class Server:
    """The relay of one configuration, which may be followed by others."""

    def __init__(
        self,
        config: Config,
        reactor: Any,  # noqa: ANN401
        broker: ServerFactory[Any] | None,
        publish: Publish | None = None,
        descriptors: int = sys.maxsize,
        farewell: Farewell = _nobody_else,
        slips: Slips | None = None,
    ) -> None:
        """``broker`` listens on the ``stomp://`` lines; pages reach it in memory, and test pages ``publish`` by it.

        ``descriptors``: how many files and connections the process may have open. ``farewell`` tells those who reach
        the broker from elsewhere that the end is near. ``slips`` signs what is measured of lines.
        ConfigError for certificates that cannot be used.
        """
        self.metrics = Metrics()
        self._config = config
        self._reactor = reactor
        self._broker = broker
        self._farewell = farewell
        self._drain_s = config.drain_s
        self._policy = Policy(config, socket.gethostname())
        self._tls = self._make_tls(read_identity(config))
        self._small = listeners.factories(reactor, lambda: len(self.sessions))
        self.sessions = Sessions(self._policy, self._make_connector(), reactor, self.metrics, slips)
        self._ports: list[Any] = []
        self._listening = False
        self._descriptors = Descriptors(descriptors, self.metrics)
        self._factories = self._make_factories(publish)
        self._ticking = LoopingCall(self._tick)
        self._ticking.clock = reactor

    def start(self) -> None:
        """Listen on every line of [listen]; ListenError, and nothing left open, when a port cannot be had."""
        try:
            for listener in self._config.listen:
                self._ports.append(self._listen(listener))
        except CannotListenError as error:
            self._stop_listening()
            raise _explained(error, listener) from None
        self._ticking.start(TICK_S, now=False).addErrback(lambda failure: log.failure("time stands still", failure))
        LagMeter(self._reactor, self.metrics.lag).start()
        self._listening = True

    def adopt(self, config: Config, identity: Identity | None) -> None:
        """Follow ``config`` from now on, with the certificate that goes with it; sessions live on.

        What cannot change while the relay runs is told, and stays.
        """
        for name in waiting_for_restart(self._config, config):
            log.warn("{name} has changed: that counts after a restart", name=name)
        self._policy.adopt(config)
        self._drain_s = config.drain_s
        if self._tls is not None and identity is not None:
            self._tls.adopt(identity)
            self.metrics.certificate_ends(identity.ends_at)

    def drain(self) -> Deferred[Any]:
        """Take leave of every page, a few at a time; fires when the last of them knows, and nothing listens.

        Until then it listens, so that pages that poll can fetch their last packets; new sessions are refused.
        """
        log.info("taking leave of {n} sessions over {s} s", n=len(self.sessions), s=self._drain_s)
        return self._end(self._drain_s, DRAIN_LIMIT_S)

    def stop(self) -> Deferred[Any]:
        """The same in a hurry, also in the middle of it."""
        return self._end(0, STOP_LIMIT_S)

    def _end(self, spread_s: float, limit_s: float) -> Deferred[Any]:
        self.metrics.draining()
        somebody = len(self.sessions) > 0
        pages = self.sessions.close_gradually(Reason.GOING_DOWN, spread_s, self._reactor)
        told: Deferred[Any] = gatherResults([pages, self._farewell(spread_s)], consumeErrors=True)
        told.addTimeout(limit_s, self._reactor, onTimeoutCancel=lambda *_: None)
        told.addCallback(lambda _: self._stop_listening())
        return told.addCallback(lambda _: deferLater(self._reactor, FLUSH_S) if somebody else None)

    @property
    def is_full(self) -> bool:
        """Whether nobody is accepted, since file descriptors are scarce."""
        return self._descriptors.scarce

    def _tick(self) -> None:
        self.sessions.tick()
        self._descriptors.look()

    def _make_tls(self, identity: Identity | None) -> Tls | None:
        if identity is None:
            return None
        self.metrics.certificate_ends(identity.ends_at)
        return Tls(identity)

    def _make_connector(self) -> Connector:
        """How pages reach targets: what listens here as this machine is reached in memory."""
        here = {}
        for scheme, host, port, _file in self._config.listen:
            factory = self._broker if scheme == "stomp" else self._small.get(scheme)
            if factory is not None and host in AS_THIS_MACHINE:
                here[port] = factory
        admin_ports = [listener.port for listener in self._config.listen if listener.scheme == ADMIN]
        return in_memory(Network(self._reactor), here, over_tcp(self._reactor, self._policy, admin_ports))

    def _make_factories(self, publish: Publish | None) -> dict[str, Any]:
        relay = Relay(self.sessions, self._policy, self.metrics, self._reactor)
        checks: Checks = {
            "listeners": lambda: "" if self._listening else "not listening",
            "sessions": lambda: "draining" if self.sessions.draining else "",
            "descriptors": lambda: "scarce" if self.is_full else "",
        }
        site = make_site(relay, checks, self._config, publish)
        factories: dict[str, Any] = {
            "http": site,
            ADMIN: make_admin_site(relay, checks),
            "stomp": self._broker,
            **self._small,
        }
        if self._tls is not None:
            factories["https"] = self._tls.over(site, self._reactor)
        return factories

    def _listen(self, listener: Listener) -> object:
        factory, for_operators = self._factories[listener.scheme], listener.scheme == ADMIN
        accepting = factory if for_operators else SparingFactory(factory, self._descriptors)
        port = self._reactor.listenTCP(listener.port, accepting, BACKLOG, listener.host.strip("[]"))
        if not for_operators:
            self._descriptors.guard(port)
        log.info("listening on {scheme}://{host}:{port}", **listener._asdict())
        return port

    def _stop_listening(self) -> Deferred[Any]:
        self._listening = False
        ports, self._ports = self._ports, []
        return gatherResults([maybeDeferred(port.stopListening) for port in ports])


def _explained(error: CannotListenError, listener: Listener) -> ListenError:
    setting = PORT_SETTINGS.get(listener.scheme)
    remedy = "; choose another in [listen] or with -l" + (f", or {setting} for make run" if setting else "")
    uri = f"{listener.scheme}://{listener.host}:{listener.port}"
    return ListenError(f"port {listener.port} cannot be had ({uri}: {error.socketError}){remedy}")
