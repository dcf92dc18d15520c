"""The WebSocket transport: binary messages are data packets, counted and not numbered; text messages are control.

Control messages are JSON lists. The server sends ``["ack", n]`` (packets of the page taken in; the first message of
every connection), ``["opt", "pingInterval,30"]``, ``["open"]``, ``["ping"]`` and ``["close", reason]``; the page sends
``["ack", n]`` and ``["close"]``. Source: ``docs/orbited-protocol.md``, section 3.
"""

import json
from collections.abc import Callable, Sequence

from twisted.logger import Logger
from twisted.web.http import Request

from orbited.closing import Reason
from orbited.errors import PacketError, PageError, RateError
from orbited.metrics import Metrics
from orbited.proxy import Proxy
from orbited.rate import Bucket
from orbited.reactor import Clock
from orbited.session import Numbered, Session
from orbited.transports import LOST_GRACE_S, NORMAL
from orbited.websocket import SharedFrames, accept, text_frame

# Everything that is ready: what a session holds is bounded elsewhere.
NO_LIMIT = 1 << 30
# A page acknowledges every 64 KiB and answers pings: more control messages than these are a flood.
MAX_CONTROLS_PER_S = 50
CONTROL_BURST = 100
# Longer than any there is, shorter than what would keep a JSON parser busy.
MAX_CONTROL_CHARS = 128
OPEN = text_frame('["open"]')
PING = text_frame('["ping"]')

log = Logger()


def control(*words: str | int) -> bytes:
    """The frame of a control message."""
    return text_frame(json.dumps(words))


class WebSocketTransport:
    """One WebSocket of a page."""

    name = "websocket"
    duplex = True
    merges = False
    max_packets = NO_LIMIT

    def __init__(self, request: Request, proxy: Proxy, frames: SharedFrames, metrics: Metrics, clock: Clock) -> None:
        """Upgrade ``request``; RefusedError when it cannot be."""
        self.writable = True
        self._proxy = proxy
        self._frames = frames
        self._metrics = metrics
        self._clock = clock
        self._controls = Bucket(MAX_CONTROLS_PER_S, CONTROL_BURST, clock.seconds())
        self._acknowledged = 0
        self._websocket = accept(request, self, clock)

    # For the proxy.

    def greet(self, session: Session) -> None:
        """Tell the page what has arrived of it, so that it can send the rest again."""
        self._acknowledged = session.received
        self._websocket.send_frame(control("ack", session.received))
        for option in session.options:
            self._websocket.send_frame(control("opt", option))
        self._websocket.send_frame(OPEN)

    def send(self, packets: Sequence[Numbered]) -> None:
        """A frame for each packet; the close packet ends the WebSocket too."""
        for _, payload in packets:
            if isinstance(payload, Reason):
                self.writable = False
                self._websocket.send_frame(control("close", payload.text))
                self._websocket.close(payload.code, payload.text)
            else:
                self._websocket.send_frame(self._frames.frame(payload))

    def ping(self) -> None:
        """The page answers with an acknowledgement."""
        self._websocket.send_frame(PING)

    def acknowledge(self, received: int) -> None:
        """Tell the page what has come, once for all that came in the meantime."""
        if received > self._acknowledged and self._websocket.open:
            self._acknowledged = received
            self._websocket.send_frame(control("ack", received))

    def close(self, code: int = NORMAL) -> None:
        """Another transport takes over, all is said, or the page does not answer."""
        self._detach(code)
        self._websocket.close(code, "")

    def pause_reading(self) -> None:
        """The backend takes no more."""
        self._websocket.pause_reading()

    def resume_reading(self) -> None:
        """It does again."""
        self._websocket.resume_reading()

    # For the WebSocket.

    def message_received(self, data: bytes) -> None:
        """A data packet of the page."""
        self._take_in(lambda: self._proxy.receive_data(data))

    def text_received(self, text: str) -> None:
        """A control message of the page."""
        self._take_in(lambda: self._control_received(text))

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
        """What a replaced transport still brings was sent again over its successor."""
        return self._proxy.transport is self

    def _detach(self, code: int) -> None:
        self.writable = False
        self._proxy.detach(self, LOST_GRACE_S, code)

    def _control_received(self, text: str) -> None:
        if not self._controls.take(1, self._clock.seconds()):
            self._proxy.close(Reason.TOO_MANY_MESSAGES)
            raise RateError("too many control messages")
        match _words(text):
            case ["ack", int(count)] if count >= 0:
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
            log.info("session {n}: refused: {why}", n=self._proxy.number, why=error)
            self._metrics.refused(error)


def _words(text: str) -> object:
    try:
        return json.loads(text) if len(text) <= MAX_CONTROL_CHARS else None
    except ValueError:
        return None
