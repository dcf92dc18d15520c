"""The grammar of ``orbited.cfg``, Orbited 0.7's own: lines in sections, before anybody asks what they mean.

Blanks round a line do not count, and a ``#`` anywhere begins a comment: nothing quotes it. ``[name]`` opens a section,
or continues the one of that name. ``[listen]`` and ``[access]`` hold lines that are kept whole, and so do our
``[origins]`` and ``[hosts]``; in every other section stands ``key = value``, cut at the first ``=``, and the last value
of a key wins. Names and keys are case-sensitive. There are no continuation lines, no quotes and no interpolation.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from io import StringIO
from typing import NamedTuple

from orbited.errors import ConfigError

# Sections whose lines are no 'key = value'.
WHOLE_LINES = frozenset({"listen", "access", "origins", "hosts"})


class Line(NamedTuple):
    """A line, or a key's value, and where it stands: ``orbited.cfg:12``, or an option of the command line."""

    where: str
    text: str


Sections = dict[str, list[Line]]


def read(text: str, name: str) -> Sections:
    """The lines of every section; ``name`` is what errors call the file. ConfigError for what is no such file."""
    sections: Sections = {}
    current = None
    for number, raw in enumerate(StringIO(text, newline=None), 1):
        line = Line(f"{name}:{number}", raw.partition("#")[0].strip())
        if line.text.startswith("[") and line.text.endswith("]"):
            current = line.text[1:-1]
            sections.setdefault(current, [])
        elif line.text:
            if current is None:
                raise ConfigError(line.where, f"{line.text!r} stands before the first [section]")
            if current not in WHOLE_LINES and "=" not in line.text:
                raise ConfigError(line.where, f"[{current}] {line.text!r} is not 'key = value'{_meant(current)}")
            sections[current].append(line)
    return sections


def _meant(section: str) -> str:
    """Which section of whole lines a misspelt one probably is."""
    near = get_close_matches(section, WHOLE_LINES, n=1)
    return f"; is [{near[0]}] meant?" if near else ""


def values(lines: Iterable[Line]) -> dict[str, Line]:
    """The value of each key in a section."""
    found = {}
    for where, text in lines:
        key, _, value = text.partition("=")
        found[key.strip()] = Line(where, value.strip())
    return found
