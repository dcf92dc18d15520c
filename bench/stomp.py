"""What a STOMP 1.2 client says and hears. Pure: values in, bytes out, and the other way round."""

from stomp_broker.frames import Frame, FrameDecoder, Version, encode

VERSION = Version.V12

HEARTBEAT_MS = 10_000
"""Both ways, as pages ask for."""

BEAT = b"\n"

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
        self._decoder = FrameDecoder(VERSION, MAX_FRAME_BYTES)

    def frames(self, data: bytes) -> list[Frame]:
        """The frames that are complete now. Raises :class:`StompRefused` at ERROR."""
        self._decoder.receive_data(data)
        frames = []
        while frame := self._decoder.next_frame():
            if frame.command == "ERROR":
                raise StompRefused(frame.headers.get("message", "no reason given"))
            frames.append(frame)
        return frames


def _encoded(command: str, headers: dict[str, str]) -> bytes:
    return encode(Frame(command, headers), VERSION)
