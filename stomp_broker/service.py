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
from stomp_broker.aside import aside_in
from stomp_broker.broker import Broker
from stomp_broker.callbacks import Callbacks
from stomp_broker.disk import DiskWatch
from stomp_broker.errors import ConfigError
from stomp_broker.hooks import Hooks
from stomp_broker.httpclient import HttpClient
from stomp_broker.logins import Anyone, CredentialsFile, Judge, Logins, ServiceLogin, Tickets
from stomp_broker.logs import Log
from stomp_broker.memory import DEFAULT_LIMIT, MemoryWatch, parse_limit
from stomp_broker.monitor import Monitor
from stomp_broker.protocol import StompFactory
from stomp_broker.queues import Lasting, Queues
from stomp_broker.saving import Saver
from stomp_broker.stores.sqlite import SqliteQueue
from stomp_broker.transports import Clock

# Values of ``auth`` that are not the path of a credentials file.
AUTH_TICKETS = "tickets"
AUTH_ANY = "any"
# As in the settings of the web processes.
DEFAULT_SERVICE_LOGIN = "web"
# Bytes. RFC 7518, section 3.2: a shorter key of HS256 can be guessed.
MIN_TICKET_KEY_BYTES = 32

MEMORY_STORE = "coilmq.store.memory.MemoryQueue"

# Settings of a running broker that a reload cannot change.
NEEDS_RESTART = ("store_file", "store", "subscriber_scheduler", "queue_scheduler")

log = Log()


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """All that can be chosen about a broker. Parts of CoilMQ are dotted names of what makes them."""

    auth: str = AUTH_TICKETS
    ticket_key: str = field(default="", repr=False)
    service_login: str = DEFAULT_SERVICE_LOGIN
    service_passcode: str = field(default="", repr=False)
    config_file: Path | None = None
    # The file of the queues, and the dotted name of what makes a store instead; with neither they are in memory alone.
    store_file: Path | None = None
    store: str = ""
    subscriber_scheduler: str = "coilmq.scheduler.FavorReliableSubscriberScheduler"
    queue_scheduler: str = "coilmq.scheduler.RandomQueueScheduler"
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
        """Read STOMP_TICKET_KEY, STOMP_LOGIN, STOMP_PASSCODE, STOMP_STORE and STOMP_MEMORY_LIMIT, and the rest from
        a configuration file if there is one.

        Raises :class:`ConfigError` for what is missing or cannot be understood.
        """
        settings = cls(
            auth=auth,
            ticket_key=environ.get("STOMP_TICKET_KEY", ""),
            service_login=environ.get("STOMP_LOGIN") or DEFAULT_SERVICE_LOGIN,
            service_passcode=environ.get("STOMP_PASSCODE", ""),
            config_file=config_file,
            store_file=Path(environ["STOMP_STORE"]) if environ.get("STOMP_STORE") else None,
            **_from_file(environ, config_file),
        )
        settings._check_secrets()
        return settings

    def _check_secrets(self) -> None:
        if self.auth == AUTH_TICKETS:
            for name, value in (("STOMP_TICKET_KEY", self.ticket_key), ("STOMP_PASSCODE", self.service_passcode)):
                if not value:
                    raise ConfigError(
                        f"{name} is not set. Set it in the environment to the value that the web processes have."
                    )
        if 0 < len(self.ticket_key.encode()) < MIN_TICKET_KEY_BYTES:
            raise ConfigError(f"STOMP_TICKET_KEY is too short: use at least {MIN_TICKET_KEY_BYTES} random bytes.")


def make_factory(settings: BrokerSettings, clock: Clock, epoch: Callable[[], float] = time.time) -> StompFactory:
    """Give the Twisted factory of a new broker. ``epoch`` gives seconds since 1970, by which tickets are judged.

    Raises :class:`ConfigError` for a file that cannot be read or a name that leads nowhere.
    """
    if settings.config_file:
        with suppress(MissingSectionHeaderError):  # A file of MorbidQ's, of which CoilMQ's parts want nothing.
            init_config(str(settings.config_file))
    queues = Queues(*(_make(key, make) for key, make in _parts(settings).items()))
    if isinstance(queues.store, Lasting):
        queues.saver = Saver(queues.store, partial(clock.callLater, 0), aside_in(clock), queues.give_up)
    factory = StompFactory(Broker(make_logins(settings), queues, epoch), clock)
    factory.hooks = make_hooks(settings, clock)
    _watch_memory(factory, settings)
    if isinstance(queues.store, SqliteQueue) and settings.store_file:
        disk = DiskWatch(settings.store_file)
        factory.alarms.watch(STORE, disk.is_scarce, disk)
    factory.monitor = Monitor(factory.broker, factory.alarms, factory.backlog, clock, epoch)
    return factory


def prepare(settings: BrokerSettings, running: BrokerSettings, factory: StompFactory) -> Callable[[], None]:
    """Judge settings for a broker that runs with others. What it gives makes the broker follow them.

    Who is connected stays. Raises :class:`ConfigError`, and nothing has changed.
    """
    logins = make_logins(settings)
    hooks = make_hooks(settings, factory.clock)

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
    make_logins(settings)
    _parts(settings)
    for name in settings.hooks:
        _resolve("hooks", name)


def make_logins(settings: BrokerSettings) -> Logins:
    """Give those whom the settings let in. A credentials file stands beside what is in the environment."""
    if settings.auth == AUTH_ANY:
        log.critical("FOR DEVELOPMENT ONLY: auth is 'any', everybody who connects may read and send everything.")
        return Logins([Anyone()])
    judges: list[Judge] = []
    if settings.service_passcode:
        judges.append(ServiceLogin(settings.service_login, settings.service_passcode))
    if settings.ticket_key:
        judges.append(Tickets(settings.ticket_key))
    if settings.auth != AUTH_TICKETS:
        judges.append(CredentialsFile(Path(settings.auth)))
    return Logins(judges)


def make_hooks(settings: BrokerSettings, clock: Clock) -> Hooks:
    """Give the hooks that the settings name."""
    hooks = [_make("hooks", _resolve("hooks", name)) for name in settings.hooks]
    if settings.callbacks:
        hooks.append(Callbacks(settings.callbacks, HttpClient(clock).fetch))
    return Hooks(hooks, clock)


def _from_file(environ: Mapping[str, str], path: Path | None) -> dict[str, Any]:
    """What a configuration file says, and below it the environment, which a reload cannot change."""
    file = configfile.read(path) if path else configfile.ConfigFile({})
    try:
        limit = parse_limit(environ.get("STOMP_MEMORY_LIMIT") or DEFAULT_LIMIT)
    except ConfigError as error:
        raise ConfigError(f"STOMP_MEMORY_LIMIT: {error}") from None
    return {"memory_limit": limit} | dict(file.values) | {"warnings": file.warnings}


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
