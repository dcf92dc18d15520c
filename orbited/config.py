"""``orbited.cfg``: Orbited 0.7's file, read into one frozen dataclass.

``grammar.py`` cuts it into lines; what the lines of a section mean is said in ``listen.py``, ``access.py``,
``origins.py``, ``hosts.py``, ``logrules.py`` and ``keys.py``; here it is put together. Unknown sections and keys are
taken, and told as ``warnings``. An error names file and line, section and key. Paths begin at the working directory, as
in 0.7. docs/orbited-config.md has every key.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import NamedTuple, TypeVar

from orbited.access import Rule, parse_rule
from orbited.doubts import doubts
from orbited.errors import ConfigError
from orbited.grammar import WHOLE_LINES, Line, Sections, read, values
from orbited.hosts import parse_host
from orbited.keys import GLOBAL, LIMITS, SESSION, SSL, TEST, fields
from orbited.listen import Listener as Listener
from orbited.listen import parse_listener
from orbited.logrules import LogRules, PythonLogging, parse_logging
from orbited.origins import parse_origin
from orbited.session import Settings

# Where the file is looked for when none is named, the first that exists. The last is for Windows.
SEARCH = (Path("orbited.cfg"), Path("/etc/orbited.cfg"), Path("/Program Files/Orbited/etc/orbited.cfg"))
# What the relay itself has at the root of its site.
TAKEN = ("static", "system", "tcp", "stomp", "healthz", "readyz")

T = TypeVar("T")


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
    chain: Path | None = None


@dataclass(frozen=True)
class Config:
    """All that can be configured."""

    listen: tuple[Listener, ...] = ()
    access: tuple[Rule, ...] = ()
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    static: tuple[Mount, ...] = ()
    certificates: Certificates | None = None  # there with an https listener, and only then
    logging: LogRules | PythonLogging | None = None  # None: our own lines, to standard output
    reactor: str | None = None  # name of a Twisted reactor, None for the platform's best
    proxy_enabled: bool = True
    session: Settings = field(default_factory=Settings)
    limits: Limits = field(default_factory=Limits)
    user: str | None = None  # whom a relay started as root becomes
    group: str | None = None  # None: the user's own
    stomp_dispatcher: bool = False  # [test] stompdispatcher.enabled
    broker_auth: str = "tickets"  # whom the broker lets in: those with tickets, any, or those in the file of that name
    drain_s: int = 10  # seconds over which a relay that is to end takes leave of its pages
    warnings: tuple[str, ...] = field(default=(), compare=False)  # what is hardly meant, a sentence each
    places: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)

    def where(self, section: str, key: str) -> str:
        """How an error found later names a key: with file and line if it was written in a file."""
        place = self.places.get((section, key))
        return f"{place}: [{section}] {key}" if place else f"[{section}] {key}"


# What a running relay cannot take from a file read anew, as its operator calls it.
NEEDS_RESTART = {
    "listen": "[listen]",
    "static": "[static]",
    "reactor": "[global] reactor",
    "proxy_enabled": "[global] proxy.enabled",
    "user": "[global] user",
    "group": "[global] group",
    "broker_auth": "[global] broker.auth",
    "stomp_dispatcher": "[test] stompdispatcher.enabled",
}


def waiting_for_restart(running: Config, read_anew: Config) -> list[str]:
    """What differs between two configurations and counts only after a restart."""
    return [name for key, name in NEEDS_RESTART.items() if getattr(running, key) != getattr(read_anew, key)]


def find() -> Path:
    """The configuration file to use when none is named."""
    for path in SEARCH:
        if path.exists():
            return path
    raise ConfigError("-c", f"no configuration: name one, or have one of {', '.join(map(str, SEARCH))}")


def load(path: Path, instead: Mapping[str, Sequence[str]] | None = None) -> Config:
    """Read a file; ``instead`` maps names of sections to the lines to take in place of the file's."""
    try:
        # Bytes that are no UTF-8 stand in old comments, and in names of files, which they still name this way.
        text = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}") from None
    return parse(text, str(path), instead)


def parse(text: str, name: str, instead: Mapping[str, Sequence[str]] | None = None) -> Config:
    """Read a configuration; ``name`` is what errors call it. ConfigError for what cannot be followed."""
    sections = read(text, name)
    for section, lines in (instead or {}).items():
        sections[section] = [Line("command line", line) for line in lines]
    settings = values(sections.get("global", ()))
    listen = _each(sections, "listen", parse_listener)
    return Config(
        listen=listen,
        access=_each(sections, "access", parse_rule),
        origins=_each(sections, "origins", parse_origin),
        hosts=_each(sections, "hosts", parse_host),
        static=tuple(_mounts(values(sections.get("static", ())))),
        certificates=_certificates(sections) if any(listener.scheme == "https" for listener in listen) else None,
        logging=parse_logging(sections),
        session=Settings(**fields("global", settings, SESSION)),
        limits=Limits(**fields("global", settings, LIMITS)),
        **fields("global", settings, GLOBAL),
        **fields("test", values(sections.get("test", ())), TEST),
        warnings=doubts(sections),
        places=dict(_places(sections)),
    )


def _each(sections: Sections, section: str, read_line: Callable[[str], T]) -> tuple[T, ...]:
    results = []
    for where, text in sections.get(section, ()):
        try:
            results.append(read_line(text))
        except ValueError as error:
            raise ConfigError(where, f"[{section}] {error}") from None
    return tuple(results)


def _mounts(lines: Mapping[str, Line]) -> Iterator[Mount]:
    for name, (where, path) in lines.items():
        if name in TAKEN:
            raise ConfigError(where, f"[static] {name}: the relay itself has /{name}; take another name")
        if not name or not path:
            raise ConfigError(where, f"[static] '{name} = {path}' is not 'name = directory or file'")
        yield Mount(name, Path(path))


def _certificates(sections: Sections) -> Certificates:
    found = fields("ssl", values(sections.get("ssl", ())), SSL)
    for key, required in SSL.items():
        if required.field in ("key", "certificate") and required.field not in found:
            where = next(line.where for line in sections["listen"] if line.text.startswith("https:"))
            raise ConfigError(where, f"[listen] https needs a file as {key!r} in [ssl]")
    return Certificates(**found)


def _places(sections: Sections) -> Iterable[tuple[tuple[str, str], str]]:
    for section in sections.keys() - WHOLE_LINES:
        for key, line in values(sections[section]).items():
            yield (section, key), line.where
