"""``python -m stomp_broker``: the broker in a process of its own."""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from twisted.internet.error import CannotListenError
from twisted.logger import (
    FileLogObserver,
    FilteringLogObserver,
    LogEvent,
    Logger,
    LogLevel,
    LogLevelFilterPredicate,
    eventAsText,
    globalLogBeginner,
)

from stomp_broker.errors import ConfigError
from stomp_broker.service import AUTH_TICKETS, BrokerSettings, make_factory
from stomp_broker.transports import Reactor

DEFAULT_PORT = 61613
# Only this machine: who wants others in says so with -i.
DEFAULT_INTERFACE = "127.0.0.1"
# Connections that wait to be accepted: a class that comes back at once.
BACKLOG = 1024

log = Logger("stomp_broker")


def parse_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """Read the command line; ends the program with a usage line for a wrong one."""
    parser = argparse.ArgumentParser(prog="python -m stomp_broker", description="A STOMP 1.0, 1.1 and 1.2 broker.")
    add = parser.add_argument
    # A default that is text is read like an argument, so that a wrong STOMP_PORT is told like a wrong -p.
    default_port = environ.get("STOMP_PORT") or str(DEFAULT_PORT)
    add("-p", dest="port", metavar="PORT", type=_port, default=default_port, help="0: any free one (%(default)s)")
    add("-i", dest="interface", metavar="INTERFACE", default=DEFAULT_INTERFACE, help="address (%(default)s)")
    add("-c", dest="config_file", metavar="FILE", type=Path, help="queue store and schedulers, as CoilMQ has them")
    add("-a", dest="auth", metavar="AUTH", default=AUTH_TICKETS, help="tickets (default), a credentials file, or any")
    add("-v", dest="verbose", action="store_true", help="log every connection")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run until SIGINT or SIGTERM. Gives the exit code: 1 when the broker could not start."""
    options = parse_arguments(arguments, environ)
    _start_log(LogLevel.debug if options.verbose else LogLevel.info)
    from twisted.internet import reactor as installed  # Here: the first import chooses the reactor of the process.

    # Twisted's own is the clock on the wall: set forward by an hour, it would end every connection.
    cast(Any, installed).seconds = time.monotonic
    reactor = cast(Reactor, installed)
    try:
        settings = BrokerSettings.from_environment(environ, auth=options.auth, config_file=options.config_file)
        port = reactor.listenTCP(options.port, make_factory(settings, reactor), BACKLOG, options.interface)
    except ConfigError as error:
        log.critical("The broker does not start. {error}", error=error)
        return 1
    except CannotListenError as error:
        log.critical("The broker does not start. {error} Choose another with -p, -i or STOMP_PORT.", error=error)
        return 1
    log.info("listening on {address.host}:{address.port}", address=port.getHost())
    reactor.run()
    return 0


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 0 to 65535")
    return int(text)


def _start_log(level: object) -> None:
    to_stderr: Any = FileLogObserver(sys.stderr, _line)
    from_level_on: Any = LogLevelFilterPredicate(level)
    observer: Any = FilteringLogObserver(to_stderr, [from_level_on])
    globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)


def _line(event: LogEvent) -> str:
    """An event in the form that the game's processes log in; whoever runs the broker adds the time."""
    text = eventAsText(event, includeTimestamp=False, includeSystem=False)
    return f"{event['log_level'].name.upper()} {event['log_namespace']}: {text}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
