"""Asking a process whether it can serve."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from quiz.processes.network import free_port
from quiz.processes.readiness import is_ready


@pytest.fixture
def server():
    """A server that is ready under the name quiz.example.org only."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            ready = self.path == "/readyz" and self.headers["Host"] == "quiz.example.org"
            self.send_response(200 if ready else 503)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


def test_ready_is_what_answers_200(server):
    assert is_ready(server, "quiz.example.org")


def test_another_answer_is_not_ready(server):
    assert not is_ready(server, "localhost")


def test_closed_port_is_not_ready():
    assert not is_ready(free_port())
