"""Server-sent events for pages of today (HTML standard, section 9.2): what a browser's ``EventSource`` reads by itself.

Data comes in events of the default type, in base64; control in events ``control``, in JSON. An event's id is
``EPOCH-COUNT``: the session, and how many packets the page has then seen, which its browser repeats in
``Last-Event-ID`` when it returns. Source: ``docs/orbited-protocol.md``, section 3.
"""

import base64
import re
from collections.abc import Sequence

from twisted.web.server import Request

from orbited.closing import Reason
from orbited.errors import AckError, EpochError
from orbited.http import headers_of
from orbited.outbox import Numbered
from orbited.proxy import Proxy
from orbited.transports.counted import NO_LIMIT, CountedStream, Words, as_json, farewell

# EPOCH-COUNT has hardly more than 20; a browser repeats any id, however long.
MAX_ID_CHARS = 64
# How soon a browser returns whose line is lost; it always waits as long.
RETRY_MS = 1000
# What a page hears whose browser returns to a session that is over: a browser shows it no status.
RESET = b"event: reset\ndata: session-unknown\n\n"
CONTENT_TYPE = b"text/event-stream"
_ID = re.compile(r"([0-9]{1,20})-([0-9]{1,12})")


def last_event(request: Request) -> tuple[int, int] | None:
    """Epoch and count that a returning browser gives, None when it gives none; AckError for what was never an id."""
    ids = headers_of(request, "last-event-id")
    if not ids:
        return None
    found = _ID.fullmatch(ids[0]) if len(ids) == 1 and len(ids[0]) <= MAX_ID_CHARS else None
    if found is None:
        raise AckError("Last-Event-ID is none of ours")
    return int(found[1]), int(found[2])


class EventSource(CountedStream):
    """One stream of events that goes on."""

    __slots__ = ()

    name = "eventsource"
    merges = True
    content_type = CONTENT_TYPE
    preamble = b"retry: %d\n\n" % RETRY_MS
    beat = b":\n\n"
    max_bytes = NO_LIMIT

    @classmethod
    def count(cls, request: Request, proxy: Proxy) -> int:
        """How many packets the page has seen: a returning browser knows better than the address that it repeats.

        EpochError when it has seen them of another session.
        """
        last = last_event(request)
        if last is None:
            return super().count(request, proxy)
        if last[0] != proxy.number:
            raise EpochError("the page has seen events of another session")
        return last[1]

    def say(self, *words: Words) -> None:
        """Write control messages."""
        self._write(b"".join(map(_control, words)))

    def encode(self, packets: Sequence[Numbered]) -> bytes:
        """An event for each packet."""
        return b"".join(map(self._event, packets))

    def _event(self, packet: Numbered) -> bytes:
        number, payload = packet
        body = _control(farewell(payload)) if isinstance(payload, Reason) else _data(payload)
        return b"id: %d-%d\n%b" % (self._proxy.number, number, body)


def _control(words: Words) -> bytes:
    return b"event: control\ndata: %b\n\n" % as_json(words).encode()


def _data(payload: bytes) -> bytes:
    return b"data: %b\n\n" % base64.b64encode(payload)
