"""Lines that fail when a test wants it."""

import contextlib
import select
import socket
import threading
import time
from collections import defaultdict
from enum import Enum, auto

# What a proxy that begins to buffer later lets through of each response, in seconds.
HEAD_START = 0.5
END_OF_CHUNKS = b"0\r\n\r\n"


class Upgrades(Enum):
    """What becomes of requests for a WebSocket."""

    CARRIED = auto()
    SWALLOWED = auto()  # neither side hears of the other
    CUT = auto()  # the connection is closed
    ANSWERED = auto()  # by the proxy, with an error


class Buffering(Enum):
    """What becomes of responses whose length is not known beforehand."""

    NONE = auto()
    WHOLE = auto()  # the browser gets them when they are at their end
    LATER = auto()  # that begins HEAD_START after their beginning


BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"


class Buffer:
    """What a proxy that buffers holds of one connection."""

    def __init__(self) -> None:
        self.held = b""
        self._since: float | None = None  # a response without a length has come

    def feed(self, data: bytes, buffering: Buffering) -> bytes:
        """What goes on to the browser now."""
        if self._since is None:
            head = data.partition(b"\r\n\r\n")[0].lower()
            if not head.startswith(b"http/1.1 200") or b"content-length:" in head:
                return data
            self._since = time.monotonic()
        self.held += data
        if self.held.endswith(END_OF_CHUNKS):
            self._since = None
        elif buffering is Buffering.WHOLE or time.monotonic() > self._since + HEAD_START:
            return b""
        given, self.held = self.held, b""
        return given


class Line:
    """A TCP proxy with faults, which hold for everything that comes while they are set."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.mend()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends: dict[socket.socket, socket.socket] = {}  # the browser's to the other side's
        self._stalled: set[socket.socket] = set()
        self._buffers: defaultdict[socket.socket, Buffer] = defaultdict(Buffer)
        threading.Thread(target=self._accept, daemon=True).start()

    def mend(self) -> None:
        """No faults any more; what was lost stays lost."""
        self.refusing = False  # close each connection as soon as it is made
        self.blackholed = False  # carry nothing, and tell nobody
        self.upgrades = Upgrades.CARRIED
        self.buffering = Buffering.NONE

    def cut(self) -> None:
        """Close the connections of now."""
        for pair in list(self._ends.items()):
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def stall(self) -> None:
        """Carry nothing more on the connections of now, and tell nobody: a NAT that has forgotten them."""
        self._stalled |= self._ends.keys() | set(self._ends.values())

    def half_close(self) -> None:
        """Tell the browser, on the connections of now, that nothing more comes."""
        for near in list(self._ends):
            with contextlib.suppress(OSError):
                near.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self.refusing:
                    near.close()
                else:
                    threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, self._reach(near) as far:
            self._ends[near] = far
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                while self._move(near, far):
                    pass
            finally:
                del self._ends[near]

    def _reach(self, near: socket.socket) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.target))

    def _move(self, near: socket.socket, far: socket.socket) -> bool:
        """Carry what has come at either end; false when one is closed."""
        for end in select.select([near, far], [], [])[0]:
            data = end.recv(65536)
            going_on = self._carry_back(near, far, data) if end is far else self._carry_forth(near, far, data)
            if not going_on:
                return False
        return True

    def _carry_forth(self, near: socket.socket, far: socket.socket, data: bytes) -> bool:
        if not data:
            return False
        upgrades = self.upgrades if b"upgrade: websocket" in data.lower() else Upgrades.CARRIED
        if upgrades is Upgrades.ANSWERED:
            near.sendall(BAD_GATEWAY)
        elif upgrades is Upgrades.CARRIED and not self._loses(near):
            far.sendall(data)
        return upgrades is not Upgrades.CUT

    def _carry_back(self, near: socket.socket, far: socket.socket, data: bytes) -> bool:
        if not data:
            near.sendall(self._buffers[far].held)
            return False
        self._arrived(far, data)
        if self.buffering is not Buffering.NONE:
            data = self._buffers[far].feed(data, self.buffering)
        if not self._loses(far):
            near.sendall(data)
        return True

    def _loses(self, end: socket.socket) -> bool:
        return self.blackholed or end in self._stalled

    def _arrived(self, far: socket.socket, data: bytes) -> None:
        """Something has come from the other side."""


class PhoneLine(Line):
    """All connections of one browser, wherever they lead: a SOCKS proxy (RFC 1928) on this machine.

    It notes what the browser hears: for each connection, pieces with the time (ms since the epoch) they came.
    """

    def __init__(self) -> None:
        self.heard: defaultdict[socket.socket, list[tuple[float, bytes]]] = defaultdict(list)
        super().__init__(target=0)

    @property
    def address(self) -> str:
        return f"socks5://127.0.0.1:{self.port}"

    def fail(self) -> None:
        """No connection stands, and none can be made."""
        self.refusing = True
        self.cut()

    def heard_before(self, moment: float) -> bytes:
        """All that the browser had heard by then, one connection after the other."""
        return b"\0".join(b"".join(data for at, data in pieces if at < moment) for pieces in self.heard.values())

    def _reach(self, near: socket.socket) -> socket.socket:
        near.recv(257)  # which ways to log in the browser knows
        near.sendall(b"\x05\x00")  # none is needed
        near.recv(3)  # connect
        self._read_host(near)
        port = int.from_bytes(near.recv(2))
        far = socket.create_connection(("127.0.0.1", port))
        near.sendall(b"\x05\x00\x00\x01" + bytes(6))
        return far

    def _read_host(self, near: socket.socket) -> None:
        """Whatever its name is, it is this machine."""
        kind = near.recv(1)[0]
        near.recv({1: 4, 4: 16}.get(kind) or near.recv(1)[0])

    def _arrived(self, far: socket.socket, data: bytes) -> None:
        self.heard[far].append((time.time() * 1000, data))
