"""The opening handshake of a WebSocket, judged and answered as a server does (RFC 6455, section 4.2).

Pure: method, version and headers of a request go in, the bytes of the answer come out. No extension is ever agreed to:
compression costs memory for each connection, ends the sharing of frames, and opens the door to bombs.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha1
from typing import NamedTuple

VERSION = b"13"
# What turns a key into the proof that the handshake was understood (RFC 6455, section 1.3).
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# 16 bytes in base64. The last digit has two bits to carry, so that only four digits can be it.
_KEY = re.compile(rb"[A-Za-z0-9+/]{21}[AQgw]==")
_NAMES = (
    b"upgrade",
    b"connection",
    b"content-length",
    b"transfer-encoding",
    b"sec-websocket-version",
    b"sec-websocket-key",
    b"sec-websocket-protocol",
)

Headers = Iterable[tuple[bytes, bytes]]


class RefusedError(Exception):
    """A request that cannot become a WebSocket: answer it with ``status`` and ``headers``."""

    code = "bad-upgrade"

    def __init__(self, message: str, status: int = 400, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


class Agreement(NamedTuple):
    """What the server answers, to the last byte before the first frame, and the subprotocol that it names there."""

    answer: bytes
    subprotocol: str | None


def agree(method: bytes, version: bytes, headers: Headers, subprotocols: Sequence[str] = ()) -> Agreement:
    """Judge a request for a WebSocket; RefusedError when it is none or the server cannot follow it.

    ``version`` is HTTP's (``HTTP/1.1``). ``subprotocols``: those that the caller speaks, the one that it likes best
    first. The peer has to offer one of them; where there are none, none is agreed to whatever it offers.
    """
    found = _sought(headers)
    if method != b"GET" or version != b"HTTP/1.1":
        raise RefusedError("a WebSocket is asked for with GET in HTTP/1.1")
    if b"websocket" not in _tokens(found[b"upgrade"]) or b"upgrade" not in _tokens(found[b"connection"]):
        raise RefusedError("only WebSockets are served here: 'Connection: Upgrade', 'Upgrade: websocket'")
    if found[b"transfer-encoding"] or any(length.strip(b"0") for length in found[b"content-length"]):
        raise RefusedError("a request for a WebSocket has no body: what follows it is frames")
    _judge_version(found[b"sec-websocket-version"])
    keys = found[b"sec-websocket-key"]
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        raise RefusedError("Sec-WebSocket-Key is not 16 bytes in base64")
    subprotocol = _choose(found[b"sec-websocket-protocol"], subprotocols)
    return Agreement(_answer(keys[0], subprotocol), subprotocol)


def _sought(headers: Headers) -> dict[bytes, list[bytes]]:
    """The values of the headers that matter here."""
    found: dict[bytes, list[bytes]] = {name: [] for name in _NAMES}
    for name, value in headers:
        values = found.get(name.lower())
        if values is not None:
            values.append(value)
    return found


def _tokens(values: Sequence[bytes]) -> list[bytes]:
    """The members of a list that may stand in several headers, in lower case."""
    return [token.strip(b" \t") for value in values for token in value.lower().split(b",")]


def _judge_version(versions: Sequence[bytes]) -> None:
    if len(versions) != 1:
        raise RefusedError("a request for a WebSocket has one Sec-WebSocket-Version")
    if versions[0] != VERSION:
        known = ((b"sec-websocket-version", VERSION), (b"upgrade", b"websocket"))
        raise RefusedError("of the WebSocket's versions only 13 is spoken here", 426, known)


def _choose(offers: Sequence[bytes], spoken: Sequence[str]) -> str | None:
    if not spoken:
        return None
    offered = {offer.strip(b" \t") for value in offers for offer in value.split(b",")}
    for subprotocol in spoken:
        if subprotocol.encode() in offered:
            return subprotocol
    raise RefusedError(f"a subprotocol has to be offered that is spoken here: {', '.join(spoken)}")


def _answer(key: bytes, subprotocol: str | None) -> bytes:
    proof = b64encode(sha1(key + GUID, usedforsecurity=False).digest())
    named = b"" if subprotocol is None else b"sec-websocket-protocol: " + subprotocol.encode() + b"\r\n"
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        b"sec-websocket-accept: " + proof + b"\r\n" + named + b"\r\n"
    )
