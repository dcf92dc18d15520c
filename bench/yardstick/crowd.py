"""Many pages at once from one thread, as lean as can be: the server shall be the limit, not this."""

import select
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from typing import Self

from bench.yardstick.pages import Page, RefusedError

# One source has 28,000 ports for one destination; a crowd of this size and the remains of the one before need more.
SOURCES = tuple(f"127.0.0.{number}" for number in range(2, 10))
IP_BIND_ADDRESS_NO_PORT = 24  # Linux, ip(7): the port is chosen by connect(), which knows the destination.
IN_PROGRESS = 128
READ_BYTES = 65_536
MOST_AT_ONCE = 1024
# A server from which nothing comes for so long has lost somebody.
SILENCE_LIMIT_S = 30
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends RST and keeps nothing


class Crowd:
    """All connections to one server on this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sources: Iterator[str] = cycle(SOURCES)
        self._epoll = select.epoll()
        self._members: dict[int, tuple[socket.socket, Page]] = {}
        self._ready: list[socket.socket] = []
        self.unready = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave without a trace: resets keep no ports in TIME_WAIT."""
        for connection, _page in self._members.values():
            leave(connection, abruptly=True)
        self._epoll.close()

    def gather(self, pages: Iterable[Page], in_progress: int = IN_PROGRESS) -> float:
        """Bring all pages to where they are ready, so many at a time; the seconds that it took."""
        began, coming, more = time.perf_counter(), iter(pages), True
        while more or self.unready:
            room = in_progress - self.unready
            newcomers = list(islice(coming, room))
            more = len(newcomers) == room
            for page in newcomers:
                self.add(page)
            if self.unready:
                self.turn(SILENCE_LIMIT_S, or_fail=True)
        return time.perf_counter() - began

    def hold(self, seconds: float) -> None:
        """Let the pages live."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.turn(left)

    def add(self, page: Page) -> None:
        """Connect and begin."""
        connection = socket.socket()
        connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        connection.bind((next(self._sources), 0))
        connection.connect(("127.0.0.1", self._port))
        connection.send(page.begin())
        self._members[connection.fileno()] = connection, page
        self._epoll.register(connection.fileno(), select.EPOLLIN)
        if page.ready:
            self._ready.append(connection)
        else:
            self.unready += 1

    def turn(self, limit_s: float, or_fail: bool = False) -> None:
        """Serve what has come within the limit."""
        happened = self._epoll.poll(limit_s, MOST_AT_ONCE)
        if or_fail and not happened:
            raise RefusedError(f"nothing has come for {limit_s} s")
        for number, _ in happened:
            self._serve(*self._members[number])

    def take_ready(self) -> list[socket.socket]:
        """The connections whose pages have become ready since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def connections(self) -> list[socket.socket]:
        """All that are open."""
        return [connection for connection, _page in self._members.values()]

    def dismiss(self, connection: socket.socket, abruptly: bool) -> None:
        """Let a page go away."""
        del self._members[connection.fileno()]
        leave(connection, abruptly)

    def _serve(self, connection: socket.socket, page: Page) -> None:
        was_ready = page.ready
        data = connection.recv(READ_BYTES)
        if not data:
            raise RefusedError("the server has hung up")
        if reply := page.receive(data):
            connection.send(reply)
        if page.ready and not was_ready:
            self.unready -= 1
            self._ready.append(connection)


def leave(connection: socket.socket, abruptly: bool) -> None:
    """Close with FIN, or ``abruptly`` with RST."""
    if abruptly:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()
