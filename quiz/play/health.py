"""The referee's ``/healthz``, ``/readyz`` and ``/metrics`` on loopback: it has no other door."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import generate_latest


class Health:
    """Whether the last look at the games went well."""

    well = False


def serve_health(port: int) -> Health:
    """Answer on 127.0.0.1:``port`` in a thread; port 0 serves nowhere. The caller keeps ``well`` true."""
    health = Health()
    if port:
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(health))
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return health


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    def answers() -> dict[str, tuple[HTTPStatus, bytes]]:
        ready = (HTTPStatus.OK, b"ready\n") if health.well else (HTTPStatus.SERVICE_UNAVAILABLE, b"not ready\n")
        return {"/healthz": (HTTPStatus.OK, b"ok\n"), "/readyz": ready, "/metrics": (HTTPStatus.OK, generate_latest())}

    class Handler(BaseHTTPRequestHandler):
        """Three plain answers."""

        timeout = 5  # seconds; a caller that says nothing does not keep a thread

        def do_GET(self) -> None:
            status, body = answers().get(self.path, (HTTPStatus.NOT_FOUND, b"not found\n"))
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: health is asked for every second."""

    return Handler
