"""Puts a broker together from its settings: for ``python -m stomp_broker``, and for a relay that holds one.

::

    factory = make_factory(BrokerSettings.from_environment(os.environ), reactor)
    reactor.listenTCP(61613, factory)             # or factory.buildProtocol(None) on a transport in memory
"""

import pkgutil
import time
from collections.abc import Callable, Mapping
from configparser import MissingSectionHeaderError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from coilmq.config import init_config

from stomp_broker import configfile
from stomp_broker.alarms import MEMORY, STORE
from stomp_broker.aside import Questions, aside_in
from stomp_broker.authenticators import Authenticators, RightsTable, Source, login_of
from stomp_broker.broker import Broker
from stomp_broker.callbacks import Callbacks
from stomp_broker.credentials import CredentialsFile
from stomp_broker.disk import DiskWatch
from stomp_broker.errors import ConfigError
from stomp_broker.factory import StompFactory
from stomp_broker.gate import Gate
from stomp_broker.gateway import Address, make_gateway
from stomp_broker.hooks import Hooks
from stomp_broker.httpclient import HttpClient
from stomp_broker.logins import Anyone, Judge, Logins, ServiceLogin, Tickets, service
from stomp_broker.logs import Log
from stomp_broker.memory import DEFAULT_LIMIT, MemoryWatch, parse_limit
from stomp_broker.monitor import Monitor
from stomp_broker.queues import Lasting, Queues
from stomp_broker.saving import Saver
from stomp_broker.stores.sqlite import SqliteQueue
from stomp_broker.transports import Clock

# Values of ``auth`` that are not the path of a credentials file.
AUTH_TICKETS = "tickets"
AUTH_ANY = "any"
# Where only this machine can connect.
LOOPBACK = ("127.0.0.1", "::1", "localhost")
# As in the settings of the web processes.
DEFAULT_SERVICE_LOGIN = "web"
# Where ActiveMQ listens unless STOMP_HOST and STOMP_PORT say otherwise.
DEFAULT_UPSTREAM = Address("localhost", 61613)
# The brokers, as STOMP_DESTINATIONS names them, that cannot judge tickets: this one is a gate before them.
GATED = frozenset(["activemq"])
# Bytes. RFC 7518, section 3.2: a shorter key of HS256 can be guessed.
MIN_TICKET_KEY_BYTES = 32

MEMORY_STORE = "coilmq.store.memory.MemoryQueue"

# Settings of a running broker that a reload cannot change.
NEEDS_RESTART = ("store_file", "store", "subscriber_scheduler", "queue_scheduler", "upstream")

log = Log()


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """All that can be chosen about a broker. Parts of CoilMQ are dotted names of what makes them."""

    auth: str = AUTH_TICKETS
    ticket_key: str = field(default="", repr=False)
    service_login: str = DEFAULT_SERVICE_LOGIN
    service_passcode: str = field(default="", repr=False)
    config_file: Path | None = None
    # The broker before which this one is a gate, see gate.py; it then keeps no queues.
    upstream: Address | None = None
    # The file of the queues, and the dotted name of what makes a store instead; with neither they are in memory alone.
    store_file: Path | None = None
    store: str = ""
    subscriber_scheduler: str = "coilmq.scheduler.FavorReliableSubscriberScheduler"
    queue_scheduler: str = "coilmq.scheduler.RandomQueueScheduler"
    # The dotted name of what makes an authenticator, and what its logins may do, see authenticators.py.
    authenticator: str = ""
    rights: RightsTable = field(default_factory=dict)
    # Dotted names of what makes the hooks, see hooks.py.
    hooks: tuple[str, ...] = ()
    # The address of MorbidQ's callbacks, see callbacks.py.
    callbacks: str = ""
    # The name of a level in logs.LEVELS.
    log_level: str = "info"
    # Bytes of resident memory from which on publishers wait; 0: they never do.
    memory_limit: int = 0
    # Seconds over which clients are told that the broker ends.
    drain_seconds: int = 10
    # What the configuration file says and hardly means, a sentence each.
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], *, auth: str = AUTH_TICKETS, config_file: Path | None = None
    ) -> "BrokerSettings":
        """Read STOMP_TICKET_KEY, STOMP_LOGIN, STOMP_PASSCODE, STOMP_DESTINATIONS, STOMP_HOST, STOMP_PORT, STOMP_STORE
        and STOMP_MEMORY_LIMIT, and the rest from a configuration file if there is one.

        Raises :class:`ConfigError` for what is missing or cannot be understood.
        """
        settings = cls(
            auth=auth,
            ticket_key=environ.get("STOMP_TICKET_KEY", ""),
            service_login=environ.get("STOMP_LOGIN") or DEFAULT_SERVICE_LOGIN,
            service_passcode=environ.get("STOMP_PASSCODE", ""),
            config_file=config_file,
            upstream=_upstream(environ),
            store_file=Path(environ["STOMP_STORE"]) if environ.get("STOMP_STORE") else None,
            **_from_file(environ, config_file),
        )
        settings._check_secrets()
        return settings

    def _check_secrets(self) -> None:
        if self.auth == AUTH_TICKETS and not self.authenticator:
            for name, value in (("STOMP_TICKET_KEY", self.ticket_key), ("STOMP_PASSCODE", self.service_passcode)):
                if not value:
                    raise ConfigError(
                        f"{name} is not set. Set it in the environment to the value that the web processes have."
                    )
        if self.upstream and not self.service_passcode:
            raise ConfigError("STOMP_PASSCODE is not set. Set it to the passcode of STOMP_LOGIN at the other broker.")
        if 0 < len(self.ticket_key.encode()) < MIN_TICKET_KEY_BYTES:
            raise ConfigError(f"STOMP_TICKET_KEY is too short: use at least {MIN_TICKET_KEY_BYTES} random bytes.")


