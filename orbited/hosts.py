"""By which names the relay may be called: a defence against DNS rebinding.

A page of another site may have its own name resolved to this machine's address, and is then of the relay's own origin
as far as its browser knows. Such a request bears that site's name in its Host header, and is refused (421). Taken are
``localhost``, this machine's own name, addresses as numbers (they cannot be rebound), the names that ``[access]`` (its
sources are Host headers) and ``[origins]`` mention, and the lines of ``[hosts]``; the line ``*`` takes any name. Ports
do not matter here, nor does a dot at a name's end.

Source: RFC 9110, sections 7.2 and 15.5.20.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from orbited.access import Rule

ANY_HOST = "*"
LOCALHOST = "localhost"
# A line of [hosts]; underscores are no letters of host names, but container networks give such names.
_LISTED = re.compile(r"\*|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
# A Host header: name or address, perhaps a port. Nothing else that may stand in an address has a place there.
_HEADER = re.compile(r"(?:\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_-][a-z0-9._-]*))(?::[0-9]{0,5})?")


def parse_host(text: str) -> str:
    """Read a line of ``[hosts]``: a name without port, in lower case; ValueError for anything else."""
    if not _LISTED.fullmatch(text.lower()):
        raise ValueError(f"{text!r} is no host name like 'quiz.example.org' (without a port), nor '*'")
    return text.lower()


def name_of(host: str) -> str:
    """The name or address in a Host header, without its port and in lower case; empty when it is no such header."""
    found = _HEADER.fullmatch(host.lower())
    return (found["ipv6"] or found["name"].removesuffix(".")) if found else ""


class Hosts:
    """The names of one configuration."""

    def __init__(self, listed: Iterable[str], access: Iterable[Rule], origins: Iterable[str], own: str = "") -> None:
        """``own``: what this machine calls itself."""
        listed = frozenset(listed)
        self._any = ANY_HOST in listed
        self._own = frozenset(_own_names(own.lower()))
        mentioned = {name_of(rule.source) for rule in access} | {urlsplit(origin).hostname or "" for origin in origins}
        self._names = (listed | self._own | mentioned) - {"", ANY_HOST}

    def allows(self, host: str) -> bool:
        """May a request bear ``host`` as its Host header?"""
        name = name_of(host)
        return bool(name) and (self._any or name in self._names or _is_address(name))

    def is_own(self, name: str) -> bool:
        """Is this a name that stands for this very machine, whatever the network says?"""
        return name in self._own


def _own_names(own: str) -> Iterable[str]:
    yield LOCALHOST
    if own:
        yield own
        yield f"{own.partition('.')[0]}.local"  # multicast DNS (RFC 6762): how phones find a machine


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
