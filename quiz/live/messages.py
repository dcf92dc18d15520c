"""The envelope around everything that is published, and a message on its way. Pure.

``{"v":1,"type":"question.opened","seq":17,"at":1763665000123,"data":{…}}``: ``seq`` counts without gaps per
destination, 0 for messages that are not kept; ``at`` is milliseconds since the epoch on the server's clock.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quiz.live.destinations import check
from quiz.live.errors import MessageError

ENVELOPE_VERSION = 1

# Bytes of one body: a service's frame may have 1 MiB at the broker, of which headers get the rest.
MAX_BODY_BYTES = 1_000_000

# Characters of a type like ``question.opened``; the width of the database's column.
MAX_TYPE_LENGTH = 100

# The seq of messages that are not kept.
NOT_KEPT = 0


@dataclass(frozen=True)
class Message:
    """One message to one destination. What no broker would take raises ``DestinationError`` or ``MessageError``."""

    destination: str
    type: str
    data: dict[str, Any]
    at: int
    seq: int = NOT_KEPT

    def __post_init__(self) -> None:
        check(self.destination)
        if len(self.type) > MAX_TYPE_LENGTH:
            raise MessageError(f"the type {self.type[:20]!r}… is longer than {MAX_TYPE_LENGTH} characters")
        if len(self.body) > MAX_BODY_BYTES:
            raise MessageError(f"{self.type} has {len(self.body)} bytes, {MAX_BODY_BYTES} are allowed")

    @property
    def envelope(self) -> dict[str, Any]:
        return {"v": ENVELOPE_VERSION, "type": self.type, "seq": self.seq, "at": self.at, "data": self.data}

    @cached_property
    def body(self) -> bytes:
        """The envelope as UTF-8 JSON."""
        try:
            return json.dumps(self.envelope, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise MessageError(f"{self.type} is not JSON: {error}") from error


class Order(Message):
    """What the broker itself is to do. It reads the bare data, not an envelope."""

    @property
    def envelope(self) -> dict[str, Any]:
        return self.data
