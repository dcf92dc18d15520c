"""How targets are reached: over TCP, or in memory where the target is a listener of this very process."""

from collections.abc import Mapping
from typing import Any, cast

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.protocol import Factory, ServerFactory

from orbited.inprocess import Network
from orbited.proxy import Connector

# A backend that has not answered by then counts as unreachable (Orbited 0.7's code 108).
CONNECT_TIMEOUT_S = 30
# The names under which pages may know this machine's own listeners.
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1"})


def over_tcp(reactor: object) -> Connector:
    """Connect over TCP, by name or address."""

    def connect(host: str, port: int, factory: Factory[Any]) -> Deferred[Any]:
        endpoint: Any = HostnameEndpoint(cast(Any, reactor), host, port, timeout=CONNECT_TIMEOUT_S)
        connected: Deferred[Any] = endpoint.connect(factory)
        return connected

    return connect


def in_memory(network: Network, listeners: Mapping[int, ServerFactory[Any]], otherwise: Connector) -> Connector:
    """Connect to this process's own ``listeners`` (port to factory) in memory, to anything else as ``otherwise``."""

    def connect(host: str, port: int, factory: Factory[Any]) -> Deferred[Any]:
        if host not in LOCAL_NAMES or port not in listeners:
            return otherwise(host, port, factory)
        protocol = factory.buildProtocol(None)
        if protocol is None or not network.connect(protocol, listeners[port]):
            return fail(Refused("the listener wants no connection"))
        return succeed(protocol)

    return connect
