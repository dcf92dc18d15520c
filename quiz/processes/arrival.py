"""What has come of an HTTP/1 request, and whether a thread can go on with it. Pure: bytes in, a verdict out.

It judges nothing but the size: what is malformed is whole as soon as its head is, for gunicorn to refuse.
"""

import re
from dataclasses import dataclass, field
from enum import Enum, auto

HEAD_END = b"\r\n\r\n"

MAX_HEAD_BYTES = 32 * 1024
"""A browser's heads have one or two KB, with all cookies of ours."""

MAX_BODY_BYTES = 64 * 1024
"""Waited for in memory: what Django takes of a body without files (``DATA_UPLOAD_MAX_MEMORY_SIZE``)."""

MAX_DIGITS = 9
"""Of a length that is worth reading as a number."""

LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([0-9]+)")
UNFORESEEN = re.compile(rb"(?im)^(transfer-encoding|expect)[ \t]*:")
"""A body of unknown length, or one that comes only when it is asked for."""


class Come(Enum):
    """How much of a request is here."""

    PART = auto()  # of the head, or of a body that is worth waiting for
    WHOLE = auto()
    LONG = auto()  # the head, and something of a body that only a thread can read
    TOO_LONG = auto()  # a head that has no end


@dataclass
class Arrival:
    """A request that is coming: ``data`` so far, of ``size`` bytes in all once the head that says so is here."""

    data: bytearray = field(default_factory=bytearray)
    size: int | None = None
    has_head: bool = False

    def receive(self, data: bytes) -> Come:
        """Take what has come; how much of the request is here now."""
        searched = max(len(self.data) + 1 - len(HEAD_END), 0)
        self.data += data
        if not self.has_head:
            end = self.data.find(HEAD_END, searched)
            if end < 0:
                return Come.TOO_LONG if len(self.data) > MAX_HEAD_BYTES else Come.PART
            self.has_head, self.size = True, _size(bytes(self.data[:end]))
        if self.size is None:
            return Come.LONG
        return Come.WHOLE if len(self.data) >= self.size else Come.PART


def _size(head: bytes) -> int | None:
    """Bytes of the request with that head, None for more than is waited for, or nobody knows how many."""
    lengths = LENGTH.findall(head)
    if UNFORESEEN.search(head) or any(len(digits) > MAX_DIGITS for digits in lengths):
        return None
    length = max(map(int, lengths), default=0)
    return None if length > MAX_BODY_BYTES else len(head) + len(HEAD_END) + length
