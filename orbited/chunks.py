"""The chunked coding of request bodies, read strictly (RFC 9112, section 7.1). Pure: bytes go in, bytes come out.

Trailers are refused: nothing here would read them, and parsers differ over what they may hold.
"""

import re
from collections.abc import Iterator

from orbited.heads import MAX_BODY_BYTES, bad_request, body_too_large

# A chunk's size and its extensions, which nobody uses.
MAX_LINE_BYTES = 256

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[\t -~\x80-\xff]*)?")


class Chunks:
    """The body that is being read: lines of sizes, each with so many bytes and an empty line behind it."""

    __slots__ = ("_buffer", "_last", "_left", "_size_next", "_total", "rest")

    def __init__(self) -> None:
        self.rest: bytes | None = None  # what came behind the body, once that is complete
        self._buffer = b""
        self._left = 0  # bytes of the present chunk that are still to come
        self._size_next = True  # is the next line a size, or an empty one?
        self._last = False
        self._total = 0

    def receive_data(self, data: bytes) -> Iterator[bytes]:
        """The pieces of the body in ``data``; call it no more once there is a ``rest``.

        HeadError for what is not chunked, and for a body that is too long, before it comes.
        """
        self._buffer += data
        while self._buffer and self.rest is None:
            if self._left:
                piece, self._buffer = self._buffer[: self._left], self._buffer[self._left :]
                self._left -= len(piece)
                yield piece
            else:
                line, end, behind = self._buffer.partition(b"\r\n")
                if len(line) > MAX_LINE_BYTES:
                    raise bad_request(f"a line between chunks has at most {MAX_LINE_BYTES} bytes")
                if not end:
                    return
                self._buffer = behind
                self._take_line(line)

    def _take_line(self, line: bytes) -> None:
        if self._size_next:
            self._take_size(line)
        elif line:
            raise bad_request("a chunk ends with an empty line, and the last one without trailers")
        elif self._last:
            self.rest = self._buffer
        self._size_next = not self._size_next

    def _take_size(self, line: bytes) -> None:
        found = _SIZE.fullmatch(line)
        if found is None or (size := int(found[1], 16)) > MAX_BODY_BYTES:
            raise bad_request(f"a chunk begins with its size in hexadecimal, at most {MAX_BODY_BYTES:x}")
        self._left = size
        self._last = not size
        self._total += size
        if self._total > MAX_BODY_BYTES:
            raise body_too_large()
