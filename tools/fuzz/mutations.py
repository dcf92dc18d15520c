"""Ways to spoil a frame: each takes the frame, a source of chance and other frames, and gives other bytes."""

from collections.abc import Callable, Sequence
from random import Random

from stomp_broker.frames import COMMANDS

# Bytes and texts on which a parser of STOMP decides something.
BYTES = (b"\0", b"\n", b"\r", b":", b"\\", b" ", b"\xff", b"\xc3", b"\x80", b"9", b"-")
ESCAPES = (b"\\n", b"\\c", b"\\\\", b"\\r", b"\\t", b"\\", b"\\0", b"\\x41")
LENGTHS = (
    b"0",
    b"1",
    b"-1",
    b"+5",
    b"5 ",
    b"0x5",
    b"",
    b"five",
    b"65535",
    b"1000000000000",
    b"9" * 40,
    b"\xd9\xa3",
    b"1e3",
)
NAMES = (
    "accept-version",
    "ack",
    "content-length",
    "content-type",
    "destination",
    "heart-beat",
    "host",
    "id",
    "login",
    "message-id",
    "passcode",
    "receipt",
    "selector",
    "sender",
    "session",
    "subscription",
    "transaction",
    "version",
)
MAX_PIECE_BYTES = 64

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]


def mutate(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Spoil a frame in one to four ways."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        frame = random.choice(MUTATIONS)(frame, random, others)
    return frame


def flip(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Turn one bit."""
    place = _place(frame, random)
    return (
        frame[:place] + bytes(byte ^ 1 << random.randrange(8) for byte in frame[place : place + 1]) + frame[place + 1 :]
    )


def replace(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put a byte that means something in the place of another."""
    place = _place(frame, random)
    return frame[:place] + random.choice(BYTES) + frame[place + 1 :]


def insert(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put such a byte between two."""
    place = _place(frame, random)
    return frame[:place] + random.choice(BYTES) + frame[place:]


def truncate(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Leave out the end."""
    return frame[: _place(frame, random)]


def cut(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Leave out a piece."""
    place = _place(frame, random)
    return frame[:place] + frame[place + random.randint(1, MAX_PIECE_BYTES) :]


def double(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Say a piece several times."""
    place = _place(frame, random)
    piece = frame[place : place + random.randint(1, MAX_PIECE_BYTES)]
    return frame[:place] + piece * random.choice((2, 2, 2, 100)) + frame[place:]


def splice(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Go on as another frame does."""
    other = random.choice(others)
    return frame[: _place(frame, random)] + other[_place(other, random) :]


def set_length(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Say another length than the body's."""
    return _with_header(frame, b"content-length:" + random.choice(LENGTHS), 1)


def add_header(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Say a header that means something once more, or for the first time."""
    name, value = (
        random.choice(NAMES).encode(),
        random.choice((b"", b"0", b"x", b"/topic/a", b"7", b"1,1", b"x" * 9000)),
    )
    return _with_header(frame, name + random.choice((b":", b":", b":", b"")) + value, random.choice((1, 1, 1, 2, 70)))


def drop_header(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Leave out a line of the head."""
    lines = frame.split(b"\n")
    del lines[random.randrange(len(lines))]
    return b"\n".join(lines)


def escape(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put an escape, or what looks like one, into the head."""
    place = random.randrange(max(1, frame.find(b"\n\n")))
    return frame[:place] + random.choice(ESCAPES) + frame[place:]


def end_lines_otherwise(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """End some lines as another system does."""
    return frame.replace(b"\n", random.choice((b"\r\n", b"\r", b"\n\n", b"\n\r")), random.choice((-1, 1, 2, 3)))


def command_otherwise(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Have another command say the same."""
    _, line_end, rest = frame.partition(b"\n")
    return random.choice(sorted(COMMANDS)).encode() + line_end + rest


def beat(frame: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put heart-beats before it."""
    return random.choice((b"\n", b"\r\n", b"\r")) * random.choice((1, 2, 1000)) + frame


MUTATIONS: tuple[Mutation, ...] = (
    flip,
    replace,
    insert,
    truncate,
    cut,
    double,
    splice,
    set_length,
    add_header,
    drop_header,
    escape,
    end_lines_otherwise,
    command_otherwise,
    beat,
)


def _place(frame: bytes, random: Random) -> int:
    return random.randrange(len(frame) + 1)


def _with_header(frame: bytes, line: bytes, times: int) -> bytes:
    command, line_end, rest = frame.partition(b"\n")
    return command + line_end + (line + b"\n") * times + rest
