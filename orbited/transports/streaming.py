"""What all answers that go on have in common: one response that brings packets until it has to end.

It ends well, so that the page comes back at once: when its session is over, when another transport takes over, or when
it has brought ``max_bytes``, since pages keep all of a response in memory. While the page does not read, the session
keeps its packets.
"""

from typing import Any

from twisted.internet.interfaces import IPushProducer
from twisted.python.failure import Failure
from twisted.web.server import Request
from zope.interface import implementer

from orbited.proxy import Proxy
from orbited.reactor import Timer
from orbited.transports import CLIENT_GONE, LOST_GRACE_S, POLL_GRACE_S, End

# As much as Orbited 0.7's pages were given in one response.
MAX_STREAM_BYTES = 1024 * 1024
# Pages take a response that is silent for a little longer as broken.
BEAT_S = 5


@implementer(IPushProducer)
class Streaming:
    """One response that goes on."""

    __slots__ = ("_brought", "_proxy", "_request", "_timer", "_wrote_at", "writable")

    duplex = False
    content_type: bytes
    preamble = b""
    beat: bytes  # what is written after ``beat_s`` of silence
    beat_s: float = BEAT_S
    max_bytes = MAX_STREAM_BYTES

    def __init__(self, request: Request, proxy: Proxy) -> None:
        self.writable = True
        self._proxy = proxy
        self._request: Any = request
        self._brought = 0  # bytes
        self._wrote_at = proxy.clock.seconds()
        self._timer: Timer = proxy.clock.callLater(self.beat_s, self._beat_or_wait)
        request.notifyFinish().addErrback(self._lost)
        request.setHeader(b"content-type", self.content_type)
        request.setHeader(b"x-accel-buffering", b"no")  # nginx: pass everything on at once
        self._request.registerProducer(self, True)
        self._write(self.preamble)

    @property
    def enough(self) -> bool:
        """Has the response brought so much that the page had better open another?"""
        return self._brought > self.max_bytes

    def bring(self, data: bytes, last: bool) -> None:
        """Write packets; those of a closing session are its ``last``."""
        self._write(data)
        self._brought += len(data)
        if last or self.enough:
            self._finish()

    def close(self, end: End) -> None:
        """End the response."""
        self._finish()

    def pause_reading(self) -> None:
        """Nothing is read here."""

    def resume_reading(self) -> None:
        """Nothing is read here."""

    # For Twisted.

    def pauseProducing(self) -> None:
        """The page does not read fast enough."""
        self.writable = False

    def resumeProducing(self) -> None:
        """It does again."""
        if self._proxy.carried_by(self):
            self.writable = True
            self._proxy.flush()

    def stopProducing(self) -> None:
        """The connection is lost; ``notifyFinish`` says so."""

    # Steps of the above.

    def _write(self, data: bytes) -> None:
        self._wrote_at = self._proxy.clock.seconds()
        self._request.write(data)

    def _beat_or_wait(self) -> None:
        """Write a heartbeat, unless something was written in the meantime or still waits to be read."""
        clock = self._proxy.clock
        if clock.seconds() >= self._wrote_at + self.beat_s:
            if self.writable:
                self._request.write(self.beat)
            self._wrote_at = clock.seconds()
        self._timer = clock.callLater(self._wrote_at + self.beat_s - clock.seconds(), self._beat_or_wait)

    def _finish(self) -> None:
        self._end(POLL_GRACE_S, 200)
        self._request.unregisterProducer()
        self._request.finish()

    def _lost(self, _: Failure) -> None:
        self._end(LOST_GRACE_S, CLIENT_GONE)

    def _end(self, grace_s: float, status: int) -> None:
        self.writable = False
        if self._timer.active():
            self._timer.cancel()
        self._proxy.detach(self, grace_s, status)
