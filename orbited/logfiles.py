"""Where lines of a log end up: standard streams and files."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TextIO

from orbited.errors import ConfigError
from orbited.logrules import STDERR, STDOUT, LogRules, Output, PythonLogging


class Sink(Protocol):
    """Takes lines; OSError or ValueError when it cannot."""

    def write(self, line: str) -> None:
        """Take one."""

    def close(self) -> None:
        """Take no more."""


class Screen:
    """A standard stream, never closed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        """Show one line at once."""
        self._stream.write(_encode(line).decode())
        self._stream.flush()

    def close(self) -> None:
        """The stream is not ours."""


class LogFile:
    """A file that lines are added to, without a buffer that would hold back what the disk does not take."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("ab", buffering=0)  # noqa: SIM115  Open as long as it is logged to.

    def write(self, line: str) -> None:
        """Add one line."""
        self._file.write(_encode(line))

    def close(self) -> None:
        """Leave the file to others."""
        self._file.close()


def open_output(name: str) -> Sink:
    """What takes the lines of an output; OSError or ValueError when it cannot be had."""
    if name in STDOUT:
        return Screen(sys.stdout)
    return Screen(sys.stderr) if name in STDERR else LogFile(name)


def refused(level: str, output: Output, reason: str) -> ConfigError:
    """The error about an output of ``level``."""
    return ConfigError(output.where, f"[logging] {level}: cannot log to {output.name!r}: {reason}")


def check(rules: LogRules | PythonLogging | None) -> None:
    """ConfigError when a log file could not be written; makes none."""
    for level, output in _files(rules):
        path = Path(output.name)
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK, effective_ids=True):
            raise refused(level, output, "it may not be written")


def reopenable(rules: LogRules | PythonLogging | None) -> Iterator[str]:
    """A sentence for every log file that this process could not open anew."""
    for _, output in _files(rules):
        if not os.access(output.name, os.W_OK, effective_ids=True):
            yield f"{output.where}: {output.name!r} cannot be opened anew at a reload: it belongs to another user"


def _files(rules: LogRules | PythonLogging | None) -> Iterator[tuple[str, Output]]:
    """Level and output of everything that is a file."""
    if isinstance(rules, LogRules):
        for level, outputs in rules.outputs.items():
            yield from ((level, output) for output in outputs if output.name not in STDOUT + STDERR)


def _encode(line: str) -> bytes:
    return line.encode("utf-8", "backslashreplace")
