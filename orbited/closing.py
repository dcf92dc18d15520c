"""Why sessions end, in one table: the text of the ``close`` packet and the WebSocket's close code.

Codes from 4000 to 4499 mean *come back* (with a new session), as 1012 and 1013 do; codes from 4500 to 4999 mean *do
not*. Those below 4000 are RFC 6455's and the IANA registry's.
"""

from enum import Enum


class Reason(Enum):
    """Why a session ends: the value is (text for the page, WebSocket close code)."""

    BACKEND_CLOSED = ("loseConnection", 1000)
    PAGE_CLOSED = ("close acked", 1000)
    GOING_DOWN = ("going down: come back", 1012)
    TOO_SLOW = ("too slow: come back", 4008)
    UNREACHABLE = ("target-unreachable: come back", 1013)
    EXPIRED = ("expired: come back", 4012)
    TOO_MANY_MESSAGES = ("too many messages: come back", 4013)
    BAD_INPUT = ("bad input", 4500)
    REVOKED = ("revoked: do not come back", 4501)
    NO_HANDSHAKE = ("no handshake", 4502)
    STALE = ("stale", 4502)
    TARGET_DENIED = ("target-denied", 4503)

    @property
    def text(self) -> str:
        """The payload of the close packet."""
        return self.value[0]

    @property
    def code(self) -> int:
        """The WebSocket's close code."""
        return self.value[1]
