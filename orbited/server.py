"""Everything in ``[listen]``, listening: the relay as one running thing."""

import socket
from collections.abc import Callable, Mapping
from typing import Any

from twisted.internet.defer import Deferred, gatherResults, maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import ServerFactory
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.protocols.wire import Echo

from orbited.closing import Reason
from orbited.config import Config, Listener
from orbited.connectors import in_memory, over_tcp
from orbited.errors import ListenError
from orbited.inprocess import Network
from orbited.metrics import Metrics
from orbited.policy import Policy
from orbited.sessions import TICK_S, Sessions
from orbited.site import make_site
from orbited.tcp import Relay

# How long pages have to fetch the news that the relay goes down.
SHUTDOWN_S = 2
# Which setting of the surrounding project moves the port of which scheme.
PORT_SETTINGS = {"http": "ORBITED_PORT", "stomp": "STOMP_PORT"}

log = Logger()


class Server:
    """The relay of one configuration."""

    def __init__(self, config: Config, reactor: Any, broker: ServerFactory[Any] | None) -> None:  # noqa: ANN401
        """``broker`` is what listens on the ``stomp://`` lines; pages reach it in memory."""
        self._config = config
        self._reactor = reactor
        self._ports: list[Any] = []
        self._listening = False
        self._broker = broker
        metrics = Metrics()
        policy = Policy(config, socket.gethostname())
        stomp_ports = {listener.port: broker for listener in config.listen if listener.scheme == "stomp" and broker}
        self.sessions = Sessions(
            policy,
            in_memory(Network(reactor), stomp_ports, over_tcp(reactor, policy)),
            reactor,
            metrics,
        )
        relay = Relay(self.sessions, policy, metrics, reactor)
        self._site = make_site(relay, lambda: self._listening, config.proxy_enabled)
        self._ticking = LoopingCall(self.sessions.tick)
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
        self._listening = True

    def stop(self) -> Deferred[Any]:
        """Listen no more and close every session; fires when their pages know it, or after ``SHUTDOWN_S``."""
        self._listening = False
        closed = self._stop_listening()
        told = self.sessions.close_all(Reason.GOING_DOWN)
        told.addTimeout(SHUTDOWN_S, self._reactor, onTimeoutCancel=lambda *_: None)
        return gatherResults([closed, told])

    def _listen(self, listener: Listener) -> object:
        factory = self._factories()[listener.scheme]
        port = self._reactor.listenTCP(listener.port, factory(), interface=listener.host.strip("[]"))
        log.info("listening on {scheme}://{host}:{port}", **listener._asdict())
        return port

    def _factories(self) -> Mapping[str, Callable[[], Any]]:
        return {
            "http": lambda: self._site,
            "stomp": lambda: self._broker,
            "echo": lambda: ServerFactory.forProtocol(Echo),
        }

    def _stop_listening(self) -> Deferred[Any]:
        ports, self._ports = self._ports, []
        return gatherResults([maybeDeferred(port.stopListening) for port in ports])


def _explained(error: CannotListenError, listener: Listener) -> ListenError:
    setting = PORT_SETTINGS.get(listener.scheme)
    remedy = f"; set {setting} to move it" if setting else ""
    uri = f"{listener.scheme}://{listener.host}:{listener.port}"
    return ListenError(f"port {listener.port} cannot be had ({uri}: {error.socketError}){remedy}")
