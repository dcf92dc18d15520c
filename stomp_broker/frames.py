r"""The codec of STOMP frames: bytes to frames, frames to bytes. No socket, no clock, no session.

Written after "Augmented BNF" and "Value Encoding" of STOMP 1.2, the same sections of 1.1, and STOMP 1.0. They
differ in this::

                             1.0            1.1          1.2            CONNECT, STOMP, CONNECTED
    end of a line            LF or CR LF    LF           LF or CR LF    as the version; LF or CR LF before there is one
    escapes in headers       none           \n \c \\     \r \n \c \\    none
    blanks round a header    cut off        kept         kept           as the version; kept before there is one
    body where none belongs  ignored        refused      refused        refused

In all of them the first of repeated headers counts, any number of line ends may stand between frames, and
``content-length`` lets a body hold NUL.
"""

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stomp_broker.errors import Code, FrameError, LocalError

# Bytes of a frame, from its command to its NUL. A page sends answers of some hundred bytes.
MAX_BROWSER_FRAME_BYTES = 64 * 1024
# The same for services, which also send standings of a large game.
MAX_SERVICE_FRAME_BYTES = 1024 * 1024
# Headers of a frame, repeated ones counted. STOMP itself knows fewer than ten for any command.
MAX_HEADERS = 64
# Bytes of one line of the head, without its end: room for a ticket, the longest header there is.
MAX_HEADER_LINE_BYTES = 8 * 1024
# Digits of content-length: beyond all sizes, and cheap to make a number of.
MAX_LENGTH_DIGITS = 18


class Version(StrEnum):
    """A version of the protocol, as ``accept-version`` and ``version`` spell it."""

    V10 = "1.0"
    V11 = "1.1"
    V12 = "1.2"


CLIENT_COMMANDS = frozenset(
    ["CONNECT", "STOMP", "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT", "DISCONNECT"]
)
SERVER_COMMANDS = frozenset(["CONNECTED", "MESSAGE", "RECEIPT", "ERROR"])
COMMANDS = CLIENT_COMMANDS | SERVER_COMMANDS
COMMANDS_WITH_BODY = frozenset(["SEND", "MESSAGE", "ERROR"])
# Their headers are never escaped, so that a peer of any version can read them.
UNESCAPED_COMMANDS = frozenset(["CONNECT", "STOMP", "CONNECTED"])

# Those that can be read in one go; the others never have escapes.
_PLAIN_COMMANDS = COMMANDS - UNESCAPED_COMMANDS
# What 1.0 pads headers with.
BLANKS = " \t"
_LF = 0x0A

