"""``orbited.cfg``: Orbited 0.7's file, read into one frozen dataclass.

The grammar is 0.7's own: a ``#`` anywhere begins a comment, ``[name]`` opens or continues a section, ``[access]`` and
``[listen]`` hold lines that are kept whole, and so do our ``[origins]`` and ``[hosts]``; everywhere else stands
``key = value``, the last one wins. Unknown sections and keys are read and ignored. An error names file and line, and
the key.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import NamedTuple, TypeVar

from orbited.access import Rule, parse_port, parse_rule
from orbited.errors import ConfigError
from orbited.hosts import parse_host
from orbited.origins import parse_origin
from orbited.session import Settings

# Where the file is looked for when none is named, the first that exists.
SEARCH = (Path("orbited.cfg"), Path("/etc/orbited.cfg"))
# Sections whose lines are no 'key = value'.
WHOLE_LINES = frozenset({"listen", "access", "origins", "hosts"})
SCHEMES = ("http", "stomp", "echo")
# More than any setting needs.
MAX_DIGITS = 9

T = TypeVar("T")


class Line(NamedTuple):
    """One line and where it stands: ``orbited.cfg:12``, or an option of the command line."""

    where: str
    text: str


class Listener(NamedTuple):
    """One line of ``[listen]``. An empty host is every interface."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True)
class Limits:
    """How much the relay takes on."""

    sessions: int = 20_000  # in all; a process of ours has hardly more descriptors
    sessions_per_address: int = 2000  # a school behind one address has a thousand pupils with a tab or two
    exempt: tuple[IPv4Network | IPv6Network, ...] = ()  # addresses without the limit above, beside this machine's own
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()  # believed about X-Forwarded-For, beside this machine's own


class Mount(NamedTuple):
    """One line of ``[static]``: ``path`` is served at ``/name``, that named INDEX at ``/``."""

    name: str
    path: Path


class Certificates(NamedTuple):
    """``[ssl]``: PEM files."""

    key: Path
    certificate: Path
    chain: Path | None


@dataclass(frozen=True)
class Config:
    """All that can be configured."""

    listen: tuple[Listener, ...] = ()
    access: tuple[Rule, ...] = ()
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    static: tuple[Mount, ...] = ()
    certificates: Certificates | None = None
    reactor: str | None = None  # name of a Twisted reactor, None for the platform's best
    proxy_enabled: bool = True
    session: Settings = field(default_factory=Settings)
    limits: Limits = field(default_factory=Limits)
    user: str | None = None  # whom a relay started as root becomes
    group: str | None = None  # None: the user's own
    stomp_dispatcher: bool = False  # [test] stompdispatcher.enabled
    drain_s: int = 10  # seconds over which a relay that is to end takes leave of its pages


def find() -> Path:
    """The configuration file to use when none is named."""
    for path in SEARCH:
        if path.exists():
            return path
    raise ConfigError("-c", f"no configuration: name one, or have one of {', '.join(map(str, SEARCH))}")


def load(path: Path, instead: Mapping[str, Sequence[str]] | None = None) -> Config:
    """Read a file; ``instead`` maps names of sections to the lines to take in place of the file's."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"cannot be read: {error}") from None
    return parse(text, str(path), instead)


def parse(text: str, name: str, instead: Mapping[str, Sequence[str]] | None = None) -> Config:
    """Read a configuration; ``name`` is what errors call it. ConfigError for what cannot be followed."""
    sections = _sections(text, name)
    for section, lines in (instead or {}).items():
        sections[section] = [Line(f"option for [{section}]", line) for line in lines]
    values = _values(sections.get("global", ()))
    return Config(
        listen=_each(sections.get("listen", ()), parse_listener),
        access=_each(sections.get("access", ()), parse_rule),
        origins=_each(sections.get("origins", ()), parse_origin),
        hosts=_each(sections.get("hosts", ()), parse_host),
        reactor=values["reactor"].text if "reactor" in values else None,
        proxy_enabled=values["proxy.enabled"].text == "1" if "proxy.enabled" in values else True,
        session=Settings(
            ping_interval_s=_number(values, "session.ping_interval", Settings.ping_interval_s),
            ping_timeout_s=_number(values, "session.ping_timeout", Settings.ping_timeout_s),
            messages_per_s=_number(values, "session.messages_per_second", Settings.messages_per_s),
            message_burst=_number(values, "session.message_burst", Settings.message_burst),
        ),
        limits=Limits(
            sessions_per_address=_number(values, "session.per_address", Limits.sessions_per_address),
        ),
    )


def parse_listener(text: str) -> Listener:
    """Read ``scheme://[host]:port``; ValueError says what is wrong with it.

    0.7 allowed ``stomp://`` a file name behind the URI, for its broker; ours takes none, so it is ignored.
    """
    uri = text.split(maxsplit=1)[0] if text.startswith("stomp:") else text
    scheme, separator, address = uri.partition("://")
    host, colon, port = address.rpartition(":")
    if not separator or not colon or " " in uri:
        raise ValueError(f"{text!r} is not 'scheme://host:port'")
    if scheme not in SCHEMES:
        raise ValueError(f"{scheme!r} is not supported; {', '.join(SCHEMES)} are")
    return Listener(scheme, host, parse_port(port))


def _sections(text: str, name: str) -> dict[str, list[Line]]:
    sections: dict[str, list[Line]] = {}
    current = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = Line(f"{name}:{number}", raw.split("#", 1)[0].strip())
        if line.text.startswith("[") and line.text.endswith("]"):
            current = line.text[1:-1]
            sections.setdefault(current, [])
        elif line.text:
            if current is None:
                raise ConfigError(line.where, "a setting stands before the first [section]")
            if current not in WHOLE_LINES and "=" not in line.text:
                raise ConfigError(line.where, f"[{current}] {line.text!r} is not 'key = value'")
            sections[current].append(line)
    return sections


def _values(lines: Iterable[Line]) -> dict[str, Line]:
    values = {}
    for where, text in lines:
        key, _, value = text.partition("=")
        values[key.strip()] = Line(where, value.strip())
    return values


def _each(lines: Iterable[Line], read: Callable[[str], T]) -> tuple[T, ...]:
    results = []
    for line in lines:
        try:
            results.append(read(line.text))
        except ValueError as error:
            raise ConfigError(line.where, str(error)) from None
    return tuple(results)


def _number(values: Mapping[str, Line], key: str, default: int) -> int:
    """A whole number above nothing."""
    if key not in values:
        return default
    where, text = values[key]
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and int(text) > 0):
        raise ConfigError(where, f"[global] {key}: {text!r} is not a whole number above 0")
    return int(text)
