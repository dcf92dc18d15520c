"""The client's side of a STOMP 1.2 connection to another broker. No socket, no clock.

::

    upstream = Upstream("web", "passcode", "localhost", now)
    upstream.ask("SEND", {"destination": "/queue/a"}, b"1", answered)   # answered(None): it has; answered(why): not
    upstream.receive_data(data, now)
    while event := upstream.next_event():     # Ready once, Delivery for each message, Ended at last
        ...
    transport.write(upstream.data_to_send())

What is asked goes out in order. Times are seconds of a clock that never goes back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from stomp_broker.errors import RemoteError
from stomp_broker.frames import MAX_SERVICE_FRAME_BYTES, Frame, FrameDecoder, Version, encode
from stomp_broker.heartbeat import HeartBeat

# Bytes of a frame of the other broker: what a service may send at most, and the headers that the broker adds.
MAX_UPSTREAM_FRAME_BYTES = MAX_SERVICE_FRAME_BYTES + 64 * 1024
# Seconds from the open connection to CONNECTED, and from a question to its RECEIPT. A broker that takes longer is away.
ANSWER_SECONDS = 10.0
# Milliseconds between signs of life, both ways: a frozen broker is noticed after twice as long.
HEART_BEAT_MS = 5_000
# Characters of the other broker's own words that are logged.
WORDS_LOGGED = 200

# Told None when the other broker has done what it was asked, or why not.
Answered = Callable[[str | None], None]


@dataclass(frozen=True, slots=True)
class Ready:
    """The other broker has let us in."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message for one of our subscriptions."""

    subscription: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The connection is of no use any more. ``why`` is for the log."""

    why: str


Event = Ready | Delivery | Ended


class State(Enum):
    """Where the connection is in its life. It never goes back."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    ENDED = "ended"


class Upstream:
    """One connection, from CONNECT on. ``wake`` is called when there is something to send."""

    def __init__(self, login: str, passcode: str, host: str, now: float) -> None:
        self.state = State.CONNECTING
        self.wake: Callable[[], object] = _nobody
        self._decoder = FrameDecoder(Version.V12, MAX_UPSTREAM_FRAME_BYTES)
        self._output: list[bytes] = []
        self._heartbeat = HeartBeat("0,0", now)
        self._now = now
        self._opened_at = now
        self._receipts = 0
        # What was asked and not answered, by receipt, the oldest first: when, and who is told.
        self._asked: dict[str, tuple[float, Answered]] = {}
        self._ended: Ended | None = None
        headers = {"accept-version": "1.2", "host": host, "login": login, "passcode": passcode}
        self._send("CONNECT", headers | {"heart-beat": f"{HEART_BEAT_MS},{HEART_BEAT_MS}"})

    # What is asked of the other broker.

    def ask(
        self, command: str, headers: Mapping[str, str], body: bytes = b"", answered: Answered | None = None
    ) -> None:
        """Send a frame, with a receipt if anybody wants to know. At the end there is nobody to ask: see ``state``."""
        if answered:
            self._receipts += 1
            receipt = str(self._receipts)
            self._asked[receipt] = (self._now, answered)
            headers = {**headers, "receipt": receipt}
        self._send(command, headers, body)
        self.wake()

    # What the connection asks.

    def receive_data(self, data: bytes, now: float) -> None:
        """Take in what the other broker sent. Nothing is looked at before :meth:`next_event`."""
        self._now = now
        self._heartbeat.heard(now)
        if self.state is not State.ENDED:
            self._decoder.receive_data(data)

    def next_event(self) -> Event | None:
        """Give what the other broker says next, at the end :class:`Ended`, once; None when more bytes are needed."""
        while self.state is not State.ENDED and (frame := self._next_frame()):
            if event := self._receive(frame):
                return event
        ended, self._ended = self._ended, None
        return ended

    def data_to_send(self) -> bytes:
        """Give the bytes that are to be sent now."""
        data = b"".join(self._output)
        self._output.clear()
        return data

    def tick(self, now: float) -> None:
        """Do what time asks for; once a second will do."""
        self._now = now
        if self.state is State.ENDED:
            return
        oldest = next(iter(self._asked.values()), None)
        asked_at = self._opened_at if self.state is State.CONNECTING else oldest[0] if oldest else now
        if now >= asked_at + ANSWER_SECONDS:
            self.end(f"no answer within {ANSWER_SECONDS:g} s")
        elif self._heartbeat.is_silent(now):
            self.end("no sign of life")
        elif self._heartbeat.take_beat(now):
            self._output.append(b"\n")

    def end(self, why: str) -> None:
        """Use the connection no more. Who waits for an answer is told why there is none."""
        if self.state is State.ENDED:
            return
        self.state = State.ENDED
        self._ended = Ended(why)
        asked, self._asked = self._asked, {}
        for _at, answered in asked.values():
            answered(why)

    # Steps of the above.

    def _next_frame(self) -> Frame | None:
        try:
            return self._decoder.next_frame()
        except RemoteError as error:
            self.end(f"it does not speak STOMP: {error.code}")
            return None

    def _receive(self, frame: Frame) -> Event | None:
        match frame.command, self.state:
            case "CONNECTED", State.CONNECTING:
                return self._connected(frame)
            case "MESSAGE", State.CONNECTED:
                return Delivery(frame.headers.get("subscription", ""), frame.headers, frame.body)
            case "RECEIPT", State.CONNECTED:
                self._answer(frame.headers.get("receipt-id", ""), None)
            case "ERROR", _:
                self._refused(frame)
            case command, state:
                self.end(f"{command} while {state.value}")
        return None

    def _connected(self, frame: Frame) -> Event | None:
        try:
            self._heartbeat = _agreed(frame.headers.get("heart-beat", "0,0"), self._now)
        except (RemoteError, ValueError):
            self.end("it has no idea of heart-beats")
            return None
        self.state = State.CONNECTED
        return Ready()

    def _refused(self, frame: Frame) -> None:
        """An ERROR about one question concerns that alone; ActiveMQ keeps the connection, others close it next."""
        why = frame.headers.get("message", "an ERROR without a message")[:WORDS_LOGGED]
        receipt = frame.headers.get("receipt-id", "")
        if self.state is State.CONNECTED and receipt in self._asked:
            self._answer(receipt, why)
        else:
            self.end(why)

    def _answer(self, receipt: str, why: str | None) -> None:
        _at, answered = self._asked.pop(receipt, (0.0, None))
        if answered:
            answered(why)

    def _send(self, command: str, headers: Mapping[str, str], body: bytes = b"") -> None:
        self._output.append(encode(Frame(command, headers, body), Version.V12))


def _agreed(theirs: str, now: float) -> HeartBeat:
    """What both sides keep to, of the ``heart-beat`` of CONNECTED (STOMP 1.2, "Heart-beating")."""
    can, wants = (int(text) for text in theirs.split(","))
    return HeartBeat(",".join(str(max(each, HEART_BEAT_MS) if each else 0) for each in (can, wants)), now)


def _nobody() -> None:
    """Whoever uses it by itself asks for :meth:`Upstream.data_to_send`."""
