"""Long polling, on Orbited 0.7's own wire: one answer for each request, as soon as there is something to say.

Pages of 2010 treat any end but a 200 as the end of the session, and their parser breaks on very long answers; so a poll
of theirs always ends well, and none brings more than ``MAX_PACKETS``. Source: ``docs/orbited-protocol.md``, section 4.
"""

from collections.abc import Sequence

from twisted.python.failure import Failure
from twisted.web.server import Request

from orbited.http import acknowledgement, answer
from orbited.packets import Packet, encode_all
from orbited.proxy import Proxy
from orbited.reactor import Timer
from orbited.transports import CLIENT_GONE, LOST_GRACE_S, POLL_GRACE_S, End
from orbited.transports.numbered import NumberedWire

# A request that waits longer may be cut on its way.
PATIENCE_S = 30
REPLACED = "replaced: another request carries this session now"


class LongPoll(NumberedWire):
    """One request that waits for packets."""

    __slots__ = ("_last", "_proxy", "_request", "_timer", "writable")

    name = "longpoll"
    patience_s: float = PATIENCE_S

    def __init__(self, request: Request, proxy: Proxy) -> None:
        self.writable = True
        self._request = request
        self._proxy = proxy
        self._last = acknowledgement(request)
        request.notifyFinish().addErrback(self._lost)
        self._timer: Timer | None = proxy.clock.callLater(self.patience_s, self.put, ())

    def put(self, packets: Sequence[Packet]) -> None:
        """Answer with packets; with none when time is up."""
        self._request.setHeader(b"content-type", b"text/html")
        self._answer(200, encode_all(packets))

    def close(self, end: End) -> None:
        """Answer with nothing."""
        if end is End.REPLACED and self._proxy.owned:
            self._answer(409, answer(self._request, 409, REPLACED))
        else:
            self.put(())

    def pause_reading(self) -> None:
        """Nothing is read here."""

    def resume_reading(self) -> None:
        """Nothing is read here."""

    def _answer(self, status: int, body: bytes) -> None:
        self._end(POLL_GRACE_S, status)
        self._request.setHeader(b"content-length", str(len(body)).encode())
        self._request.write(body)
        self._request.finish()

    def _lost(self, _: Failure) -> None:
        self._end(LOST_GRACE_S, CLIENT_GONE)

    def _end(self, grace_s: float, status: int) -> None:
        self.writable = False
        timer, self._timer = self._timer, None  # one that has rung refers to us, and would keep us for the collector
        if timer is not None and timer.active():
            timer.cancel()
        self._proxy.detach(self, grace_s, status)
