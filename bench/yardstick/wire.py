"""The bytes that a page sends, and the frames that it gets. Pure; lean rather than complete.

Sources: RFC 6455 section 5.2, ``docs/orbited-protocol.md``.
"""

from collections.abc import Iterator

TEXT, BINARY, CLOSE = 1, 2, 8
MASKED = 0x80
SHORT, LONG = 126, 127
"""Lengths that say: two more bytes of length follow, eight more bytes follow."""
MASK = b"\x13\x57\x9b\xdf"
"""A client's mask is to be random, against proxies that take a body for a request; there is no proxy here."""

# What Chromium sends with an upgrade, but for what it asks for and where.
BROWSER_HEADERS = (
    b"Pragma: no-cache\r\nCache-Control: no-cache\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36\r\n"
    b"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9,it;q=0.8\r\n"
)


def upgrade(host: str, path: str) -> bytes:
    """A browser's request for a WebSocket."""
    return (
        b"GET %b HTTP/1.1\r\nHost: %b\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://%b\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n%b\r\n"
    ) % (path.encode(), host.encode(), host.encode(), BROWSER_HEADERS)


def request(host: str, method: str, path: str, body: bytes = b"") -> bytes:
    """A browser's request over a connection that is kept."""
    return (
        b"%b %b HTTP/1.1\r\nHost: %b\r\nOrigin: http://%b\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n%b\r\n%b"
        % (method.encode(), path.encode(), host.encode(), host.encode(), len(body), BROWSER_HEADERS, body)
    )


def masked(payload: bytes, opcode: int = BINARY) -> bytes:
    """A whole message of a client."""
    size = len(payload)
    length = (
        bytes([MASKED | size])
        if size < SHORT
        else bytes([MASKED | SHORT]) + size.to_bytes(2, "big")
        if size < 1 << 16
        else bytes([MASKED | LONG]) + size.to_bytes(8, "big")
    )
    mask = int.from_bytes((MASK * (size // 4 + 1))[:size])
    return bytes([0x80 | opcode]) + length + MASK + (int.from_bytes(payload) ^ mask).to_bytes(size)


def answer(received: bytes) -> tuple[bytes, bytes] | None:
    """Head and body of a complete HTTP answer with a Content-Length; None as long as it is incomplete."""
    head, end, body = received.partition(b"\r\n\r\n")
    _, found, length = head.lower().partition(b"content-length: ")
    if not end or not found or len(body) < int(length.split(b"\r\n", 1)[0]):
        return None
    return head, body


class Frames:
    """A server's frames out of its bytes."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Opcode and payload of each frame that is complete with ``data``."""
        self._rest += data
        while (start := self._start()) and len(self._rest) >= (end := start[0] + start[1]):
            opcode, payload = self._rest[0] & 0x0F, self._rest[start[0] : end]
            self._rest = self._rest[end:]
            yield opcode, payload

    def _start(self) -> tuple[int, int] | None:
        """Where the payload of the next frame begins, and its length."""
        if len(self._rest) < 2:
            return None
        size = self._rest[1]
        more = {SHORT: 2, LONG: 8}.get(size, 0)
        if len(self._rest) < 2 + more:
            return None
        return 2 + more, int.from_bytes(self._rest[2 : 2 + more], "big") if more else size
