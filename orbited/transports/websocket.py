"""The WebSocket transport: binary messages are data packets, counted and not numbered; text messages are control.

It carries both directions: beside what ``counted`` says, the relay sends ``["ack", n]`` (packets of the page taken in)
and the page ``["ack", n]`` and ``["close"]``. Source: ``docs/orbited-protocol.md``, section 3.
"""

import json
from collections.abc import Callable, Sequence
from math import inf

from twisted.logger import Logger
from twisted.web.server import Request

from orbited.closing import Reason
from orbited.errors import PacketError, PageError, RateError
from orbited.outbox import Numbered
from orbited.proxy import Proxy
from orbited.rate import Bucket
from orbited.roundtrip import RoundTrip
from orbited.session import Session
from orbited.transports import LOST_GRACE_S, End
from orbited.transports.counted import CountedWire, Words, as_json, frames_of_packets, frames_of_words
from orbited.websocket import accept, text_frame

# A page acknowledges every 64 KiB and answers pings: more control messages than these are a flood.
MAX_CONTROLS_PER_S = 50
CONTROL_BURST = 100
# More questions about its line than a page will be asked.
MAX_NUMBER_DIGITS = 12
# Longer than any there is, shorter than what would keep a JSON parser busy.
MAX_CONTROL_CHARS = 128

log = Logger()


class WebSocketTransport(CountedWire):
    """One WebSocket of a page."""

    __slots__ = ("_acknowledged", "_controls", "_proxy", "_round_trip", "_websocket", "writable")

    name = "websocket"
    duplex = True

    def __init__(self, request: Request, proxy: Proxy) -> None:
        """Upgrade ``request``; RefusedError when it cannot be."""
        self.writable = True
        self._proxy = proxy
        self._controls = Bucket(MAX_CONTROLS_PER_S, CONTROL_BURST, proxy.clock.seconds())
        self._acknowledged = 0
        self._round_trip: RoundTrip | None = None
        self._websocket = accept(request, self, proxy.clock)

    # For the proxy.

    def introduce(self, key: str, token: str) -> None:
        """Tell the page the session that it got with this WebSocket."""
        self._websocket.send_frame(text_frame(as_json(("session", key, token))))  # nothing that others are told too

    def say(self, *words: Words) -> None:
        """Write control messages."""
        self._websocket.send_frame(frames_of_words(*words))

    def greet(self, session: Session) -> None:
        """Tell the page what has arrived of it."""
        self._acknowledged = session.received
        super().greet(session)
        if self._proxy.measured is not None:
            self._round_trip = RoundTrip(self._proxy.clock.seconds())
            self._proxy.measured.add(self)

    def send(self, packets: Sequence[Numbered]) -> None:
        """A frame for each packet; the close packet ends the WebSocket too."""
        for frame in frames_of_packets(packets, self._proxy.frames):
            self._websocket.send_frame(frame)
        reason = packets[-1].payload
        if isinstance(reason, Reason):
            self.writable = False
            self._websocket.close(reason.code, reason.text)

    def acknowledge(self, received: int) -> None:
        """Tell the page what has come, once for all that came in the meantime."""
        if received > self._acknowledged and self._websocket.open:
            self._acknowledged = received
            self.say(("ack", received))

    def close(self, end: End) -> None:
        """End the WebSocket."""
        self._detach(end.code)
        self._websocket.close(end.code, "")

    def pause_reading(self) -> None:
        """The backend takes no more."""
        self._websocket.pause_reading()

    def resume_reading(self) -> None:
        """It does again."""
        self._websocket.resume_reading()

    @property
    def number(self) -> int:
        """The session's."""
        return self._proxy.number

    @property
    def measure_at(self) -> float:
        """When the line is to be measured again."""
        return self._round_trip.due if self._round_trip else inf

    def measure(self) -> None:
        """Ask with a ping, which the browser answers by itself: no script of a page can, or has to.

        Not while something waits to be sent: that would be measured, too.
        """
        if self._round_trip and self.writable:
            self._websocket.question(b"%d" % self._round_trip.ask(self._proxy.clock.seconds()))

    # For the WebSocket.

    def message_received(self, data: bytes) -> None:
        """A data packet of the page."""
        self._take_in(lambda: self._proxy.receive_data(data))

    def text_received(self, text: str) -> None:
        """A control message of the page."""
        self._take_in(lambda: self._control_received(text))

    def pong_received(self, payload: bytes) -> None:
        """The page's browser has answered; tell the page what came out."""
        if self._round_trip is None or not payload.isdigit() or len(payload) > MAX_NUMBER_DIGITS:
            return
        now = self._proxy.clock.seconds()
        self._proxy.line_answered(self._round_trip, int(payload), now)
        round_trip_ms = self._round_trip.news(now)
        if round_trip_ms is not None and self._attached:
            self._websocket.send_frame(text_frame(as_json(("line", self._proxy.slip(round_trip_ms)))))

    def writable_changed(self, writable: bool) -> None:
        """The page reads too slowly, or fast enough again."""
        self.writable = writable and self._websocket.open
        if self.writable and self._attached:
            self._proxy.flush()

    def closed(self, code: int, clean: bool) -> None:
        """The WebSocket is over; when the page has agreed to our closing it has had every packet."""
        if clean and self._attached:
            self._proxy.acknowledge(self._proxy.session.sent)
        self._detach(code)

    # Steps of the above.

    @property
    def _attached(self) -> bool:
        return self._proxy.carried_by(self)

    def _detach(self, code: int) -> None:
        self.writable = False
        if self._proxy.measured is not None:
            self._proxy.measured.discard(self)
        self._proxy.detach(self, LOST_GRACE_S, code)

    def _control_received(self, text: str) -> None:
        if not self._controls.take(1, self._proxy.clock.seconds()):
            self._proxy.close(Reason.TOO_MANY_MESSAGES)
            raise RateError("too many control messages")
        match _words(text):
            case ["ack", int(count)] if count >= 0 and count is not True:
                self._proxy.acknowledge(count)
            case ["close", *_]:
                self._proxy.receive_close()
            case _:
                self._proxy.close(Reason.BAD_INPUT)
                raise PacketError("an unknown control message")

    def _take_in(self, message: Callable[[], None]) -> None:
        if not self._attached:
            return
        try:
            message()
        except PageError as error:
            log.debug("session {n}: refused: {why}", n=self._proxy.number, why=error)
            self._proxy.metrics.refused(error)


def _words(text: str) -> object:
    try:
        return json.loads(text) if len(text) <= MAX_CONTROL_CHARS else None
    except ValueError:
        return None
