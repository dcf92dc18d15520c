"""By which names the relay may be called: a defence against DNS rebinding.

A page of another site may have its own name resolved to this machine's address, and is then of the relay's own origin
as far as its browser knows. Such a request bears that site's name in its Host header, and is refused (421). Taken are
``localhost``, this machine's own name, addresses as numbers (they cannot be rebound), the names that ``[access]`` and
``[origins]`` mention, and the lines of ``[hosts]``; the line ``*`` takes any name. Ports do not matter here.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from orbited.access import Rule

ANY_HOST = "*"
_HOST = re.compile(r"\*|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def parse_host(text: str) -> str:
    """Read a line of ``[hosts]``: a name without port, in lower case; ValueError for anything else."""
    if not _HOST.fullmatch(text.lower()):
        raise ValueError(f"{text!r} is no host name like 'quiz.example.org' (without a port), nor '*'")
    return text.lower()


class Hosts:
    """The names of one configuration."""

    def __init__(self, listed: Iterable[str], access: Iterable[Rule], origins: Iterable[str], own: str = "") -> None:
        """``own``: what this machine calls itself."""
        sources = (rule.source for rule in access)
        self._names = {"localhost", *listed, *filter(None, map(name_of, sources))}
        self._names.update(filter(None, (urlsplit(origin).hostname for origin in origins)))
        if own:
            self._names.update({own.lower(), f"{own.partition('.')[0].lower()}.local"})
        self._any = ANY_HOST in listed

    def allows(self, host: str) -> bool:
        """May a request bear ``host`` as its Host header?"""
        name = name_of(host)
        return bool(name) and (self._any or name in self._names or _is_address(name))


def name_of(host: str) -> str:
    """The name or address in a Host header, without its port and in lower case; empty when there is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
