"""How targets are reached: over TCP, or in memory where the target is a listener of this very process.

Over TCP a target's name is looked up once. Each address that it leads to is judged, and those that are left are tried
one beside the other (RFC 8305); nothing is looked up a second time, so that nothing else can be connected to than what
was judged. A target that leads nowhere else fails with TargetDeniedError.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.interfaces import IHostnameResolver, IReactorPluggableNameResolver, IResolutionReceiver
from twisted.internet.protocol import Factory, ServerFactory
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from orbited.addresses import refusal
from orbited.errors import TargetDeniedError
from orbited.hosts import name_of
from orbited.inprocess import Network
from orbited.logquota import LogQuota
from orbited.policy import Policy
from orbited.shared import Connector

# A backend that has not answered by then, its name's look-up included, is unreachable (Orbited 0.7's code 108).
CONNECT_TIMEOUT_S = 30
# The names under which pages may know this machine's own listeners.
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1"})

# Why a host must not lead to an address; None when it may.
Judge = Callable[[str], str | None]

log = Logger()


def over_tcp(reactor: Any, policy: Policy, admin_ports: Collection[int] = ()) -> Connector:  # noqa: ANN401
    """Connect over TCP, by name or address. Names lead to no port of ``admin_ports``, the relay's own."""
    log_quota = LogQuota()

    def connect(host: str, port: int, factory: Factory[Any]) -> Deferred[Any]:
        resolver = JudgingResolver(
            reactor.nameResolver, lambda address: _judge(policy, admin_ports, host, port, address)
        )
        endpoint: Any = HostnameEndpoint(cast(Any, Resolving(reactor, resolver)), host, port, CONNECT_TIMEOUT_S)
        connected: Deferred[Any] = endpoint.connect(factory)
        connected.addTimeout(CONNECT_TIMEOUT_S, reactor, _too_late)
        connected.addErrback(resolver.explain)
        return connected.addErrback(tell, resolver, host, port)

    def tell(failure: Failure, resolver: JudgingResolver, host: str, port: int) -> Failure:
        if failure.check(TargetDeniedError) and log_quota.allows(f"{host}:{port}", reactor.seconds()):
            resolver.tell(host, port)
        return failure

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


def _too_late(_: object, timeout_s: float) -> None:
    raise TimeoutError(f"no answer in {timeout_s} s")


def _judge(policy: Policy, admin_ports: Collection[int], host: str, port: int, address: str) -> str | None:
    if policy.access.names(address, port):
        return None
    own_name = policy.hosts.is_own(name_of(host))
    if port in admin_ports and not own_name:
        return "the port of the relay's own admin:// listener"
    return refusal(address, own_name)


@implementer(IHostnameResolver)
class JudgingResolver:
    """A resolver that keeps to itself what must not be connected to."""

    def __init__(self, resolver: Any, judge: Judge) -> None:  # noqa: ANN401
        self._resolver = resolver
        self._judge = judge
        self._refused: dict[str, str] = {}  # address to reason
        self._admitted = False

    def resolveHostName(self, receiver: Any, *details: Any, **more: Any) -> Any:  # noqa: ANN401
        """Look a name up, with details as Twisted has them."""
        return self._resolver.resolveHostName(JudgingReceiver(receiver, self.admits), *details, **more)

    def admits(self, address: IPv4Address | IPv6Address) -> bool:
        """May this be connected to?"""
        why = self._judge(address.host)
        if why is None:
            self._admitted = True
        else:
            self._refused[address.host] = why
        return why is None

    def explain(self, failure: Failure) -> Failure:
        """Turn the failure of a target that led only to refused addresses into a TargetDeniedError."""
        if self._admitted or not self._refused:
            return failure
        return Failure(TargetDeniedError("the target leads to an address that is not allowed"))

    def tell(self, host: str, port: int) -> None:
        """Say in the log why addresses of a target were refused."""
        for address, why in self._refused.items():
            log.warn(
                "{host!r}:{port} leads to {address}: {why}. Is it meant to? Then name the address in [access]",
                host=host,
                port=port,
                address=address,
                why=why,
            )


@implementer(IResolutionReceiver)
class JudgingReceiver:
    """Passes on the addresses that are admitted."""

    def __init__(self, receiver: Any, admits: Callable[[Any], bool]) -> None:  # noqa: ANN401
        self._admits = admits
        self._pass_on = receiver.addressResolved
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: Any) -> None:  # noqa: ANN401
        """One address of the name."""
        if self._admits(address):
            self._pass_on(address)


@implementer(IReactorPluggableNameResolver)
class Resolving:
    """A reactor with another resolver."""

    def __init__(self, reactor: Any, resolver: JudgingResolver) -> None:  # noqa: ANN401
        self._reactor = reactor
        self.nameResolver = resolver

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Everything else is the reactor's."""
        return getattr(self._reactor, name)
