"""Lines that fail when a test wants it."""

import contextlib
import select
import socket
import threading
import time
from collections import defaultdict


class Line:
    """A TCP proxy: it can cut what is connected, refuse what comes, and swallow or refuse WebSockets."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.refusing = False
        self.swallowing_upgrades = False
        self.refusing_upgrades = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sockets: set[socket.socket] = set()
        self._stalled: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        for end in list(self._sockets):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def stall(self) -> None:
        """Carry nothing more on the connections of now, and tell nobody: a NAT that has forgotten them."""
        self._stalled |= self._sockets

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
            ends = {near: far, far: near}
            self._sockets |= ends.keys()
            while self._move(ends, far):
                pass
            self._sockets -= ends.keys()

    def _reach(self, near: socket.socket) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.target))

    def _move(self, ends: dict[socket.socket, socket.socket], far: socket.socket) -> bool:
        """Carry what has come at either end; false when one is closed."""
        for end in select.select(list(ends), [], [])[0]:
            data = end.recv(65536)
            if not data:
                return False
            if end is far:
                self._arrived(far, data)
            upgrades = b"upgrade: websocket" in data.lower()
            if upgrades and self.refusing_upgrades:
                return False
            swallowed = upgrades and self.swallowing_upgrades
            if not swallowed and end not in self._stalled:
                ends[end].sendall(data)
        return True

    def _arrived(self, far: socket.socket, data: bytes) -> None:
        """Something has come from the other side."""


class PhoneLine(Line):
    """All connections of one browser, wherever they lead: a SOCKS proxy (RFC 1928) on this machine.

    It notes what the browser hears: for each connection, pieces with the time (ms since the epoch) they came.
    """

    def __init__(self) -> None:
        super().__init__(target=0)
        self.heard: defaultdict[socket.socket, list[tuple[float, bytes]]] = defaultdict(list)

    @property
    def address(self) -> str:
        return f"socks5://127.0.0.1:{self.port}"

    def fail(self) -> None:
        """No connection stands, and none can be made."""
        self.refusing = True
        self.cut()

    def mend(self) -> None:
        self.refusing = False

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