def make_factory(settings: BrokerSettings, clock: Clock, epoch: Callable[[], float] = time.time) -> StompFactory:
    """Give the Twisted factory of a new broker. ``epoch`` gives seconds since 1970, by which tickets are judged.

    Raises :class:`ConfigError` for a file that cannot be read or a name that leads nowhere.
    """
    _tell_coilmq(settings.config_file)
    logins = make_logins(settings)
    if settings.upstream:
        factory = _make_gate(settings, settings.upstream, logins, clock, epoch)
    else:
        factory = StompFactory(Broker(logins, _make_queues(settings, clock), epoch), clock)
    factory.hooks = make_hooks(settings, logins, clock, epoch)
    _watch_memory(factory, settings)
    if isinstance(factory.broker.queues.store, SqliteQueue) and settings.store_file:
        disk = DiskWatch(settings.store_file)
        factory.alarms.watch(STORE, disk.is_scarce, disk)
    factory.monitor = Monitor(factory.broker, factory.alarms, factory.backlog, clock, epoch)
    return factory


def _make_queues(settings: BrokerSettings, clock: Clock) -> Queues:
    queues = Queues(*(_make(key, make) for key, make in _parts(settings).items()))
    if isinstance(queues.store, Lasting):
        queues.saver = Saver(queues.store, partial(clock.callLater, 0), aside_in(clock), queues.give_up)
    return queues


def _make_gate(
    settings: BrokerSettings, upstream: Address, logins: Logins, clock: Clock, epoch: Callable[[], float]
) -> StompFactory:
    gate = Gate(logins, epoch, settings.service_login)
    factory = StompFactory(gate, clock)
    factory.gateway = make_gateway(gate, upstream, settings.service_login, settings.service_passcode, clock)
    return factory


def prepare(settings: BrokerSettings, running: BrokerSettings, factory: StompFactory) -> Callable[[], None]:
    """Judge settings for a broker that runs with others. What it gives makes the broker follow them.

    Who is connected stays. Raises :class:`ConfigError`, and nothing has changed.
    """
    _tell_coilmq(settings.config_file)
    logins = make_logins(settings)
    hooks = make_hooks(settings, logins, factory.clock, factory.broker.epoch)

    def follow() -> None:
        for warning in settings.warnings:
            log.warn("hardly meant", why=warning)
        for name in NEEDS_RESTART:
            if getattr(settings, name) != getattr(running, name):
                log.warn("what has changed counts after a restart", setting=name)
        factory.broker.adopt(logins)
        factory.hooks = hooks
        _watch_memory(factory, settings)

    return follow


def _watch_memory(factory: StompFactory, settings: BrokerSettings) -> None:
    watch = MemoryWatch(settings.memory_limit)
    factory.alarms.watch(MEMORY, watch.is_scarce, watch)


def check(settings: BrokerSettings) -> None:
    """Look at the files and names that a start would use. Raises :class:`ConfigError`."""
    _tell_coilmq(settings.config_file)
    make_logins(settings)
    make_sources(settings)
    _parts(settings)
    for name in settings.hooks:
        _resolve("hooks", name)


