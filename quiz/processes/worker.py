"""gunicorn's worker with threads, none of which waits for ever for a request that does not come."""

import socket
from contextlib import suppress
from time import monotonic
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Seconds for a whole request: 15 MiB of pictures at 2 Mbit/s. Behind nginx, which passes on what it has whole, nobody
# comes near.
REQUEST_SECONDS = 60


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Of each connection in a thread's hands it knows since when.

    A phone that vanishes within a request would keep its thread until a restart, and sixteen of them the whole process.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.begun: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:  # noqa: ANN401
        """Read a request and answer it, in a thread."""
        self.begun[conn] = monotonic()
        try:
            return super().handle(conn)
        finally:
            del self.begun[conn]

    def notify(self) -> None:
        """Say that this worker lives, about once a second; and end what has taken too long to come.

        Who waits for the rest reads the end of the stream then, and an answer on its way still goes out.
        """
        super().notify()
        for conn, begun in list(self.begun.items()):
            if monotonic() - begun > REQUEST_SECONDS:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
