"""Log lines: a sentence, then what it is about as ``key=value``, in one form everywhere.

::

    WARN stomp_broker: ended connection=17 subject=player:5 code=access-refused why="write /games/7/status"

Values with blanks, quotes or control characters are written as JSON strings, so that nobody can forge a field or a
line. No line ever has a passcode or a ticket. docs/broker.md lists the fields.
"""

import json
import re
import sys
from typing import Any, TextIO

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
from twisted.python.failure import Failure

# Seconds between two lines about refusals with the same code: an attack must not fill the disk.
SAMPLE_SECONDS = 1.0
# Levels by the names that the setting has.
LEVELS = {"debug": LogLevel.debug, "info": LogLevel.info, "warn": LogLevel.warn, "error": LogLevel.error}

# They stand in the event one by one too, for observers that want them so.
_FIELDS = "{fields}"
_PLAIN = re.compile(r'[^\s"=\\]+')


class Fields(dict[str, Any]):
    """What a line is about. It becomes text only when the line is written; None and empty values are left out."""

    def __str__(self) -> str:
        return "".join(f" {name}={_plain(value)}" for name, value in self.items() if value not in (None, ""))


class Log:
    """Writes lines in this form with Twisted's logger. A sentence is a format: what varies in it comes as a field."""

    def __init__(self, namespace: str = "stomp_broker") -> None:
        self._logger = Logger(namespace)

    def debug(self, sentence: str, **fields: object) -> None:
        """What only who looks for it wants to see: every connection."""
        self._write(LogLevel.debug, sentence, fields)

    def info(self, sentence: str, **fields: object) -> None:
        """What happens rarely, and in order."""
        self._write(LogLevel.info, sentence, fields)

    def warn(self, sentence: str, **fields: object) -> None:
        """Somebody else's fault."""
        self._write(LogLevel.warn, sentence, fields)

    def error(self, sentence: str, **fields: object) -> None:
        """What the operator has to do something about."""
        self._write(LogLevel.error, sentence, fields)

    def critical(self, sentence: str, **fields: object) -> None:
        """What nobody may miss."""
        self._write(LogLevel.critical, sentence, fields)

    def failure(self, sentence: str, failure: Failure | None = None, **fields: object) -> None:
        """A fault of this code: this failure, or the exception that is being handled."""
        about: dict[str, Any] = fields
        self._logger.failure(sentence + _FIELDS, failure, fields=Fields(fields), **about)

    def _write(self, level: Any, sentence: str, fields: dict[str, object]) -> None:  # noqa: ANN401  Constantly's.
        self._logger.emit(level, sentence + _FIELDS, fields=Fields(fields), **fields)


class Samples:
    """Lets one line a second through for each kind, and counts the others."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}
        self._withheld: dict[str, int] = {}

    def take(self, kind: str, now: float) -> int | None:
        """Say how many lines of this kind were held back since the last, or None to hold this one back too."""
        if now < self._next.get(kind, now):
            self._withheld[kind] = self._withheld.get(kind, 0) + 1
            return None
        self._next[kind] = now + SAMPLE_SECONDS
        return self._withheld.pop(kind, 0)


class Lines:
    """Writes what a process of the broker's own logs, from a level on that may change."""

    def __init__(self, level: str) -> None:
        self._from_level_on: Any = LogLevelFilterPredicate()
        # Twisted's own words about ports.
        self._from_level_on.setLogLevelForNamespace("log_legacy", LogLevel.warn)
        self.apply(level)

    def apply(self, level: str) -> None:
        """Write from this level on: a key of LEVELS."""
        self._from_level_on.setLogLevelForNamespace("", LEVELS[level])

    def begin(self, stream: TextIO = sys.stderr) -> None:
        """Take in all events of the process, from those that have waited for it."""
        to_stream: Any = FileLogObserver(stream, line)
        observer: Any = FilteringLogObserver(to_stream, [self._from_level_on])
        globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)


def line(event: LogEvent) -> str:
    """An event in the form that the game's processes log in; whoever runs the broker adds the time."""
    text = eventAsText(event, includeTimestamp=False, includeSystem=False).replace("\n", "\n\t")
    return f"{event['log_level'].name.upper()} {event['log_namespace']}: {text}\n"


def _plain(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) and text.isprintable() else json.dumps(text)
