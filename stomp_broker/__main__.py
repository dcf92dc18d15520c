"""``python -m stomp_broker``: the broker in a process of its own. Options have the letters that MorbidQ's had."""

import argparse
import gc
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from twisted.internet.error import CannotListenError

from stomp_broker import descriptors
from stomp_broker.callbacks import SCHEMES
from stomp_broker.errors import ConfigError
from stomp_broker.logs import Lines, Log
from stomp_broker.service import AUTH_TICKETS, GATED, BrokerSettings, check
from stomp_broker.transports import Reactor

DEFAULT_PORT = 61613
# The same before another broker, which has the port above.
DEFAULT_GATE_PORT = 61614
# Only this machine: who wants others in says so with -i.
DEFAULT_INTERFACE = "127.0.0.1"
# New objects before the youngest are looked at for garbage (CPython: 700): connections come by the thousand, and nearly
# everything is freed by its reference count. docs/decisions/0026 has the figures.
YOUNG_OBJECTS = 10_000

log = Log()


def parse_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """Read the command line; ends the program with a usage line for a wrong one."""
    return make_parser(environ).parse_args(arguments)


def make_parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    """Give what reads the command line, with the defaults that the environment has."""
    parser = argparse.ArgumentParser(prog="python -m stomp_broker", description="A STOMP 1.0, 1.1 and 1.2 broker.")
    add = parser.add_argument
    # A default that is text is read like an argument, so that a wrong STOMP_PORT is told like a wrong -p.
    port, admin_port = _default_port(environ), environ.get("STOMP_ADMIN_PORT") or "0"
    add("-p", "--port", metavar="PORT", type=_port, default=port, help="0: any free one (%(default)s)")
    add("-i", "--interface", metavar="INTERFACE", default=DEFAULT_INTERFACE, help="address (%(default)s)")
    add("-c", "--config", metavar="FILE", type=Path, help="configuration file: ours, CoilMQ's or MorbidQ's")
    add("-a", "--auth", metavar="AUTH", default=AUTH_TICKETS, help="tickets (default), a credentials file, or any")
    add(
        "-r",
        "--restq",
        metavar="URL",
        type=_url,
        default=None,
        help="an application that is asked over HTTP, as MorbidQ did",
    )
    add("-v", "--verbose", action="store_true", help="log every connection")
    add("--admin-port", metavar="PORT", type=_port, default=admin_port, help="health, figures; 0: none (%(default)s)")
    add("--check", action="store_true", help="judge settings and configuration file, and exit")
    return parser


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run until SIGINT or SIGTERM. Gives the exit code: 1 when the broker could not start."""
    options = parse_arguments(arguments, environ)
    lines = Lines("info")
    lines.begin()
    try:
        if options.check:
            return _check(options, environ)
        return _serve(options, environ, lines)
    except ConfigError as error:
        log.critical("the broker does not start", why=error)
    except CannotListenError as error:
        log.critical("the broker does not start: choose another port with -p, -i or STOMP_PORT", why=error)
    return 1


def settings_of(options: argparse.Namespace, environ: Mapping[str, str]) -> BrokerSettings:
    """What options, environment and configuration file say now. Raises :class:`ConfigError`."""
    settings = BrokerSettings.from_environment(environ, auth=options.auth, config_file=options.config)
    given = {"log_level": "debug" if options.verbose else "", "callbacks": options.restq}
    return replace(settings, **{name: value for name, value in given.items() if value})


def _check(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    settings = settings_of(options, environ)
    check(settings)
    print("\n".join([*settings.warnings, "in order"]))  # noqa: T201
    return 0


def _serve(options: argparse.Namespace, environ: Mapping[str, str], lines: Lines) -> int:
    from twisted.internet import reactor as installed  # Here: the first import chooses the reactor of the process.

    from stomp_broker.server import Server
    from stomp_broker.signals import Signals

    # Twisted's own is the clock on the wall: set forward by an hour, it would end every connection.
    cast(Any, installed).seconds = time.monotonic
    reactor = cast(Reactor, installed)
    server = Server(reactor, partial(settings_of, options, environ), lines, descriptors.raise_limit())
    address = server.listen(options.port, options.interface).getHost()
    log.info(f"listening on {address.host}:{address.port}")
    if options.admin_port:
        server.listen_for_operators(options.admin_port)
    Signals(reactor, server).install()
    _expect_many_connections()
    reactor.run()
    return 0


def _expect_many_connections() -> None:
    """Leave alone for ever what is there now, and look for garbage in the rest more rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def _default_port(environ: Mapping[str, str]) -> str:
    if environ.get("STOMP_DESTINATIONS") in GATED:
        return environ.get("STOMP_GATE_PORT") or str(DEFAULT_GATE_PORT)
    return environ.get("STOMP_PORT") or str(DEFAULT_PORT)


def _url(text: str) -> str:
    if not text.startswith(SCHEMES):
        raise argparse.ArgumentTypeError(f"{text!r} does not begin with {' or '.join(SCHEMES)}")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
