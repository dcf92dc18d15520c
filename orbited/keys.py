"""The keys of ``orbited.cfg``: which field of the configuration each one fills, and how its value is read.

What is not written keeps the field's default. A reader takes the text behind the ``=`` and raises ValueError, saying
what is wrong with it.
"""

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, NamedTuple

from orbited.errors import ConfigError
from orbited.grammar import Line

# Seconds or pieces: more than any setting needs.
MOST = 999_999_999
# Seconds. Whoever ends the relay waits for its exit no longer than 30, and the last pages need a moment to know.
LONGEST_DRAIN = 25


class Key(NamedTuple):
    """A key fills ``field`` with what ``read`` makes of its value."""

    field: str
    read: Callable[[str], Any]


def is_one(text: str) -> bool:
    """0.7's switches are on when they say exactly ``1``."""
    return text == "1"


def word(text: str) -> str | None:
    """A name; nothing behind the ``=`` is as if the key were not there."""
    return text or None


def whole(most: int = MOST) -> Callable[[str], int]:
    """A reader of whole numbers from 1 to ``most``."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 0 < int(text) <= most):
            raise ValueError(f"{text!r} is not a whole number from 1 to {most}")
        return int(text)

    return read


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks (CIDR) with commas between."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def required(text: str) -> str:
    """A name that must be there."""
    if not text:
        raise ValueError("nothing stands behind the '='")
    return text


def path(text: str) -> Path:
    """A file, found from the working directory."""
    return Path(required(text))


# Of [global]: fields of Config, of Settings (orbited/session.py), and of Limits.
GLOBAL = {
    "reactor": Key("reactor", word),
    "proxy.enabled": Key("proxy_enabled", is_one),
    "user": Key("user", word),
    "group": Key("group", word),
    "broker.auth": Key("broker_auth", required),
    "drain.seconds": Key("drain_s", whole(LONGEST_DRAIN)),
}
SESSION = {
    "session.ping_interval": Key("ping_interval_s", whole()),
    "session.ping_timeout": Key("ping_timeout_s", whole()),
    "session.messages_per_second": Key("messages_per_s", whole()),
    "session.message_burst": Key("message_burst", whole()),
}
LIMITS = {
    "session.max": Key("sessions", whole()),
    "session.per_address": Key("sessions_per_address", whole()),
    "session.exempt": Key("exempt", networks),
    "http.proxies": Key("proxies", networks),
}
# Written by 0.7.0 to 0.7.9, meaning nothing.
UNUSED = ("pid.location",)
SSL = {
    "key": Key("key", path),
    "crt": Key("certificate", path),
    "chain": Key("chain", path),
}
TEST = {"stompdispatcher.enabled": Key("stomp_dispatcher", is_one)}


def fields(section: str, lines: Mapping[str, Line], keys: Mapping[str, Key]) -> dict[str, Any]:
    """The fields that a section's ``lines`` fill; ConfigError names file, line and key."""
    found = {}
    for name, key in keys.items():
        if name in lines:
            where, text = lines[name]
            try:
                found[key.field] = key.read(text)
            except ValueError as error:
                raise ConfigError(where, f"[{section}] {name}: {error}") from None
    return found
