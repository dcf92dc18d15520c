"""``python -m orbited``: the relay, and with a ``stomp://`` line in [listen] the broker in the same process.

This is the one place that knows both: the relay and the broker do not know each other.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from cProfile import Profile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from twisted.application.reactors import NoSuchReactor, installReactor
from twisted.logger import Logger

from orbited import __version__, descriptors, garbage, logfiles, memory, privileges
from orbited.config import Config, find, load, parse
from orbited.errors import ConfigError, OrbitedError
from orbited.logs import Logs
from orbited.slips import Slips
from orbited.tls import read_identity

if TYPE_CHECKING:
    from stomp_broker.embedded import Embedded

# The configuration of --quickstart: as in 0.7, everybody who reaches the broker may use it.
QUICKSTART = """
[global]
broker.auth = any
[listen]
http://:8000
stomp://:61613
[access]
* -> localhost:61613
"""

# Who messages of /system/test/stomp come from, as their readers are told.
TEST_SENDER = "test"

log = Logger("orbited")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the relay until it is told to end; the process's exit code."""
    options = _parser().parse_args(arguments)
    if options.surplus:
        return _fail(f"{' '.join(options.surplus)!r} is no option; --help lists them")
    try:
        config = _configuration(options)
    except ConfigError as error:
        return _fail(f"failed to load configuration file: {error}")
    try:
        if options.check:
            _check(config)
            print(f"{_name(options)}: in order")  # noqa: T201
        elif options.profile:
            _profile(options, config)
        else:
            _serve(options, config)
    except OrbitedError as error:
        return _fail(str(error))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m orbited", description="TCP sockets for browser pages.")
    source = parser.add_mutually_exclusive_group().add_argument
    source("-c", "--config", type=Path, metavar="FILE", help="configuration (default: orbited.cfg, /etc/orbited.cfg)")
    source("-q", "--quickstart", action="store_true", help="no file: port 8000, and a broker open to everybody")
    add = parser.add_argument
    add("-l", "--listen", action="append", metavar="URI", help="listen here, instead of [listen]")
    add("-a", "--access", action="append", metavar="RULE", help="'SOURCE -> HOST:PORT', instead of [access]")
    add("-o", "--origin", action="append", metavar="ORIGIN", help="pages that may come, instead of [origins]")
    add("-H", "--host", action="append", metavar="HOST", help="names the relay may be called by, instead of [hosts]")
    add("--check", action="store_true", help="judge the configuration and exit")
    add("--verbose", action="store_true", help="log at every level")
    add("-p", "--profile", action="store_true", help="say at the end where the time went")
    add("-v", "--version", action="version", version=f"Orbited version: {__version__}")
    add("surplus", nargs="*", help=argparse.SUPPRESS)
    return parser


def _configuration(options: argparse.Namespace) -> Config:
    """What file and options say now; ConfigError when it cannot be followed."""
    given = {"listen": options.listen, "access": options.access, "origins": options.origin, "hosts": options.host}
    instead = {section: lines for section, lines in given.items() if lines is not None}
    name = _name(options)
    config = parse(QUICKSTART, name, instead) if options.quickstart else load(Path(name), instead)
    if not config.listen:
        raise ConfigError(name, "[listen] nothing to listen on: add a line like http://:8080")
    return config


def _name(options: argparse.Namespace) -> str:
    return "--quickstart" if options.quickstart else str(options.config or find())


