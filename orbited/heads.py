"""The heads of HTTP/1 requests, judged strictly, each line once (RFC 9112; CVEs of parsers that were lenient).

Pure: lines go in; what is not to be served comes out as a HeadError with the answer. What passes means the same to any
parser on the way: no folded or doubled length, no byte that some would cut a line at, no path that hides another.
"""

import re
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from orbited.errors import OrbitedError

# More than any address of ours, and than the cookies that browsers allow in one header.
MAX_LINE_BYTES = 8 * 1024
# A browser sends about 20.
MAX_HEADERS = 100
# A browser's head has 1 or 2 KiB; cookies of a site on the same host can make it long.
MAX_HEAD_BYTES = 32 * 1024
# The packets of one POST; more than a page sends in a second.
MAX_BODY_BYTES = 64 * 1024
# All that anything here answers to.
METHODS = (b"GET", b"HEAD", b"POST", b"OPTIONS")
# The headers that say where a body ends.
FRAMING = (b"content-length", b"transfer-encoding")

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REQUEST_LINE = re.compile(rb"(%b) ([!-~]+) (HTTP/1\.[01])" % _TOKEN)
_HEADER = re.compile(rb"(%b):[ \t]*([\t -~\x80-\xff]*)" % _TOKEN)
_CONTROL = re.compile("[\0-\x08\x0a-\x1f\x7f-\x9f]")


class HeadError(OrbitedError):
    """A request that is refused before anything is done for it, and its connection with it.

    ``status`` is HTTP's, ``code`` the first word of the answer.
    """

    def __init__(self, status: int, code: str, text: str, *headers: bytes) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self._headers = headers

    def answer(self) -> bytes:
        """The whole answer."""
        body = f"{self.code}: {self}\n".encode()
        lines = (
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}".encode(),
            b"content-type: text/plain; charset=utf-8",
            b"content-length: %d" % len(body),
            b"connection: close",
            *self._headers,
        )
        return b"\r\n".join((*lines, b"", body))


class Head:
    """The head that is being read."""

    __slots__ = ("_bytes", "_headers", "_length", "_version", "chunked")

    def __init__(self, line: bytes) -> None:
        """Begin with the request line; HeadError when there is no serving it."""
        self._version = _judge_request_line(line)
        self._bytes = len(line)
        self._headers = 0
        self._length: bytes | None = None
        self.chunked = False  # is its body?

    def receive_header(self, line: bytes) -> tuple[bytes, bytes]:
        """Take one header in: its name in lower case and its value. HeadError for what is no header to everybody."""
        self._bytes += len(line)
        self._headers += 1
        if self._bytes > MAX_HEAD_BYTES or self._headers > MAX_HEADERS:
            text = f"a request has at most {MAX_HEADERS} headers and {MAX_HEAD_BYTES} bytes of them"
            raise HeadError(431, "head-too-large", text)
        name, value = _judge_header(line)
        if name == b"content-length":
            self._take_length(value)
        elif name == b"transfer-encoding":
            self._take_encoding(value)
        return name, value

    def finish(self) -> None:
        """The head is complete; HeadError for a body that is too long, before any of it is read."""
        if self._length is not None and (len(self._length) > 9 or int(self._length) > MAX_BODY_BYTES):
            raise body_too_large()

    def _take_length(self, value: bytes) -> None:
        if not value.isdigit() or self._length is not None or self.chunked:
            raise bad_request("a request has one Content-Length, in decimal, or Transfer-Encoding")
        self._length = value

    def _take_encoding(self, value: bytes) -> None:
        if value.lower() != b"chunked" or self.chunked or self._length is not None or self._version != b"HTTP/1.1":
            raise bad_request("the one Transfer-Encoding is chunked, in HTTP/1.1 and without Content-Length")
        self.chunked = True


def line_too_long(first: bool) -> HeadError:
    """The error of a line with more than ``MAX_LINE_BYTES``: the first line or a header."""
    if first:
        return HeadError(414, "uri-too-long", f"a request line has at most {MAX_LINE_BYTES} bytes")
    return HeadError(431, "head-too-large", f"a header has at most {MAX_LINE_BYTES} bytes")


def body_too_large() -> HeadError:
    """The error of a body that is longer than ``MAX_BODY_BYTES``, or announced so."""
    return HeadError(413, "too-large", f"a body has at most {MAX_BODY_BYTES} bytes")


def bad_request(text: str) -> HeadError:
    """The error of what means nothing, or not the same to everybody."""
    return HeadError(400, "bad-request", text)


def _judge_request_line(line: bytes) -> bytes:
    """The version of HTTP; HeadError when the line names nothing that could be served."""
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise bad_request("the first line is not a request in HTTP/1.0 or HTTP/1.1")
    method, target, version = found.groups()
    if method not in METHODS:
        allowed = b", ".join(METHODS)
        raise HeadError(405, "method-not-allowed", allowed.decode(), b"allow: " + allowed)
    if not target.startswith(b"/") and (method, target) != (b"OPTIONS", b"*"):
        raise bad_request("what is asked for is not a path")
    if b"%" in target and not _is_text(unquote_to_bytes(target.partition(b"?")[0])):
        raise bad_request("the path is not UTF-8, or has control characters")
    return version


def _judge_header(line: bytes) -> tuple[bytes, bytes]:
    found = _HEADER.fullmatch(line)
    if found is None:
        raise bad_request("a header is 'name: value', in one line and without control characters")
    name, value = found.groups()
    if not value.isascii() and not (_is_text(value) or _is_text(value.decode("latin-1").encode())):
        raise bad_request("a header has control characters")
    return name.lower(), value.rstrip(b" \t")


def _is_text(data: bytes) -> bool:
    """Is it UTF-8 without control characters (but tabs)?"""
    try:
        return not _CONTROL.search(data.decode())
    except UnicodeDecodeError:
        return False
