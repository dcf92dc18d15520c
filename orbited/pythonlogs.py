"""Logging as Orbited 0.7.11 had it: by Python's ``logging``, set up by sections of the configuration file.

What ``args`` and ``class`` say there is evaluated, as ``logging.config`` documents it: whoever writes the file runs the
relay.
"""

import logging
from collections.abc import Callable, Iterator
from configparser import RawConfigParser
from logging.config import fileConfig

from orbited.errors import ConfigError
from orbited.logrules import PythonLogging

# Orbited's levels in Python's; what 0.7.10 called ACCESS is no level of Python's.
LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "access": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}


class PythonLogs:
    """Hands events to Python's loggers of the same names."""

    def __init__(self, rules: PythonLogging, drop: Callable[[], None]) -> None:
        """``drop`` is told of every line that a handler could not write."""
        self._rules = rules
        self._drop = drop
        self.restore()

    def log(self, logger: str, level: str, text: Callable[[], str], at: float) -> None:
        """Hand on one event, if anybody wants it."""
        pythons = logging.getLogger(logger)
        if pythons.isEnabledFor(LEVELS[level]):
            pythons.log(LEVELS[level], "%s", text())

    def restore(self) -> None:
        """Set Python's logging up by these rules, after others have perhaps failed half-way."""
        _reset()
        parser = RawConfigParser(delimiters=("=",), inline_comment_prefixes=(";",), strict=False)
        try:
            parser.read_string(self._rules.text)
            fileConfig(parser, disable_existing_loggers=False)
        except Exception as error:  # noqa: BLE001  The operator's own expressions are evaluated: any error is theirs.
            _reset()
            raise ConfigError(
                self._rules.where, f"[loggers] Python's logging: {type(error).__name__}: {error}"
            ) from None
        for handler in (handler for logger in _loggers() for handler in logger.handlers):
            handler.handleError = lambda record: self._drop()  # type: ignore[method-assign]

    def give_way(self, successor: object) -> None:
        """Another logs from now on; one of our kind has set everything up already."""
        if not isinstance(successor, PythonLogs):
            _reset()


def _reset() -> None:
    """Forget all that was ever set up, so that nothing of it stays in force beside the new."""
    for logger in _loggers():
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True
    logging.root.setLevel(logging.WARNING)


def _loggers() -> Iterator[logging.Logger]:
    yield logging.root
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            yield logger
