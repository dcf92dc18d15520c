"""What a configuration says of logs, in either style of Orbited 0.7.

0.7.0 to 0.7.10 had levels of their own: ``[logging]`` says where the lines of each level go and which levels are on,
``[loggers]`` turns levels on for single loggers. 0.7.11 gave the same file to Python's ``logging.config`` instead:
``[loggers]`` has ``keys``, and there are ``[handlers]``. Neither section: our own lines, to standard output.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from orbited.errors import ConfigError
from orbited.grammar import Line, Sections, values

LEVELS = ("debug", "info", "access", "warn", "error")
ENABLED = frozenset(LEVELS) - {"debug"}
ENABLED_KEY = "enabled.default"
# Outputs that are no files.
STDOUT = ("SCREEN", "STDOUT")
STDERR = ("STDERR",)
# Sections that Python's logging reads, and what the names of its others begin with.
_PYTHON_SECTIONS = ("loggers", "handlers", "formatters")
_PYTHON_PREFIXES = ("logger_", "handler_", "formatter_")


class Output(NamedTuple):
    """Where lines go: one of STDOUT or STDERR, or a file. ``where`` says which line of the configuration wants it."""

    name: str
    where: str


SCREEN = Output("SCREEN", "")


@dataclass(frozen=True)
class LogRules:
    """The style of 0.7.0 to 0.7.10. Loggers' names are exact: ``orbited`` says nothing of ``orbited.server``."""

    outputs: Mapping[str, tuple[Output, ...]] = field(default_factory=dict)  # by level; not named: the screen
    enabled: frozenset[str] = ENABLED
    loggers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def wants(self, logger: str, level: str) -> bool:
        """Is what ``logger`` says at ``level`` to be written?"""
        return level in self.loggers.get(logger, self.enabled)


class PythonLogging(NamedTuple):
    """The style of 0.7.11: the sections for ``logging.config.fileConfig``, and nothing else of the file."""

    text: str
    where: str


def parse_logging(sections: Sections) -> LogRules | PythonLogging | None:
    """What the sections say; ConfigError names the line with a level that there is not."""
    loggers = values(sections.get("loggers", ()))
    if "keys" in loggers and "handlers" in sections:
        return PythonLogging(_python_text(sections), loggers["keys"].where)
    if "logging" not in sections and "loggers" not in sections:
        return None
    logging = values(sections.get("logging", ()))
    enabled = logging.get(ENABLED_KEY)
    return LogRules(
        outputs={level: _outputs(logging[level]) for level in LEVELS if level in logging},
        enabled=_levels(f"[logging] {ENABLED_KEY}", enabled) if enabled else ENABLED,
        loggers={name: _levels(f"[loggers] {name}", line) for name, line in loggers.items()},
    )


def is_for_python(section: str) -> bool:
    """Is it a section of Python's logging?"""
    return section in _PYTHON_SECTIONS or section.startswith(_PYTHON_PREFIXES)


def _python_text(sections: Sections) -> str:
    lines = []
    for section in filter(is_for_python, sections):
        lines.append(f"[{section}]")
        lines.extend(f"{key} = {line.text}" for key, line in values(sections[section]).items())
    return "\n".join(lines)


def _outputs(line: Line) -> tuple[Output, ...]:
    return tuple(Output(name, line.where) for name in _names(line))


def _levels(key: str, line: Line) -> frozenset[str]:
    names = frozenset(_names(line))
    for name in sorted(names.difference(LEVELS)):
        raise ConfigError(line.where, f"{key}: {name!r} is none of the levels {', '.join(LEVELS)}")
    return names


def _names(line: Line) -> Iterable[str]:
    """The parts of a list with commas."""
    return filter(None, map(str.strip, line.text.split(",")))