_ESCAPES: dict[Version, dict[str, str]] = {
    Version.V10: {},
    Version.V11: {"\\\\": "\\", "\\n": "\n", "\\c": ":"},
    Version.V12: {"\\\\": "\\", "\\n": "\n", "\\c": ":", "\\r": "\r"},
}
_UNESCAPES = {version: {char: escape for escape, char in table.items()} for version, table in _ESCAPES.items()}
_ESCAPE = re.compile(r"\\.?", re.DOTALL)
_TO_ESCAPE = {Version.V11: re.compile(r"[\\\n:]"), Version.V12: re.compile(r"[\\\n:\r]")}
_ESCAPED_COLON = _UNESCAPES[Version.V11][":"]
_LENGTH = re.compile(r"[0-9]+")
_LINE_ENDS = re.compile(rb"(?:\r?\n)+")
# What every decoder holds between two frames. Nobody writes to them.
_NOTHING = bytearray()
_NO_HEADERS: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame.

    ``headers`` hold the unescaped text of the first entry of each name; ``body`` is bytes as they came.
    """

    command: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def encode(frame: Frame, version: Version) -> bytes:
    """Give the bytes of a frame. Where a body may be, ``content-length`` is set to its size, whatever the headers say.

    Raises :class:`LocalError` for what the version cannot carry: see :func:`can_carry`.
    """
    headers = frame.headers
    if "content-length" in headers:
        headers = {name: value for name, value in headers.items() if name != "content-length"}
    dialect = Version.V10 if frame.command in UNESCAPED_COMMANDS else version
    head = _plain_head(headers, dialect)
    if head is None:
        head = "".join([_encode_header(name, value, dialect) for name, value in headers.items()])
    if frame.command in COMMANDS_WITH_BODY:
        head += f"\ncontent-length:{len(frame.body)}"
    elif frame.body:
        raise LocalError(f"{frame.command} cannot have a body")
    return b"%s%s\n\n%s\0" % (frame.command.encode(), head.encode(), frame.body)


def _plain_head(headers: Mapping[str, str], version: Version) -> str | None:
    """Give the lines of headers as nearly all are, with colons in values at most; None where it needs a closer look."""
    head = "".join([f"\n{name}:{value}" for name, value in headers.items()])
    if "\\" in head or "\r" in head or "\0" in head or "" in headers or head.count("\n") != len(headers):
        return None
    if head.count(":") == len(headers):
        return head
    if version is Version.V10 or ":" in "".join(headers):
        return None
    return "".join([f"\n{name}:{value.replace(':', _ESCAPED_COLON)}" for name, value in headers.items()])


def can_carry(name: str, value: str, version: Version) -> bool:
    """Say whether a peer of this version can be told this header: 1.0 has no way to write every text."""
    if not name or "\0" in name or "\0" in value:
        return False
    return version is not Version.V10 or not (":" in name or "\n" in name or "\n" in value or name != name.strip())


def _encode_header(name: str, value: str, version: Version) -> str:
    if not can_carry(name, value, version):
        raise LocalError(f"STOMP {version} cannot carry the header {name!r}")
    return f"\n{_escape(name, version)}:{_escape(value, version)}"


def _escape(text: str, version: Version) -> str:
    if version is Version.V10 or not (":" in text or "\\" in text or "\n" in text or "\r" in text):
        return text
    return _TO_ESCAPE[version].sub(lambda match: _UNESCAPES[version][match[0]], text)


class FrameDecoder:
    """Makes frames of bytes that come in pieces of any size.

    ``version`` is None until the session has agreed on one; both it and ``max_frame_bytes`` may be changed between
    two frames, which is why frames are drawn one at a time. After a :class:`FrameError` nothing more comes out:
    where the next frame would begin cannot be known. Between two frames it holds nothing: most connections are silent
    most of the time.
    """

    __slots__ = ("_buffer", "_frames", "_head_bytes", "_headers", "_is_broken", "max_frame_bytes", "version")

    def __init__(self, version: Version | None = None, max_frame_bytes: int = MAX_BROWSER_FRAME_BYTES) -> None:
        self.version = version
        self.max_frame_bytes = max_frame_bytes
        self._buffer = _NOTHING
        self._frames: Generator[Frame | None, None, None] | None = None
        # Of the frame being read: bytes of its lines so far, and its headers.
        self._head_bytes = 0
        self._headers = _NO_HEADERS
        self._is_broken = False

    def receive_data(self, data: bytes) -> None:
        """Take bytes in. Nothing is judged before :meth:`next_frame`."""
        if self._is_broken:
            return
        if self._buffer:
            self._buffer += data
        else:
            self._buffer = bytearray(data)

    def next_frame(self) -> Frame | None:
        """Give the next frame, or None when more bytes are needed first. Raises :class:`FrameError`."""
        if not self._buffer:
            return None
        if not self._head_bytes and (frame := self._take_plain_frame()):
            return frame
        self._frames = self._frames or self._read_frames()
        try:
            frame = next(self._frames)
        except FrameError as error:
            receipt = self._headers.get("receipt")
            self._is_broken = True
            self._rest()
            raise FrameError(error.code, receipt) from None
        if not self._buffer and not self._head_bytes:
            self._rest()
        return frame

    def _take_plain_frame(self) -> Frame | None:
        """Read a frame in one go, as nearly all can be: there as a whole, and with nothing in it that needs judging.

        Whatever this leaves, the reading line by line takes up from the same place; it alone refuses frames.
        """
        if self.version is None or self.version is Version.V10:  # In 1.0 blanks round headers do not count.
            return None
        start = 1 if self._buffer[0] == _LF else 0
        end = self._buffer.find(b"\n\n", start, start + MAX_HEADER_LINE_BYTES)
        command, *lines = _plain_lines(self._buffer[start:end]) if end > start else [""]
        headers = _plain_headers(lines)
        if headers is None or command not in _PLAIN_COMMANDS:
            return None
        stop = self._end_of_body(end + 2, headers.get("content-length"))
        if stop < 0 or stop >= start + self.max_frame_bytes:
            return None
        body = bytes(self._buffer[end + 2 : stop])
        if body and command not in COMMANDS_WITH_BODY:
            return None
        del self._buffer[: stop + 1]
        self._frames = None
        if not self._buffer:
            self._rest()
        return Frame(command, headers, body)

    def _end_of_body(self, start: int, length: str | None) -> int:
        """Give the place of the NUL after a body that begins at ``start``; below 0 where that needs a closer look."""
        if length is None:
            return self._buffer.find(b"\0", start)
        if not (len(length) <= MAX_LENGTH_DIGITS and _LENGTH.fullmatch(length)):
            return -1
        stop = start + int(length)
        return stop if stop < len(self._buffer) and not self._buffer[stop] else -1

    def _rest(self) -> None:
        self._buffer, self._frames, self._head_bytes, self._headers = _NOTHING, None, 0, _NO_HEADERS

    def _read_frames(self) -> Generator[Frame | None, None, None]:
        while True:
            command = yield from self._read_command()
            yield from self._read_headers(command)
            body = self._allowed_body(command, (yield from self._read_body()))
            frame = Frame(command, self._headers, body)
            self._head_bytes, self._headers = 0, _NO_HEADERS
            yield frame

    def _allowed_body(self, command: str, body: bytes) -> bytes:
        if not body or command in COMMANDS_WITH_BODY:
            return body
        if self.version is Version.V10 and command not in UNESCAPED_COMMANDS:
            return b""
        raise FrameError(Code.BODY_NOT_ALLOWED)

    def _read_command(self) -> Generator[None, None, str]:
        line = b"\r"
        while line in (b"", b"\r"):  # Line ends between frames: heart-beats, and what some clients put after NUL.
            self._head_bytes = 0
            if ends := _LINE_ENDS.match(self._buffer):  # A flood of them, in one go.
                del self._buffer[: ends.end()]
            line = yield from self._read_line()
        command = _text(self._without_line_end(line))
        if command not in COMMANDS:
            raise FrameError(Code.BAD_COMMAND)
        return command

    def _read_headers(self, command: str) -> Generator[None, None, None]:
        dialect = Version.V10 if self.version is None or command in UNESCAPED_COMMANDS else self.version
        padded = self.version is Version.V10
        self._headers = {}
        count = 0
        while line := self._without_line_end((yield from self._read_line())):
            count += 1
            if count > MAX_HEADERS:
                raise FrameError(Code.HEADER_LIMIT)
            name, value = _split_header(_text(line), dialect, padded)
            self._headers.setdefault(name, value)

    def _without_line_end(self, line: bytes) -> bytes:
        return line if self.version is Version.V11 else line.removesuffix(b"\r")

    def _read_line(self) -> Generator[None, None, bytes]:
        """Draw the bytes up to the next LF off the buffer."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            self._judge_line(len(self._buffer))
            searched = len(self._buffer)
            yield
        self._judge_line(end)
        self._head_bytes += end + 1
        if self._head_bytes > self.max_frame_bytes:
            raise FrameError(Code.FRAME_TOO_LARGE)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _judge_line(self, length: int) -> None:
        if self._buffer.find(b"\0", 0, min(length, MAX_HEADER_LINE_BYTES)) >= 0:
            raise FrameError(Code.BAD_ENCODING)
        if length > MAX_HEADER_LINE_BYTES:
            raise FrameError(Code.HEADER_LIMIT)

    def _read_body(self) -> Generator[None, None, bytes]:
        length = self._headers.get("content-length")
        if length is None:
            return (yield from self._read_until_nul())
        if self.version is None:  # It may be 1.0.
            length = length.strip(BLANKS)
        if not _LENGTH.fullmatch(length):
            raise FrameError(Code.BAD_LENGTH)
        if len(length) > MAX_LENGTH_DIGITS:
            raise FrameError(Code.FRAME_TOO_LARGE)
        return (yield from self._read_exactly(int(length)))

    def _read_until_nul(self) -> Generator[None, None, bytes]:
        searched = 0
        while (end := self._buffer.find(b"\0", searched)) < 0:
            self._judge_body(len(self._buffer))
            searched = len(self._buffer)
            yield
        self._judge_body(end)
        return self._take_body(end)

    def _read_exactly(self, length: int) -> Generator[None, None, bytes]:
        self._judge_body(length)
        while len(self._buffer) <= length:
            yield
        if self._buffer[length]:
            raise FrameError(Code.BAD_LENGTH)
        return self._take_body(length)

    def _judge_body(self, length: int) -> None:
        if self._head_bytes + length + 1 > self.max_frame_bytes:
            raise FrameError(Code.FRAME_TOO_LARGE)

    def _take_body(self, end: int) -> bytes:
        body = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return body


def _plain_lines(head: bytearray) -> list[str]:
    """Give the lines of a head that has no escapes, no CR and no NUL; an empty one where it needs a closer look."""
    try:
        text = head.decode()
    except UnicodeDecodeError:
        return [""]
    return [""] if "\\" in text or "\r" in text or "\0" in text else text.split("\n")


def _plain_headers(lines: list[str]) -> dict[str, str] | None:
    if len(lines) > MAX_HEADERS:
        return None
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not (colon and name):
            return None
        headers.setdefault(name, value)
    return headers


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise FrameError(Code.BAD_ENCODING) from None


def _split_header(line: str, version: Version, padded: bool) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if padded:
        name, value = name.strip(BLANKS), value.strip(BLANKS)
    if not colon or not name:
        raise FrameError(Code.BAD_HEADER)
    return _unescape(name, version), _unescape(value, version)


def _unescape(text: str, version: Version) -> str:
    if version is Version.V10 or "\\" not in text:
        return text
    try:
        return _ESCAPE.sub(lambda match: _ESCAPES[version][match[0]], text)
    except KeyError:
        raise FrameError(Code.BAD_ESCAPE) from None
