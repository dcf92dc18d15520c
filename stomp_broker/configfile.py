"""The file of ``-c``, and of a ``stomp://`` line of the relay: ours, CoilMQ's or MorbidQ's.

CoilMQ's and ours have sections, ``[coilmq]``, ``[broker]`` and ``[rights]``; what is not known there is an error. A
file without any is one of MorbidQ, ``key=value`` lines, which Orbited 0.7 took: what still means something is followed,
and the rest is told as a warning, so that a file of that time stops nothing. docs/broker.md has every key.
"""

import configparser
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from stomp_broker import memory
from stomp_broker.authenticators import RightsTable, parse_rights
from stomp_broker.callbacks import SCHEMES
from stomp_broker.errors import ConfigError, ConfigFileError
from stomp_broker.logs import LEVELS

# Seconds at most over which a broker takes leave of its clients: with the lingering after it, it ends within 30.
MAX_DRAIN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What a file says: values by the names of ``BrokerSettings``' fields, and what is hardly meant."""

    values: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


class Key(NamedTuple):
    """A key of a file: the setting that it is, and how its text is read (ConfigError says what is wrong with it)."""

    setting: str
    read: Callable[[str], Any] = str


def _level(text: str) -> str:
    if text.lower() not in LEVELS:
        raise ConfigError(f"{text!r} is none of the levels {', '.join(LEVELS)}")
    return text.lower()


def _drain_seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_DRAIN_SECONDS):
        raise ConfigError(f"{text!r} is not a whole number of seconds from 0 to {MAX_DRAIN_SECONDS}")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _url(text: str) -> str:
    if not text.startswith(SCHEMES):
        raise ConfigError(f"{text!r} does not begin with {' or '.join(SCHEMES)}")
    return text


def _verbose(text: str) -> str:
    return "debug" if text.lower() == "true" else "info"


KEYS: dict[str, dict[str, Key]] = {
    "broker": {
        "callbacks.url": Key("callbacks", _url),
        "drain.seconds": Key("drain_seconds", _drain_seconds),
        "hooks": Key("hooks", _names),
        "log.level": Key("log_level", _level),
        "memory.limit": Key("memory_limit", memory.parse_limit),
    },
    "coilmq": {
        "auth.factory": Key("authenticator"),
        "qstore.factory": Key("store"),
        "scheduler.subscriber_priority_factory": Key("subscriber_scheduler"),
        "scheduler.queue_priority_factory": Key("queue_scheduler"),
    },
}
# How keys begin that are for CoilMQ's own factories, which read them themselves, and the section that is.
COILMQS_OWN = ("auth.", "qstore.")
COILMQS_SECTION = "redis"
# The section that says what the logins of an authenticator may do, one a line.
RIGHTS_SECTION = "rights"

RIGHTS = Key("rights", parse_rights)

# MorbidQ's keys that mean something here, and what to do instead of the others.
MORBID_KEYS = {"restq": Key("callbacks", _url), "verbose": Key("log_level", _verbose)}
MORBID_ADVICE = {
    "auth": "MorbidQ's authentication modules cannot be used; -a or broker.auth chooses who is let in",
    "interface": "-i or the stomp:// line chooses where to listen",
    "port": "-p or the stomp:// line chooses the port, as it did for MorbidQ",
}


def read(path: Path) -> ConfigFile:
    """Read a file. Raises :class:`ConfigFileError` for one that cannot be followed."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigFileError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigFileError(f"{path}: {error}") from None
    is_morbids = not any(line.lstrip().startswith("[") for line in text.splitlines())
    return _read_morbids(path, text) if is_morbids else _read_sections(path, text)


def _read_sections(path: Path, text: str) -> ConfigFile:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # Logins may differ in that alone.
    try:
        parser.read_string(text, str(path))
    except configparser.Error as error:
        raise ConfigFileError(f"{path}: {error}") from None
    known = [*KEYS, RIGHTS_SECTION, COILMQS_SECTION]
    unknown = {*parser.sections()} - {*known}
    if unknown:
        raise ConfigFileError(f"{path}: nothing reads [{min(unknown)}]. Sections are {', '.join(known)}.")
    values = dict(_entries(path, parser))
    if parser.has_section(RIGHTS_SECTION):
        values["rights"] = _rights(path, parser)
    elif "authenticator" in values:
        return ConfigFile(values, (f"{path}: without [{RIGHTS_SECTION}], logins of auth.factory may do nothing",))
    return ConfigFile(values)


def _rights(path: Path, parser: configparser.ConfigParser) -> RightsTable:
    entries = parser.items(RIGHTS_SECTION)
    return {name: _read_value(path, f"[{RIGHTS_SECTION}], {name}", RIGHTS, text) for name, text in entries}


def _entries(path: Path, parser: configparser.ConfigParser) -> Iterator[tuple[str, Any]]:
    for section in KEYS.keys() & {*parser.sections()}:
        for name, text in parser.items(section):
            key = KEYS[section].get(name.lower())
            if key:
                yield key.setting, _read_value(path, f"[{section}], {name}", key, text)
            elif section != "coilmq" or not name.lower().startswith(COILMQS_OWN):
                raise ConfigFileError(f"{path}, [{section}], {name}: not known. Known are {', '.join(KEYS[section])}.")


def _read_value(path: Path, name: str, key: Key, text: str) -> Any:  # noqa: ANN401
    try:
        return key.read(text)
    except ConfigError as error:
        raise ConfigFileError(f"{path}, {name}: {error}") from None


def _read_morbids(path: Path, text: str) -> ConfigFile:
    values: dict[str, Any] = {}
    warnings = []
    for number, line in enumerate(text.splitlines(), 1):
        name, _equals, value = (part.strip() for part in line.partition("="))
        if name in MORBID_KEYS:
            values[MORBID_KEYS[name].setting] = _read_value(path, f"line {number}, {name}", MORBID_KEYS[name], value)
        elif any(name in keys for keys in KEYS.values()):
            raise ConfigFileError(f"{path}, line {number}: {name} needs its section above it, such as [coilmq]")
        elif name and not name.startswith("#"):
            warnings.append(f"{path}, line {number}: {MORBID_ADVICE.get(name, f'nothing reads {name!r}')}")
    return ConfigFile(values, tuple(warnings))
