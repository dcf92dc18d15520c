"""Where the relay's log events go, and in which form: to our own lines, or in either style of Orbited 0.7.

Everything in the process logs with Twisted's loggers; ``Logs`` is what observes them. ``apply`` may be called again at
any time: it takes other rules, and opens every file anew, so that files may be rotated. A line that cannot be written
while the relay runs (a full disk) is dropped and counted; the relay goes on.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from prometheus_client import Counter
from twisted.logger import LogEvent, LogLevel, eventAsText, globalLogBeginner

from orbited.errors import ConfigError
from orbited.logfiles import Sink, open_output, refused
from orbited.logrules import LEVELS, SCREEN, LogRules, Output, PythonLogging
from orbited.pythonlogs import PythonLogs

# What logs under this name is of 0.7's level ACCESS, whatever Twisted calls its level. 0.7.10 logged it so too.
ACCESS = "orbited.proxy.ProxyIncomingProtocol"
# Keys and tokens of sessions, which Twisted shows with the addresses of requests.
SECRET = re.compile(r"\b[0-9a-f]{32,}\b")
# Our own lines: no line for every page, unless the operator asks for it.
QUIET = frozenset({"info", "warn", "error"})

_LEVELS = {
    LogLevel.debug: "debug",
    LogLevel.info: "info",
    LogLevel.warn: "warn",
    LogLevel.error: "error",
    LogLevel.critical: "error",
}


class Logs:
    """Observes everything that is logged in this process."""

    def __init__(self, verbose: bool = False) -> None:
        """``verbose`` turns on every level that is not on by itself."""
        self.dropped = Counter("orbited_log_lines_dropped", "Lines that no log could take.", registry=None)
        self._verbose = verbose
        self._observer: Lines | PythonLogs | None = None

    def apply(self, rules: LogRules | PythonLogging | None) -> None:
        """Log by these ``rules`` from now on; ConfigError, and nothing changes, when they cannot be followed."""
        try:
            observer = self._observer_for(rules)
        except ConfigError:
            if isinstance(self._observer, PythonLogs):
                self._observer.restore()
            raise
        if self._observer is not None:
            self._observer.give_way(observer)
        self._observer = observer

    def begin(self) -> None:
        """Take in all events of the process, from those that have waited for it."""
        globalLogBeginner.beginLoggingTo([cast(Any, self)], redirectStandardIO=False)

    def __call__(self, event: LogEvent) -> None:
        """Log one event."""
        if self._observer is not None:
            self._observer.log(event["log_namespace"], level_of(event), lambda: text_of(event), event["log_time"])

    def _observer_for(self, rules: LogRules | PythonLogging | None) -> "Lines | PythonLogs":
        if isinstance(rules, PythonLogging):
            return PythonLogs(rules, self.dropped.inc)
        enabled = frozenset(LEVELS) if self._verbose else rules.enabled if rules else QUIET
        if rules is None:
            return Lines(LogRules(enabled=enabled), plain, self.dropped.inc)
        return Lines(replace(rules, enabled=enabled), dated, self.dropped.inc)


def level_of(event: LogEvent) -> str:
    """The level that Orbited 0.7 would have called it."""
    return "access" if event["log_namespace"] == ACCESS else _LEVELS[event["log_level"]]


def text_of(event: LogEvent) -> str:
    """What an event says, without secrets; only the first line begins at the margin, so that nobody can forge one."""
    text = eventAsText(event, includeTimestamp=False, includeSystem=False)
    return SECRET.sub("[secret]", text).replace("\n", "\n\t")


def plain(logger: str, level: str, text: str, at: float) -> str:
    """A line in the form that the game's processes log in; whoever runs them all adds the time."""
    return f"{level.upper()} {logger}: {text}\n"


def dated(logger: str, level: str, text: str, at: float) -> str:
    """A line in the form of Orbited 0.7.10; ``at`` is in seconds since the epoch, and told in local time."""
    time = datetime.fromtimestamp(at)
    return f"{time:%m/%d/%y %H:%M:%S}:{time.microsecond // 1000:03} {level.upper():<6} {logger}\t{text}\n"


class Lines:
    """Writes the lines of each level to its outputs, in the form that ``form`` gives them."""

    def __init__(self, rules: LogRules, form: Callable[[str, str, str, float], str], drop: Callable[[], None]) -> None:
        self._rules = rules
        self._form = form
        self._drop = drop
        self._open: dict[str, Sink] = {}
        try:
            self._sinks = {level: self._sinks_of(level) for level in LEVELS}
        except ConfigError:
            self._close()
            raise

    def log(self, logger: str, level: str, text: Callable[[], str], at: float) -> None:
        """Write one event where it belongs, if it is wanted."""
        if not self._rules.wants(logger, level):
            return
        line = self._form(logger, level, text(), at)
        for sink in self._sinks[level]:
            try:
                sink.write(line)
            except (OSError, ValueError):
                self._drop()

    def give_way(self, successor: object) -> None:
        """Another logs from now on."""
        self._close()

    def _sinks_of(self, level: str) -> list[Sink]:
        return [self._sink(level, output) for output in self._rules.outputs.get(level, (SCREEN,))]

    def _sink(self, level: str, output: Output) -> Sink:
        if output.name not in self._open:
            try:
                self._open[output.name] = open_output(output.name)
            except (OSError, ValueError) as error:
                raise refused(level, output, str(error)) from None
        return self._open[output.name]

    def _close(self) -> None:
        for sink in self._open.values():
            sink.close()
