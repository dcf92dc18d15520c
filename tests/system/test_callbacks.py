"""A broker that asks an application over HTTP, with both as real programs do it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stomp_broker.httpclient import MOST_BYTES
from tests.system.broker import Broker, Client


class Application(BaseHTTPRequestHandler):
    """``login`` says how it answers that client's messages."""

    def do_GET(self) -> None:
        here = f"http://{self.headers['Host']}"
        self.answer({name: f"{here}/{name}" for name in ("connect", "send")})

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/connect":
            self.answer({"allow": "no"} if said["username"] == "mallory" else {})
        elif said["body"] == "fail":
            self.answer({}, status=500)
        elif said["body"] == "elsewhere":
            self.answer({}, status=302, Location="/send")
        elif said["body"] == "endless":
            self.answer({"body": "x" * MOST_BYTES})
        else:
            self.answer({"body": said["body"].upper()})

    def answer(self, what: object, status: int = 200, **headers: str) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module", params=["HTTP/1.0", "HTTP/1.1"])
def broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker whose application ends the connection behind each answer, and one whose application keeps it."""
    application = type("Application", (Application,), {"protocol_version": request.param})
    with ThreadingHTTPServer(("127.0.0.1", 0), application) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        text = f"[broker]\ncallbacks.url = http://127.0.0.1:{server.server_port}/\n"
        try:
            with Broker(tmp_path_factory.mktemp("broker"), text) as running:
                yield running
        finally:
            server.shutdown()


def test_a_message_goes_out_as_the_application_has_it(broker: Broker) -> None:
    reader, writer = broker.service(), broker.service()
    reader.subscribe("/topic/a")
    for word in (b"apples", b"pears", b"plums", b"figs"):
        writer.say("SEND", {"destination": "/topic/a"}, word)
    assert [reader.hear().body for _ in range(4)] == [b"APPLES", b"PEARS", b"PLUMS", b"FIGS"]
    assert not broker.says("factory"), broker.output


@pytest.mark.parametrize("word", [b"fail", b"elsewhere", b"endless"])
def test_an_answer_that_is_none_refuses(broker: Broker, word: bytes) -> None:
    writer = broker.service()
    writer.say("SEND", {"destination": "/topic/a"}, word)
    assert writer.hear().headers["message"] == "access-refused"


def test_who_may_not_come_in_hears_the_usual_words(broker: Broker, tmp_path: Path) -> None:
    refused = Client(broker.port, login="mallory").first
    wrong = Client(broker.port, passcode="wrong").first
    assert (refused.command, refused.headers["message"], refused.body) == ("ERROR", "access-refused", wrong.body)
