"""What the broker may answer: frames, and at the end at most one ERROR with a code that docs/broker.md explains."""

import re
from pathlib import Path

from stomp_broker.errors import Code, FrameError
from stomp_broker.frames import Frame, FrameDecoder, Version

BOOK = Path(__file__).resolve().parents[2] / "docs" / "broker.md"
ANSWERS = frozenset(["CONNECTED", "RECEIPT", "MESSAGE", "ERROR"])
# Larger than anything that is sent here.
MAX_FRAME_BYTES = 1 << 30


class FaultError(Exception):
    """The reaction is none that is documented. The text says why."""


def documented_codes() -> frozenset[str]:
    """The codes that the book explains, but for that of the broker's own faults."""
    table = BOOK.read_text().partition("\n## What an ERROR says\n")[2].partition("\n## ")[0]
    return frozenset(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) - {Code.INTERNAL_ERROR}


CODES = documented_codes()


def judge(output: bytes) -> str:
    """Give the code of the ERROR, or "" for none; raise :class:`FaultError`."""
    frames = _frames(output)
    for frame in frames:
        if frame.command not in ANSWERS:
            raise FaultError(f"{frame.command} from a broker")
    errors = [frame for frame in frames if frame.command == "ERROR"]
    if not errors:
        return ""
    if len(errors) > 1 or frames[-1] is not errors[0]:
        raise FaultError("something after an ERROR")
    code = errors[0].headers.get("message", "")
    if code not in CODES:
        raise FaultError(f"the code {code!r} is not documented")
    return code


def _frames(output: bytes) -> list[Frame]:
    """Read as the client does: in the version that CONNECTED names."""
    decoder = FrameDecoder(max_frame_bytes=MAX_FRAME_BYTES)
    decoder.receive_data(output)
    frames: list[Frame] = []
    try:
        while frame := decoder.next_frame():
            frames.append(frame)
            if frame.command == "CONNECTED":
                decoder.version = Version(frame.headers["version"])
    except FrameError as error:
        raise FaultError(f"no frames: {error.code}") from None
    return frames
