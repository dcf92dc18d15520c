"""rabbitmq.py: how its management is asked, and what is said when it does not do it. A real one: tests/system."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from quiz.live.errors import BrokerUnavailable
from quiz.live.rabbitmq import Management
from quiz.processes.network import free_port


class Answers(BaseHTTPRequestHandler):
    """Notes what it is asked, and answers the server's ``status``."""

    def do_DELETE(self):
        self.server.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        """Nothing: the tests look at ``asked``."""


@pytest.fixture
def server(settings):
    server = HTTPServer(("127.0.0.1", 0), Answers)
    server.asked, server.status = [], 204
    settings.STOMP_HOST, settings.RABBITMQ_API_PORT = "127.0.0.1", server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_all_connections_of_a_login_are_closed_with_the_services_own(server, settings):
    Management().close_connections("player:5/../web")
    secret = base64.b64encode(f"{settings.STOMP_LOGIN}:{settings.STOMP_PASSCODE}".encode()).decode()
    assert server.asked == [("/api/connections/username/player%3A5%2F..%2Fweb", f"Basic {secret}")]


def test_somebody_without_connections_is_no_trouble(server, caplog):
    server.status = 404
    Management().close_connections("player:5")
    assert len(server.asked) == 1
    assert caplog.records == []


def test_trouble_and_its_end_are_said_once_each_and_without_the_secret(server, settings, caplog):
    management = Management()
    for status in (401, 500, 204, 204):
        server.status = status
        if status == 204:
            management.close_connections("player:5")
        else:
            with pytest.raises(BrokerUnavailable):
                management.close_connections("player:5")
    away, back = (record.getMessage() for record in caplog.records)
    assert "is away, nobody can be put out: it answers 401" in away
    assert back.endswith("is back")
    assert settings.STOMP_PASSCODE not in caplog.text


def test_nobody_there_is_trouble_too(settings):
    settings.STOMP_HOST, settings.RABBITMQ_API_PORT = "127.0.0.1", free_port()
    with pytest.raises(BrokerUnavailable):
        Management().close_connections("player:5")
