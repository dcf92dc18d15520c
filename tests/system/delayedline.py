"""A line to somewhere on this machine that is long: whatever is sent over it arrives later, in order."""

import contextlib
import queue
import socket
import threading
import time
from typing import Self

END = b""


class DelayedLine:
    """``with DelayedLine(target, 400) as line:`` leads from ``line.port`` to that port; 400 ms there and back."""

    def __init__(self, target: int, round_trip_ms: int) -> None:
        self._target = target
        self._one_way_s = round_trip_ms / 2000
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._ends += [near, far]
                for source, sink in ((near, far), (far, near)):
                    sink.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    under_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
                    threading.Thread(target=self._take, args=(source, under_way), daemon=True).start()
                    threading.Thread(target=self._bring, args=(under_way, sink), daemon=True).start()

    def _take(self, source: socket.socket, under_way: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        data = END
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                under_way.put((time.monotonic() + self._one_way_s, data))
        under_way.put((time.monotonic() + self._one_way_s, END))

    def _bring(self, under_way: queue.SimpleQueue[tuple[float, bytes]], sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = under_way.get()
                time.sleep(max(0, due - time.monotonic()))
                if data == END:
                    return sink.shutdown(socket.SHUT_WR)
                sink.sendall(data)
