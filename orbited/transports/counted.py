"""The counted wire, ours: packets bear no numbers, both sides count them, so that a broadcast is the same for all.

Everything that is no data is *control*: a list whose first element is a name. Here stand those that the relay sends;
``docs/orbited-protocol.md``, section 3, says what they mean. A WebSocket and a streamed response carry both as the
frames of RFC 6455: data as binary messages, control as text messages in JSON.
"""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from secrets import randbelow

from twisted.web.server import Request

from orbited.closing import Reason
from orbited.http import acknowledgement
from orbited.outbox import Numbered
from orbited.proxy import Proxy
from orbited.session import Session
from orbited.transports import End
from orbited.transports.streaming import Streaming
from orbited.websocket import SharedFrames, text_frame

Words = tuple[str | int, ...]

PING: Words = ("ping",)
SLOW: Words = ("slow",)
BEAT: Words = ("beat",)
REPLACED: Words = ("replaced",)
# Pages of a relay that goes down return at random times within so many ms, not all at once.
MAX_RETRY_MS = 10_000
# Control messages whose frames are kept: each session is greeted with the same ones.
COMMON_WORDS = 256
# Everything that is ready: what a session holds is bounded elsewhere.
NO_LIMIT = 1 << 30


class CountedWire:
    """What the transports of this wire have in common; a subclass writes what they ``say``, and data."""

    __slots__ = ()

    merges = False  # what is joined is no longer the same for all
    max_packets = NO_LIMIT

    @classmethod
    def count(cls, request: Request, proxy: Proxy) -> int:
        """How many packets the page has seen that makes this request; PacketError when it does not say so properly."""
        return acknowledgement(request)

    def say(self, *words: Words) -> None:
        """Write control messages."""
        raise NotImplementedError

    def greet(self, session: Session) -> None:
        """Tell the page what has arrived of it, so that it can send the rest again, and our timers."""
        options = [("opt", option) for option in session.options]
        self.say(("ack", session.received), *options, ("open",))

    def ping(self) -> None:
        """Ask for a sign of life; the page answers with an acknowledgement."""
        self.say(PING)

    def warn(self) -> None:
        """Say that the page sends too much."""
        self.say(SLOW)


class CountedStream(CountedWire, Streaming):
    """A response that goes on, of this wire; a subclass says how it is written. The page's packets come in POSTs."""

    __slots__ = ()

    def encode(self, packets: Sequence[Numbered]) -> bytes:
        """Packets as they stand in the response."""
        raise NotImplementedError

    def send(self, packets: Sequence[Numbered]) -> None:
        """Write packets of the session."""
        self.bring(self.encode(packets), last=isinstance(packets[-1].payload, Reason))

    def acknowledge(self, received: int) -> None:
        """Each POST has had its answer; that this comes too shows the page that nobody on the way holds us back."""
        if self.writable:
            self.say(("ack", received))

    def close(self, end: End) -> None:
        """End the response; a page that did not ask for it itself is told why."""
        if end is End.REPLACED:
            self.say(REPLACED)
        super().close(end)


def farewell(reason: Reason) -> Words:
    """The close packet."""
    return ("close", reason.text, randbelow(MAX_RETRY_MS)) if reason is Reason.GOING_DOWN else ("close", reason.text)


def as_json(words: Words) -> str:
    """A control message as text."""
    return json.dumps(words, separators=(",", ":"))


def frames_of_words(*words: Words) -> bytes:
    """The frames of control messages."""
    return b"".join(map(_frame, words))


@lru_cache(COMMON_WORDS)
def _frame(words: Words) -> bytes:
    """Most of what is said is said to everybody."""
    return text_frame(as_json(words))


def frames_of_packets(packets: Sequence[Numbered], shared: SharedFrames) -> Iterator[bytes]:
    """A frame for each packet."""
    for _, payload in packets:
        yield frames_of_words(farewell(payload)) if isinstance(payload, Reason) else shared.frame(payload)
