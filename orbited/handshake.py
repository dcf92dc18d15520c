"""The proxy handshake: the first packet of a page names its target, the first packet back says yes or no.

The page sends ``host:port`` and a newline, in one packet. The answer is a packet of its own: ``1``, or ``0`` and a
three-digit code, after which the session closes. The codes are those that ``onclose`` gets in the page.
"""

from enum import IntEnum
from typing import NamedTuple

from orbited.access import parse_port
from orbited.errors import HandshakeError

CONNECTED = b"1"
# No name is longer (RFC 1035, section 2.3.4), and what is refused stands in the log.
MAX_HOST_CHARS = 253


class Refusal(IntEnum):
    """Why a page does not get its connection."""

    INVALID_HANDSHAKE = 102
    UNAUTHORIZED = 106
    CONNECTION_FAILED = 108

    def encode(self) -> bytes:
        """The packet that says so."""
        return b"0%d" % self


class Target(NamedTuple):
    """Where a page wants to be connected to."""

    host: str
    port: int


def parse_target(packet: bytes) -> Target:
    """Read ``host:port``; blanks around it are ignored. HandshakeError for anything else."""
    try:
        host, port = packet.decode().strip().split(":")
        if not 0 < len(host) <= MAX_HOST_CHARS:
            raise ValueError(f"a host has 1 to {MAX_HOST_CHARS} characters")
        return Target(host, parse_port(port))
    except ValueError as error:
        raise HandshakeError(f"not 'host:port': {error}") from None
