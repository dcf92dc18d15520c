"""Line slips: what the relay has measured of a page's line, signed, so that the page can show it to the application.

A slip is a JWT (RFC 7519) signed with HS256::

    {"aud":"orbit-quiz-line","sid":17,"ms":412,"iat":1763665000}

``sid`` is the session's number in our log, ``ms`` the round trip, ``iat`` when it was signed, in seconds since the
epoch. The key is derived from ``STOMP_TICKET_KEY``, so that a slip is never a ticket. Without that key there are no
slips, and nothing is measured.
"""

import hmac
from collections.abc import Mapping

import jwt

AUDIENCE = "orbit-quiz-line"
ALGORITHM = "HS256"
KEY_SETTING = "STOMP_TICKET_KEY"
PURPOSE = b"orbit-quiz line slips"


class Slips:
    """Signs slips."""

    def __init__(self, ticket_key: str) -> None:
        self._key = hmac.digest(ticket_key.encode(), PURPOSE, "sha256")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Slips | None":
        """None where there is no key."""
        key = environ.get(KEY_SETTING)
        return cls(key) if key else None

    def sign(self, session: int, round_trip_ms: int, issued_at: int) -> str:
        """The slip of that session."""
        claims = {"aud": AUDIENCE, "sid": session, "ms": round_trip_ms, "iat": issued_at}
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)
