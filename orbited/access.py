"""Which pages may reach which targets: Orbited 0.7's ``[access]`` section, judged exactly as it did.

A rule is ``SOURCE -> HOST[:PORT]``. The target that a page asks for must equal a rule's host and port as text and
number: case counts, names are not resolved, so that ``localhost`` and ``127.0.0.1`` are two targets. The rule's source
must be ``*`` or equal the ``Host:`` header with which the page made its session, port included as the browser sent it.
Nothing listed, nothing allowed. This is no defence against clients that are not browsers: they write any header.
"""

from collections.abc import Iterable
from typing import NamedTuple

ANY_SOURCE = "*"
DEFAULT_PORT = 80
MAX_PORT = 65535


class Rule(NamedTuple):
    """One line of ``[access]``: pages of ``source`` may reach ``host``:``port``."""

    source: str
    host: str
    port: int


def parse_rule(text: str) -> Rule:
    """Read ``SOURCE -> HOST[:PORT]``; ValueError says what is wrong with it."""
    parts = [part.strip() for part in text.split("->")]
    if len(parts) != 2 or not all(parts):
        raise ValueError(f"{text!r} is not 'SOURCE -> HOST:PORT'")
    source, target = parts
    host, _, port = target.partition(":")
    if host == ANY_SOURCE:
        raise ValueError("a target must be named: '*' stands only for sources")
    if not host or " " in target:
        raise ValueError(f"{target!r} is not 'HOST:PORT'")
    return Rule(source, host, parse_port(port) if ":" in target else DEFAULT_PORT)


def parse_port(text: str) -> int:
    """Read a decimal TCP port, 1 to 65535; ValueError says what is wrong with it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) <= MAX_PORT):
        raise ValueError(f"{text!r} is not a port (1 to {MAX_PORT})")
    return int(text)


class Access:
    """The rules of one configuration."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._targets = frozenset((rule.host, rule.port) for rule in self._rules)

    def allows(self, source: str, host: str, port: int) -> bool:
        """May a page whose session was made with ``Host: source`` reach ``host``:``port``?"""
        return any(Rule(who, host, port) in self._rules for who in (ANY_SOURCE, source))

    def names(self, host: str, port: int) -> bool:
        """Does any rule name this target in these very words, whoever may reach it?"""
        return (host, port) in self._targets

    def first(self, source: str) -> Rule | None:
        """The first rule for pages that come with ``Host: source``: its target is theirs when they name none."""
        return next((rule for rule in self._rules if rule.source in (ANY_SOURCE, source)), None)
