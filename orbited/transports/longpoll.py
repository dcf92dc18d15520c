"""Long polling, on Orbited 0.7's own wire: one answer for each request, as soon as there is something to say.

Pages of 2010 treat any end but a 200 as the end of the session, and their parser breaks on very long answers; so a poll
always ends well and never brings more than ``MAX_PACKETS``. Source: ``docs/orbited-protocol.md``, section 4.
"""

from collections.abc import Iterable, Sequence

from twisted.python.failure import Failure
from twisted.web.http import Request

from orbited.closing import Reason
from orbited.packets import CLOSE, DATA, OPEN, OPT, PING, Packet, encode_all
from orbited.proxy import Proxy
from orbited.reactor import Clock
from orbited.session import Numbered, Session
from orbited.transports import LOST_GRACE_S, NORMAL, POLL_GRACE_S

# Orbited 0.7's page throws on more than 1999 arguments; a packet has three.
MAX_PACKETS = 600
# The two opt packets bear the numbers before those of the session.
GREETING_PACKETS = 2
PATIENCE_S = 30
CLIENT_GONE = 499


def count_of(number: int) -> int:
    """How many packets of the session a page has seen whose last packet bore ``number``."""
    return max(0, number - GREETING_PACKETS)


def numbered(packet: Numbered) -> Packet:
    """A packet of the session as it stands on this wire."""
    number = packet.number + GREETING_PACKETS
    if isinstance(packet.payload, Reason):
        return Packet(number, CLOSE, packet.payload.text.encode())
    return Packet(number, DATA, packet.payload)


class LongPoll:
    """One request that waits for packets."""

    name = "longpoll"
    duplex = False
    merges = True
    max_packets = MAX_PACKETS
    patience_s: float = PATIENCE_S

    def __init__(self, request: Request, proxy: Proxy, ack: int, clock: Clock) -> None:
        """``ack`` is the number of the last packet that the page has seen."""
        self.writable = True
        self._request = request
        self._proxy = proxy
        self._ack = ack
        request.notifyFinish().addErrback(self._lost)
        self._timer = clock.callLater(self.patience_s, self.close)

    def greet(self, session: Session) -> None:
        """Until the page has sent its first packet, each answer tells it that it may."""
        if not session.greeting_due:
            return
        greeting = [Packet(number, OPT, text.encode()) for number, text in enumerate(session.options, 1)]
        opening = Packet(session.sent + GREETING_PACKETS, OPEN)
        self._answer([*greeting[self._ack :], opening])

    def send(self, packets: Sequence[Numbered]) -> None:
        """Answer with packets."""
        self._answer(map(numbered, packets))

    def ping(self) -> None:
        """Answer; that the page polls again is its sign of life. The packet repeats the last number."""
        self._answer([Packet(self._proxy.session.sent + GREETING_PACKETS, PING)])

    def acknowledge(self, received: int) -> None:
        """Nothing to say: each POST has had its answer."""

    def close(self, code: int = NORMAL) -> None:
        """Answer with nothing: time is up, or another transport takes over."""
        self._answer([])

    def pause_reading(self) -> None:
        """Nothing is read here."""

    def resume_reading(self) -> None:
        """Nothing is read here."""

    def _answer(self, packets: Iterable[Packet]) -> None:
        body = encode_all(packets)
        self._end(POLL_GRACE_S, 200)
        self._request.setHeader(b"content-type", b"text/html")
        self._request.setHeader(b"content-length", str(len(body)).encode())
        self._request.write(body)
        self._request.finish()

    def _lost(self, _: Failure) -> None:
        self._end(LOST_GRACE_S, CLIENT_GONE)

    def _end(self, grace_s: float, status: int) -> None:
        self.writable = False
        if self._timer.active():
            self._timer.cancel()
        self._proxy.detach(self, grace_s, status)
