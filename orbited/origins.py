"""Which web pages may use the relay: its own origin and a list, nothing else.

An origin is ``scheme://host`` or ``scheme://host:port``, compared as a whole and exactly. A request without an Origin
header comes from no other page: browsers send one with every cross-origin request and every WebSocket. Source:
RFC 6454; the WHATWG fetch standard.
"""

import re
from collections.abc import Iterable

_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?")


def parse_origin(text: str) -> str:
    """An origin exactly as browsers write it; ValueError for anything else."""
    if not _ORIGIN.fullmatch(text):
        raise ValueError(f"{text!r} is no origin like 'https://example.org' or 'http://example.org:8000'")
    return text


class Origins:
    """The origins of one configuration."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._listed = frozenset(listed)

    def allows(self, origin: str, scheme: str, host: str) -> bool:
        """May a page of ``origin`` use the relay that it reached as ``scheme://host`` (the Host header's)?"""
        return origin in self._listed or origin == f"{scheme}://{host}"
