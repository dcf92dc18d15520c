"""Line slips: what the relay has measured of a page's line, as the page shows it to us.

A slip is a JWT (RFC 7519) signed with HS256 and a key derived from ``STOMP_TICKET_KEY``::

    {"aud":"orbit-quiz-line","sid":17,"ms":412,"iat":1763665000}

``ms`` is the round trip, ``iat`` when the relay signed it, in seconds since the epoch. A page can make its line look
slower than it is, never quicker, and may lend its slip to another: whoever uses one bounds what it is worth. Source:
docs/orbited-protocol.md, section 6.
"""

import hmac

import jwt
from django.conf import settings

AUDIENCE = "orbit-quiz-line"
ALGORITHM = "HS256"
PURPOSE = b"orbit-quiz line slips"

MAX_SLIP_CHARS = 512
"""Longer than any slip; what is longer is not looked at."""

FRESH_MS = 180_000
"""A page is given a new slip once a minute; one that is older tells of another line, perhaps."""

AHEAD_MS = 60_000
"""By so much the relay's clock may be ahead of ours."""

MAX_ROUND_TRIP_MS = 10_000
"""The relay measures nothing longer."""


def round_trip_ms(slip: object, now: int) -> int:
    """The round trip that a slip vouches for at that time (ms since the epoch); 0 for what is no slip, or stale."""
    if not isinstance(slip, str) or len(slip) > MAX_SLIP_CHARS or not slip.isascii():
        return 0
    try:
        claims = jwt.decode(
            slip,
            hmac.digest(settings.STOMP_TICKET_KEY.encode(), PURPOSE, "sha256"),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["aud", "iat", "ms"], "strict_aud": True, "verify_iat": False},
        )
    except jwt.InvalidTokenError:
        return 0
    ms, issued_at = claims["ms"], claims["iat"]
    if type(ms) is not int or type(issued_at) is not int:
        return 0
    is_fresh = -AHEAD_MS <= now - issued_at * 1000 <= FRESH_MS
    return ms if is_fresh and 0 <= ms <= MAX_ROUND_TRIP_MS else 0
