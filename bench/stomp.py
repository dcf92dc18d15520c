"""What a STOMP 1.2 client says and hears. Pure: values in, bytes out, and the other way round."""

from collections.abc import Sequence
from functools import lru_cache

from stomp_broker.frames import Frame, FrameDecoder, Version, encode

VERSION = Version.V12

HEARTBEAT_MS = 10_000
"""Both ways, as pages ask for."""

BEAT = b"\n"

END = b"\0"
"""The last byte of a frame; a body of JSON has none."""

SUBSCRIBED = "subscribed"
"""The receipt that the last subscription asks for."""

MAX_FRAME_BYTES = 1024 * 1024
"""The largest frame that a service may send."""


class StompRefused(ConnectionError):
    """The broker answered ERROR; the text is its code."""


def connect(host: str, ticket: str) -> bytes:
    """The first frame: the ticket is the passcode."""
    return _encoded(
        "CONNECT",
        {
            "accept-version": VERSION.value,
            "host": host,
            "heart-beat": f"{HEARTBEAT_MS},{HEARTBEAT_MS}",
            "login": "bench",
            "passcode": ticket,
        },
    )


def subscribe(subscriptions: dict[str, str]) -> bytes:
    """SUBSCRIBE to each ``{id: destination}``; the last asks for the receipt :data:`SUBSCRIBED`."""
    frames = [{"id": id, "destination": destination} for id, destination in subscriptions.items()]
    frames[-1]["receipt"] = SUBSCRIBED
    return b"".join(_encoded("SUBSCRIBE", headers) for headers in frames)


class Incoming:
    """The broker's frames, out of bytes that come in pieces."""

    def __init__(self) -> None:
        self._decoder: FrameDecoder | None = None

    def frames(self, data: bytes) -> Sequence[Frame]:
        """The frames that are complete now. Raises :class:`StompRefused` at ERROR."""
        if self._decoder is None:
            frames, is_whole = _decoded(data)
            if not is_whole:
                self._decoder = FrameDecoder(VERSION, MAX_FRAME_BYTES)
        if self._decoder:
            frames = _next_frames(self._decoder, data)
        for frame in frames:
            if frame.command == "ERROR":
                raise StompRefused(frame.headers.get("message", "no reason given"))
        return frames


@lru_cache(maxsize=64)
def _decoded(data: bytes) -> tuple[Sequence[Frame], bool]:
    """The frames in these bytes, and whether there is nothing else. To thousands come the same bytes."""
    return _next_frames(FrameDecoder(VERSION, MAX_FRAME_BYTES), data), data.rstrip(BEAT)[-1:] in (END, b"")


def _next_frames(decoder: FrameDecoder, data: bytes) -> Sequence[Frame]:
    decoder.receive_data(data)
    frames = []
    while frame := decoder.next_frame():
        frames.append(frame)
    return frames


def send(destination: str, body: bytes, receipt: str) -> bytes:
    """SEND of JSON, confirmed by RECEIPT."""
    headers = {"destination": destination, "content-type": "application/json", "receipt": receipt}
    return encode(Frame("SEND", headers, body), VERSION)


def _encoded(command: str, headers: dict[str, str]) -> bytes:
    return encode(Frame(command, headers), VERSION)
