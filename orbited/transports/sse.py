"""The server-sent events of Opera 9, which Orbited 0.7's pages used; no browser of today reads this form of them.

Pages of today have ``eventsource``. Source: ``docs/orbited-protocol.md``, section 4.
"""

import json
from collections.abc import Sequence

from orbited.packets import Packet, words
from orbited.transports.counted import NO_LIMIT
from orbited.transports.numbered import NumberedStream


class SSE(NumberedStream):
    """One stream of events that goes on."""

    __slots__ = ()

    name = "sse"
    content_type = b"application/x-dom-event-stream"
    beat = b"Event: heartbeat\n\n"
    beat_s = 30
    max_bytes = NO_LIMIT

    def encode(self, packets: Sequence[Packet]) -> bytes:
        """An event that hands them to the page."""
        text = json.dumps([words(packet) for packet in packets])
        return b"Event: payload\ndata: %b\n\n" % text.encode()