def _check(config: Config) -> None:
    """Say what is hardly meant, and look at the files that a start would use."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for warning in (*config.warnings, *_broker_warnings(config)):
        print(warning)  # noqa: T201
    logfiles.check(config.logging)
    read_identity(config)
    privileges.identity(config)


def _profile(options: argparse.Namespace, config: Config) -> None:
    profile = Profile()
    try:
        profile.runcall(_serve, options, config)
    finally:
        profile.print_stats("cumulative")


def _serve(options: argparse.Namespace, config: Config) -> None:
    logs = Logs(options.verbose)
    logs.apply(config.logging)
    logs.begin()
    for warning in (*config.warnings, *_broker_warnings(config)):
        log.warn("{warning}", warning=warning)
    identity = privileges.identity(config)
    reactor = _reactor(config)
    from orbited.server import Server  # only now: the reactor named in the configuration comes first
    from orbited.signals import Signals

    slips = Slips.from_environment(os.environ)
    broker = _broker(config, reactor)
    most = descriptors.raise_limit(config.reactor)
    if broker:
        publish = partial(broker.publish, sender=TEST_SENDER) if config.stomp_dispatcher else None
        server = Server(config, reactor, broker.factory, publish, most, broker.leave, slips)
        broker.register(server.metrics.registry)
        broker.watch_descriptors(lambda: server.is_full)
    else:
        server = Server(config, reactor, None, None, most, slips=slips)
    server.metrics.registry.register(logs.dropped)
    server.start()
    _leave_root(config, identity)
    prepare = partial(_prepare, broker)
    Signals(reactor, server, partial(_configuration, options), logs.apply, prepare=prepare).install()
    garbage.expect_many_connections()
    memory.give_back_regularly(reactor)
    reactor.run()


def _leave_root(config: Config, identity: privileges.Identity | None) -> None:
    """Give the rights up that binding ports and reading keys may have needed."""
    if identity is not None:
        privileges.become(identity)
        log.info("running as {name}", name=identity.name)
        for trouble in logfiles.reopenable(config.logging):
            log.warn("{trouble}", trouble=trouble)
    if privileges.is_root():
        log.warn("running as root: name a 'user' in [global], and the relay becomes that user once its ports are open")


def _reactor(config: Config) -> Any:  # noqa: ANN401
    if config.reactor is not None:
        try:
            installReactor(config.reactor)
        except (NoSuchReactor, ImportError) as error:
            where = config.where("global", "reactor")
            raise ConfigError(where, f"{config.reactor!r} cannot be had here: {error}") from None
    from twisted.internet import reactor

    # Twisted's own is the clock on the wall: set forward by an hour, it would end every session.
    cast(Any, reactor).seconds = time.monotonic
    return reactor


def _broker(config: Config, clock: Any) -> "Embedded | None":  # noqa: ANN401
    listeners = [listener for listener in config.listen if listener.scheme == "stomp"]
    if not listeners:
        return None
    from stomp_broker.embedded import Embedded

    file = next((Path(listener.file) for listener in listeners if listener.file), None)
    with _broker_errors(config):
        return Embedded(os.environ, clock, config.broker_auth, file)


def _broker_warnings(config: Config) -> Iterator[str]:
    """What the broker's file says and hardly means. Whether the broker has its secrets is for the start to find out."""
    from stomp_broker.embedded import warnings

    for listener in config.listen:
        if listener.file:
            with _broker_errors(config):
                yield from warnings(Path(listener.file))


def _prepare(broker: "Embedded | None", config: Config) -> Callable[[], None]:
    """Have the broker judge what it has to read anew; what this gives makes the broker follow it."""
    if broker is None:
        return lambda: None
    with _broker_errors(config):
        return broker.prepare()


@contextmanager
def _broker_errors(config: Config) -> Iterator[None]:
    """Name the broker's errors as the relay's are named."""
    from stomp_broker.errors import ConfigError as BrokerConfigError
    from stomp_broker.errors import ConfigFileError
    from stomp_broker.service import AUTH_TICKETS

    try:
        yield
    except ConfigFileError as error:
        raise ConfigError("[listen] stomp", str(error)) from None
    except BrokerConfigError as error:
        hint = " 'any' lets everybody in." if config.broker_auth == AUTH_TICKETS else ""
        raise ConfigError(config.where("global", "broker.auth"), f"{config.broker_auth!r}: {error}{hint}") from None


def _fail(reason: str) -> int:
    print(f"orbited: {reason}", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
