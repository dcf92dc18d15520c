"""What a configuration may say, but hardly means: told once, at the start and by ``--check``.

Orbited 0.7 took unknown sections and keys in silence, and its files have some; a misspelt one must not stay unnoticed.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from os.path import exists

from orbited.grammar import Sections, values
from orbited.keys import GLOBAL, LIMITS, SESSION, SSL, TEST, UNUSED
from orbited.logrules import ENABLED_KEY, LEVELS, is_for_python

# The keys of each section that has a fixed set of them.
KEYS = {
    "global": (*GLOBAL, *SESSION, *LIMITS, *UNUSED),
    "ssl": tuple(SSL),
    "test": tuple(TEST),
    "logging": (*LEVELS, ENABLED_KEY),
}
# The other sections; [log] is that of 0.5 and 0.6, which 0.7 left alone.
SECTIONS = ("listen", "access", "static", "origins", "hosts", "loggers", "log", *KEYS)


def doubts(sections: Sections) -> tuple[str, ...]:
    """A sentence for each, beginning with file and line."""
    kinds = (_sections, _keys, _patterns, _missing_files)
    return tuple(doubt for kind in kinds for doubt in kind(sections))


def _sections(sections: Sections) -> Iterator[str]:
    for section, lines in sections.items():
        if lines and section not in SECTIONS and not is_for_python(section):
            yield f"{lines[0].where}: nothing reads the section [{section}]{_nearest(section, SECTIONS)}"


def _keys(sections: Sections) -> Iterator[str]:
    for section, known in KEYS.items():
        for key, line in values(sections.get(section, ())).items():
            if key not in known:
                yield f"{line.where}: [{section}] {key!r}: nothing reads this key{_nearest(key, known)}"


def _patterns(sections: Sections) -> Iterator[str]:
    for where, text in sections.get("access", ()):
        for part in map(str.strip, text.split("->")):
            if "*" in part and part != "*":
                yield f"{where}: [access] {part!r} is compared letter by letter: its '*' stands for nothing else"


def _missing_files(sections: Sections) -> Iterator[str]:
    for name, line in values(sections.get("static", ())).items():
        if not exists(line.text):
            yield f"{line.where}: [static] {name}: {line.text!r} is not there"


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; is it {near[0]!r}?" if near else ""
