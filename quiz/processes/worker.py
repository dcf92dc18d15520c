"""gunicorn's worker with threads, which are for requests that are here: none waits for a slow line, in or out.

Its own gives each connection to a thread at once, and takes leave of one in the loop that serves all others; a dozen
phones without a network would keep everybody out. Here that loop reads what comes and waits for nobody. Plain HTTP
only: TLS ends in the proxy in front.
"""

import selectors
import socket
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from quiz.processes.arrival import Arrival, Come

# Seconds for a request's head, or for the first word of a connection that a browser opened in advance.
HEAD_SECONDS = 10
# The same while as many connections are open as may be, and others wait to be accepted.
CROWDED_SECONDS = 2
# Seconds for a whole request: 15 MiB of pictures at 2 Mbit/s. Behind nginx, which passes on what it has whole, nobody
# comes near.
REQUEST_SECONDS = 60
# Seconds more until who does not take the answer either is cut off.
ANSWER_SECONDS = 10
# Seconds after which somebody may have hung up: no page of ours waits longer for an answer. In a storm of requests only
# work that is still wanted brings its end nearer.
PATIENCE_SECONDS = 8
# Seconds for the other side to close, once it has its answer; and what it may say until then.
LEAVE_SECONDS = 2
LEAVE_BYTES = 64 * 1024
# Of a worker's threads that long bodies may keep at once, all together: those are authors' pictures and files.
LONG_AT_ONCE = 2
# Bytes that wait in the kernel for a slow reader: the largest file of ours has 270 KB, and a page 20.
SEND_BYTES = 512 * 1024
READ_BYTES = 64 * 1024

TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Line:
    """A connection that no thread has: what has come of its request, from ``since`` on, or after its answer."""

    since: float
    arrival: Arrival = field(default_factory=Arrival)
    leaving: bool = False

    def seconds(self, *, crowded: bool) -> float:
        """How long it may take."""
        if self.leaving:
            return LEAVE_SECONDS
        if self.arrival.has_head:
            return REQUEST_SECONDS
        return CROWDED_SECONDS if crowded else HEAD_SECONDS


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Of each connection it knows who has it: this loop (``lines``) or a thread, and since when (``begun``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.lines: dict[Any, Line] = {}
        self.begun: dict[Any, float] = {}
        self.handed_over: dict[Any, float] = {}
        self.long: set[Any] = set()
        self.waiting: deque[Any] = deque()
        self.looked_at = 0.0

    def run(self) -> None:
        """Serve; connections have the buffers of what they were accepted from (Linux, tcp(7))."""
        for listener in self.sockets:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
        super().run()

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401
        """Wait for the request that may come over that connection; gunicorn calls it in the loop's thread."""
        line = self.lines[conn] = Line(monotonic())
        if conn.initialized:
            self._take(conn, conn.parser.unreader.take_buffered())
        if conn in self.lines:
            self._receive(conn)
        if self.lines.get(conn) is line and conn not in self.waiting:
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, conn))

    def _receive(self, conn: Any, _: object = None) -> None:  # noqa: ANN401
        with suppress(BlockingIOError):
            data = _read(conn)
            self._take(conn, data) if data else self._drop(conn)

    def _take(self, conn: Any, data: bytes) -> None:  # noqa: ANN401
        so_far = self.lines[conn].arrival.receive(data)
        if so_far is Come.WHOLE:
            self._hand_over(conn)
        elif so_far is Come.LONG:
            self._unwatch(conn)
            self.waiting.append(conn)
            self._admit_long()
        elif so_far is Come.TOO_LONG:
            with suppress(OSError):
                conn.sock.send(TOO_LONG)
            self._take_leave(conn)

    def _admit_long(self) -> None:
        while self.waiting and len(self.long) < LONG_AT_ONCE:
            conn = self.waiting.popleft()
            self.long.add(conn)
            self._hand_over(conn)

    def _hand_over(self, conn: Any) -> None:  # noqa: ANN401
        """A thread goes on with what has come."""
        self._unwatch(conn)
        data = bytes(self.lines.pop(conn).arrival.data)
        conn.init()
        conn.parser.unreader.unread(data)
        self.handed_over[conn] = monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:  # noqa: ANN401
        """Read a request and answer it, in a thread; unless it waited for that so long that nobody wants the answer."""
        now = self.begun[conn] = monotonic()
        try:
            if now - self.handed_over.pop(conn, now) > PATIENCE_SECONDS and _has_hung_up(conn):
                return False
            return super().handle(conn)
        finally:
            del self.begun[conn]

    def finish_request(self, conn: Any, fs: Any) -> None:  # noqa: ANN401
        """A thread has answered: wait for the next request, or for the other side to close."""
        self.long.discard(conn)
        self._admit_long()
        if not fs.cancelled() and not fs.exception() and fs.result():
            super().finish_request(conn, fs)
        else:
            self._take_leave(conn)

    def _take_leave(self, conn: Any) -> None:  # noqa: ANN401
        """Close, but read on for a moment: what is unread would take the answer back (RFC 9112 section 9.6)."""
        self._unwatch(conn)
        self.lines[conn] = Line(monotonic(), leaving=True)
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))
        except OSError:
            self._drop(conn)

    def _drain(self, conn: Any, _: object) -> None:  # noqa: ANN401
        so_far = self.lines[conn].arrival.data
        with suppress(BlockingIOError):
            data = _read(conn)
            so_far += data
            if not data or len(so_far) > LEAVE_BYTES:
                self._drop(conn)

    def _unwatch(self, conn: Any) -> None:  # noqa: ANN401
        with suppress(KeyError, ValueError):  # It is closed, or was not waited for.
            self.poller.unregister(conn.sock)

    def _drop(self, conn: Any) -> None:  # noqa: ANN401
        self._unwatch(conn)
        del self.lines[conn]
        with suppress(ValueError):
            self.waiting.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def notify(self) -> None:
        """Say that this worker lives; and once a second end what has taken too long."""
        super().notify()
        now = monotonic()
        if now - self.looked_at >= 1:
            self.looked_at = now
            self._end_overdue(now)

    def _end_overdue(self, now: float) -> None:
        crowded = self.nr_conns >= self.worker_connections
        for conn, line in list(self.lines.items()):
            silent = not (self.alive or line.arrival.data or line.leaving)
            if silent or now - line.since > line.seconds(crowded=crowded):
                self._drop(conn)
        for conn, begun in list(self.begun.items()):
            if now - begun > REQUEST_SECONDS:
                # Who waits for the rest reads the end of the stream; an answer on its way still goes out, for a while.
                end = socket.SHUT_RDWR if now - begun > REQUEST_SECONDS + ANSWER_SECONDS else socket.SHUT_RD
                with suppress(OSError):
                    conn.sock.shutdown(end)


def _has_hung_up(conn: Any) -> bool:  # noqa: ANN401
    try:
        return not conn.sock.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _read(conn: Any) -> bytes:  # noqa: ANN401
    """What has come by now; nothing where the other side is done, or gone. Raises ``BlockingIOError``."""
    try:
        data: bytes = conn.sock.recv(READ_BYTES, socket.MSG_DONTWAIT)
    except BlockingIOError:
        raise
    except OSError:
        return b""
    return data
