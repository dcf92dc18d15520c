"""Which web pages may use the relay: its own origin and a list, nothing else.

An origin is scheme, host and port, compared as a whole and exactly; a port that is the scheme's own may be left out.
What is no such origin (``null``, which sandboxed pages and files have) is refused. A request without an Origin header
comes from no other page: browsers send one with every cross-origin request and every WebSocket. Source: RFC 6454; the
WHATWG fetch standard.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_PORT = 65535
# Browsers write origins in lower case, names in Punycode.
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")


class Origin(NamedTuple):
    """Where a page comes from."""

    scheme: str
    host: str
    port: int


def parse_origin(text: str) -> str:
    """Read a line of ``[origins]``: an origin exactly as browsers write it; ValueError for anything else."""
    if _read(text) is None:
        raise ValueError(f"{text!r} is no origin like 'https://example.org' or 'http://example.org:8000'")
    return text


class Origins:
    """The origins of one configuration."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._listed = frozenset(map(_read, listed))

    def allows(self, origin: str, scheme: str, host: str) -> bool:
        """May a page of ``origin`` use the relay that it reached as ``scheme://host`` (the Host header's)?"""
        page, own = _read(origin), f"{scheme}://{host}"
        return page is not None and (origin == own or page in self._listed or page == _read(own))


def _read(text: str) -> Origin | None:
    found = _ORIGIN.fullmatch(text)
    if not found:
        return None
    port = int(found["port"] or DEFAULT_PORTS[found["scheme"]])
    return Origin(found["scheme"], found["host"], port) if 0 < port <= MAX_PORT else None
