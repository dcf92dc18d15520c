"""``python -m orbited``: the relay, and with a ``stomp://`` line in [listen] the broker in the same process.

This is the one place that knows both: the relay and the broker do not know each other.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from twisted.application.reactors import NoSuchReactor, installReactor
from twisted.logger import FileLogObserver, LogEvent, LogLevel, eventAsText, globalLogBeginner

from orbited import __version__
from orbited.config import Config, find, load
from orbited.errors import ConfigError, OrbitedError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the relay until it is told to end; the process's exit code."""
    options = _parser().parse_args(arguments)
    try:
        config = _configuration(options)
        if options.check:
            print(f"{options.config or find()}: in order")  # noqa: T201
            return 0
        _log_to_stdout(LogLevel.debug if options.verbose else LogLevel.info)
        _run(config)
    except OrbitedError as error:
        print(f"orbited: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m orbited", description="TCP sockets for browser pages.")
    add = parser.add_argument
    add("-c", "--config", type=Path, metavar="FILE", help="configuration (default: orbited.cfg, /etc/orbited.cfg)")
    add("-l", "--listen", action="append", metavar="URI", help="listen here, instead of [listen]")
    add("-a", "--access", action="append", metavar="RULE", help="'SOURCE -> HOST:PORT', instead of [access]")
    add("-o", "--origin", action="append", metavar="ORIGIN", help="pages that may come, instead of [origins]")
    add("--check", action="store_true", help="judge the configuration and exit")
    add("--verbose", action="store_true", help="log the end of every session too")
    add("-v", "--version", action="version", version=f"Orbited version: {__version__}")
    return parser


def _configuration(options: argparse.Namespace) -> Config:
    given = {"listen": options.listen, "access": options.access, "origins": options.origin}
    config = load(options.config or find(), {section: lines for section, lines in given.items() if lines is not None})
    if not config.listen:
        raise ConfigError("[listen]", "nothing to listen on: add a line like http://:8080")
    return config


def _log_to_stdout(level: Any) -> None:  # noqa: ANN401  Twisted's constants carry no types.
    write = cast(Callable[[LogEvent], None], FileLogObserver(sys.stdout, _line))

    def observe(event: LogEvent) -> None:
        if event["log_level"] >= level:
            write(event)

    globalLogBeginner.beginLoggingTo([cast(Any, observe)], redirectStandardIO=False)


def _line(event: LogEvent) -> str:
    """An event in the form that the game's processes log in; whoever runs them all adds the time."""
    text = eventAsText(event, includeTimestamp=False, includeSystem=False)
    return f"{event['log_level'].name.upper()} {event['log_namespace']}: {text}\n"


def _run(config: Config) -> None:
    reactor = _reactor(config.reactor)
    from orbited.server import Server  # only now: the reactor named in the configuration comes first

    server = Server(config, reactor, _broker(config, reactor))
    server.start()
    reactor.addSystemEventTrigger("before", "shutdown", server.stop)
    reactor.run()


def _reactor(name: str | None) -> Any:  # noqa: ANN401
    if name is not None:
        try:
            installReactor(name)
        except (NoSuchReactor, ImportError) as error:
            raise ConfigError("[global] reactor", f"{name!r} cannot be had here: {error}") from None
    from twisted.internet import reactor

    return reactor


def _broker(config: Config, clock: Any) -> Any:  # noqa: ANN401
    if not any(listener.scheme == "stomp" for listener in config.listen):
        return None
    from stomp_broker.errors import ConfigError as BrokerConfigError
    from stomp_broker.service import BrokerSettings, make_factory

    try:
        return make_factory(BrokerSettings.from_environment(os.environ), clock)
    except BrokerConfigError as error:
        raise ConfigError("stomp://", str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
