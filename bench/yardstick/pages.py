"""Pages as conversations: bytes of the server go in, bytes for it come out. No sockets here.

Each has ``begin()`` for its first bytes, ``receive(data)`` for what it says to what came, and ``ready`` once it is
where the measurement wants it.
"""

from typing import Protocol

from bench.yardstick import wire
from orbited.packets import DATA, OPEN, Packet, decode, encode

GREETED = wire.masked(b"?")
"""What a page says to a bare server, which sends it back."""


class RefusedError(Exception):
    """The server said something else than a page hopes for."""


class Page(Protocol):
    """One conversation."""

    ready: bool

    def begin(self) -> bytes:
        """The first bytes."""

    def receive(self, data: bytes) -> bytes:
        """What to say now; nothing as long as there is nothing to say."""


class SocketPage:
    """A TCPSocket over a WebSocket in one step, then silence but for answers to pings."""

    __slots__ = ("_host", "_received", "_shaken", "_target", "ready")
    _OPEN = b'\x81\x08["open"]'
    _PING = b'\x81\x08["ping"]'
    _CONNECTED = b"\x82\x011"

    def __init__(self, host: str, target: str) -> None:
        """``host`` and ``target`` are ``address:port``, of the relay and behind it."""
        self._host = host
        self._target = target
        self._received = b""
        self._shaken = False
        self.ready = False

    def begin(self) -> bytes:
        """Ask for session and WebSocket."""
        return wire.upgrade(self._host, "/tcp/websocket")

    def receive(self, data: bytes) -> bytes:
        """Name the target when the relay is open for it."""
        if self.ready:
            return wire.masked(b'["ack",1]', wire.TEXT) if self._PING in data else b""
        self._received += data
        _require(self._received, b"HTTP/1.1 101")
        if self._shaken:
            self.ready = self._CONNECTED in self._received
        elif self._OPEN in self._received:
            self._shaken = True
            return wire.masked(f"{self._target}\n".encode())
        return b""


class PollingPage:
    """A TCPSocket over long polls on one kept connection; ``ready`` while a poll waits."""

    __slots__ = ("_ack", "_address", "_host", "_opened", "_received", "_step", "_target", "_token", "ready")

    def __init__(self, host: str, target: str | None) -> None:
        """``target`` None: the page never says where it wants to go, and its second poll is its last word."""
        self._host = host
        self._target = target
        self._address = self._token = ""
        self._ack = 0
        self._opened = False
        self._received = b""
        self._step = self._created
        self.ready = False

    def begin(self) -> bytes:
        """Ask for a session."""
        return wire.request(self._host, "POST", "/tcp")

    def receive(self, data: bytes) -> bytes:
        """The next request."""
        if self.ready and self._target is None:
            return b""
        self._received += data
        answer = wire.answer(self._received)
        if answer is None:
            return b""
        self._received = b""
        _require(b"\r\n\r\n".join(answer), b"HTTP/1.1 200")
        return self._step(answer[1])

    def _created(self, body: bytes) -> bytes:
        key, self._token = body.decode().split()
        self._address = f"/tcp/{key}"
        return self._poll()

    def _polled(self, body: bytes) -> bytes:
        for packet in decode(body):
            self._ack = max(self._ack, packet.id)
            self.ready |= packet.name == DATA or (packet.name == OPEN and self._target is None)
            if packet.name == OPEN and self._target is not None and not self._opened:
                self._opened = True
                return self._shake_hands(self._target)
        return self._poll()

    def _told(self, _: bytes) -> bytes:
        return self._poll()

    def _shake_hands(self, target: str) -> bytes:
        self._step = self._told
        return self._ask("POST", "", encode(Packet(1, DATA, f"{target}\n".encode())))

    def _poll(self) -> bytes:
        self._step = self._polled
        return self._ask("GET", "/longpoll")

    def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        query = f"?ack={self._ack}&token={self._token}"
        return wire.request(self._host, method, self._address + path + query, body)


class EchoPage:
    """Who sends a byte to a bare echo server and has it back."""

    __slots__ = ("ready",)

    def __init__(self) -> None:
        self.ready = False

    def begin(self) -> bytes:
        """A byte."""
        return b"?"

    def receive(self, data: bytes) -> bytes:
        """It came back."""
        self.ready = True
        return b""


class SubscriberPage:
    """A STOMP client over plain TCP that subscribes to one destination, and is ready when that is confirmed."""

    __slots__ = ("_connect", "_received", "_subscribe", "ready")

    def __init__(self, connect: bytes, subscribe: bytes) -> None:
        """The frames CONNECT, and SUBSCRIBE with a receipt. Equal ones may be the same object."""
        self._connect = connect
        self._subscribe = subscribe
        self._received = b""
        self.ready = False

    def begin(self) -> bytes:
        """Ask to be let in."""
        return self._connect

    def receive(self, data: bytes) -> bytes:
        """Subscribe when let in."""
        self._received += data
        while not self.ready and b"\0" in self._received:
            frame, _, self._received = self._received.lstrip(b"\r\n").partition(b"\0")
            if frame.startswith(b"CONNECTED"):
                return self._subscribe
            self.ready = frame.startswith(b"RECEIPT")
            if not self.ready:
                raise RefusedError(frame.decode(errors="replace"))
        return b""


class BareSocketPage:
    """A WebSocket to an echo server without sessions."""

    __slots__ = ("_host", "_received", "_said", "ready")

    def __init__(self, host: str) -> None:
        self._host = host
        self._received = b""
        self._said = False
        self.ready = False

    def begin(self) -> bytes:
        """Ask for the WebSocket."""
        return wire.upgrade(self._host, "/")

    def receive(self, data: bytes) -> bytes:
        """Say something, and be ready when it has come back."""
        self._received += data
        _require(self._received, b"HTTP/1.1 101")
        if self._said:
            self.ready = True
        elif b"\r\n\r\n" in self._received:
            self._said = True
            return GREETED
        return b""


class HeldPage:
    """A request that a bare server never answers."""

    __slots__ = ("_host", "ready")

    def __init__(self, host: str) -> None:
        self._host = host
        self.ready = False

    def begin(self) -> bytes:
        """Ask."""
        self.ready = True
        return wire.request(self._host, "GET", "/")

    def receive(self, data: bytes) -> bytes:
        """There is no answer."""
        raise RefusedError(data.decode(errors="replace"))


def _require(received: bytes, start: bytes) -> None:
    """RefusedError with the answer's first line and body, when it does not start so."""
    if not received.startswith(start[: len(received)]):
        head, _, body = received.partition(b"\r\n\r\n")
        raise RefusedError(f"{head.decode(errors='replace').splitlines()[0]}: {body[:300].decode(errors='replace')}")