def check_interface(settings: BrokerSettings, interface: str) -> None:
    """Raise :class:`ConfigError` where everybody who reaches this interface could do everything."""
    if settings.auth == AUTH_ANY and interface not in LOOPBACK:
        raise ConfigError(
            f"auth 'any' lets everybody who reaches {interface or 'this machine'} do everything: "
            f"it is for {' and '.join(LOOPBACK)} alone. Choose another with -a, or -i {LOOPBACK[0]}."
        )


def make_logins(settings: BrokerSettings) -> Logins:
    """Give those whom the broker knows by itself, from what is in the environment."""
    if settings.auth == AUTH_ANY:
        log.critical("FOR DEVELOPMENT ONLY: auth is 'any', everybody who connects may read and send everything.")
        return Logins([Anyone()])
    judges: list[Judge] = []
    if settings.service_passcode:
        judges.append(ServiceLogin(settings.service_login, settings.service_passcode))
    if settings.ticket_key:
        judges.append(Tickets(settings.ticket_key))
    return Logins(judges)


def make_sources(settings: BrokerSettings) -> list[Source]:
    """Give those who are asked about all others: a credentials file, whose logins are services, and CoilMQ's."""
    sources = []
    if settings.auth not in (AUTH_ANY, AUTH_TICKETS):
        sources.append(Source(CredentialsFile(Path(settings.auth)), lambda login: service(login.lower())))
    if settings.authenticator:
        authenticator = _make("auth.factory", _resolve("auth.factory", settings.authenticator))
        sources.append(Source(authenticator, partial(login_of, settings.rights)))
    return sources


def make_hooks(settings: BrokerSettings, logins: Logins, clock: Clock, epoch: Callable[[], float]) -> Hooks:
    """Give the hooks that the settings name, and after them the authenticators."""
    hooks = [_make("hooks", _resolve("hooks", name)) for name in settings.hooks]
    if settings.callbacks:
        hooks.append(Callbacks(settings.callbacks, HttpClient(clock).fetch))
    if sources := make_sources(settings):
        hooks.append(Authenticators(sources, logins, Questions(clock).ask, epoch))
    return Hooks(hooks, clock)


def _tell_coilmq(file: Path | None) -> None:
    """Have CoilMQ's own factories find their keys."""
    if file:
        with suppress(MissingSectionHeaderError):  # A file of MorbidQ's, of which CoilMQ's parts want nothing.
            init_config(str(file))


def _from_file(environ: Mapping[str, str], path: Path | None) -> dict[str, Any]:
    """What a configuration file says, and below it the environment, which a reload cannot change."""
    file = configfile.read(path) if path else configfile.ConfigFile({})
    try:
        limit = parse_limit(environ.get("STOMP_MEMORY_LIMIT") or DEFAULT_LIMIT)
    except ConfigError as error:
        raise ConfigError(f"STOMP_MEMORY_LIMIT: {error}") from None
    return {"memory_limit": limit} | dict(file.values) | {"warnings": file.warnings}


def _upstream(environ: Mapping[str, str]) -> Address | None:
    if environ.get("STOMP_DESTINATIONS") not in GATED:
        return None
    port = environ.get("STOMP_PORT") or str(DEFAULT_UPSTREAM.port)
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ConfigError(f"STOMP_PORT: {port!r} is not a port number from 1 to 65535")
    return Address(environ.get("STOMP_HOST") or DEFAULT_UPSTREAM.host, int(port))


def _parts(settings: BrokerSettings) -> dict[str, Callable[[], Any]]:
    """What makes the parts of CoilMQ, by the keys of its configuration, in the order that Queues takes them."""
    names = {
        "qstore.factory": settings.store or MEMORY_STORE,
        "scheduler.subscriber_priority_factory": settings.subscriber_scheduler,
        "scheduler.queue_priority_factory": settings.queue_scheduler,
    }
    parts = {key: _resolve(key, name) for key, name in names.items()}
    if settings.store_file and not settings.store:
        parts["qstore.factory"] = partial(SqliteQueue, settings.store_file)
    return parts


def _make(key: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401
    try:
        return make()
    except ConfigError:
        raise
    except Exception as error:  # Somebody else's code, chosen by the operator: any error is theirs to read.
        raise ConfigError(f"{key}: {type(error).__name__}: {error}") from error


def _resolve(key: str, name: str) -> Callable[[], Any]:
    try:
        found: Callable[[], Any] = pkgutil.resolve_name(name)
    except (Exception, SystemExit) as error:  # As above. CoilMQ's own for Redis ends the process without redis-py.
        raise ConfigError(f"{key} = {name}: {type(error).__name__}: {error}") from error
    return found
