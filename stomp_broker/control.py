"""Orders of services to the broker: JSON objects sent to ``/broker/control``.

There is one: ``{"cut": "player:12"}`` ends every connection of that subject, and every ticket that was made for it
until then opens no other.
"""

import json
from dataclasses import dataclass

from stomp_broker.errors import Code, RemoteError


@dataclass(frozen=True, slots=True)
class Cut:
    """End every connection of a subject."""

    subject: str


def parse_order(body: bytes) -> Cut:
    """Give the order in the body of a SEND. Raises :class:`RemoteError` (bad-control)."""
    try:
        order = json.loads(body)
    except (ValueError, RecursionError):  # ValueError is also the parent of a UnicodeDecodeError.
        raise RemoteError(Code.BAD_CONTROL) from None
    subject = order.get("cut") if isinstance(order, dict) and len(order) == 1 else None
    if not isinstance(subject, str) or not subject:
        raise RemoteError(Code.BAD_CONTROL)
    return Cut(subject)
