"""The transports of Orbited 0.7 that no browser of today has, byte by byte over a socket of a real relay."""

import socket
import urllib.request
from collections.abc import Iterator

import pytest

from orbited.packets import Packet, encode_all
from tests.browser.oldpages import START_S, OldSite, open_site

GREETING = '[["1", "opt", "pingTimeout,30"], ["2", "opt", "pingInterval,300"], ["2", "open"]]'
HTMLFILE_HEAD = b'<html><head><script src="../static/HTMLFileFrame.js"></script></head><body>'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    yield from open_site(tmp_path_factory.mktemp("site"))


def call(site: OldSite, path: str, body: bytes | None = None) -> bytes:
    """GET, or POST as Orbited 0.7's page does."""
    request = urllib.request.Request(f"http://localhost:{site.http}{path}", body, {"content-type": "text/plain"})
    with urllib.request.urlopen(request, timeout=START_S) as answer:
        return bytes(answer.read())


def shake_hands(site: OldSite, key: str) -> None:
    target = f"localhost:{site.echo}\n".encode()
    assert call(site, f"/tcp/{key}?ack=2", encode_all([Packet(1, "data", target)])) == b"OK"


class Reading:
    """An answer that goes on: its head, and its body without the chunks' lengths."""

    def __init__(self, site: OldSite, path: str) -> None:
        self._connection = socket.create_connection(("127.0.0.1", site.http), START_S)
        self._connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{site.http}\r\n\r\n".encode())
        self._file = self._connection.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.headers = {}
        while line := self._file.readline().strip():
            name, _, value = line.decode().partition(": ")
            self.headers[name.lower()] = value
        self._body = b""

    def close(self) -> None:
        self._file.close()
        self._connection.close()

    def read(self, count: int) -> bytes:
        """The next bytes of the body."""
        while len(self._body) < count:
            length = int(self._file.readline(), 16)
            assert length, f"the body ends with {self._body!r}"
            self._body += self._file.read(length)
            self._file.readline()
        taken, self._body = self._body[:count], self._body[count:]
        return taken


@pytest.fixture
def key(site: OldSite) -> str:
    return call(site, "/tcp").decode()


@pytest.fixture
def opened(site: OldSite, key: str, request: pytest.FixtureRequest) -> Iterator[Reading]:
    """The answer of the transport that the test names."""
    reading = Reading(site, f"/tcp/{key}/{request.param}?nocache=0.5&frameID=1")
    assert reading.status == 200
    assert "no-cache" in reading.headers["cache-control"]
    yield reading
    reading.close()


@pytest.mark.parametrize("opened", ["htmlfile"], indirect=True)
def test_htmlfile_is_a_document_of_scripts(site: OldSite, key: str, opened: Reading) -> None:
    assert opened.headers["content-type"].startswith("text/html")
    assert opened.headers["pragma"] == "no-cache"
    assert opened.headers["expires"] == "-1"
    assert opened.read(257) == HTMLFILE_HEAD.ljust(256) + b"\n"
    greeting = f"<script>e({GREETING})</script>".encode()
    assert opened.read(len(greeting)) == greeting
    shake_hands(site, key)
    connected = b'<script>e([["3", "data", "MQ=="]])</script>'
    assert opened.read(len(connected)) == connected


@pytest.mark.parametrize("opened", ["htmlfile"], indirect=True)
def test_htmlfile_beats_after_5_s_of_silence(opened: Reading) -> None:
    opened.read(257 + len(f"<script>e({GREETING})</script>"))
    assert opened.read(21) == b"<script>h();</script>"


@pytest.mark.parametrize("opened", ["sse"], indirect=True)
def test_sse_is_a_stream_of_operas_events(site: OldSite, key: str, opened: Reading) -> None:
    assert opened.headers["content-type"] == "application/x-dom-event-stream"
    greeting = f"Event: payload\ndata: {GREETING}\n\n".encode()
    assert opened.read(len(greeting)) == greeting
    shake_hands(site, key)
    connected = b'Event: payload\ndata: [["3", "data", "MQ=="]]\n\n'
    assert opened.read(len(connected)) == connected


@pytest.mark.parametrize("opened", ["xhrstream"], indirect=True)
def test_xhrstream_begins_with_256_spaces(site: OldSite, key: str, opened: Reading) -> None:
    assert opened.headers["content-type"] == "application/x-orbited-event-stream"
    greeting = b"11,113,opt014,pingTimeout,3011,213,opt016,pingInterval,30011,204,open"
    assert opened.read(256 + len(greeting)) == b" " * 256 + greeting
    shake_hands(site, key)
    assert opened.read(18) == b"11,314,data04,MQ=="


def test_unknown_session_of_htmlfile_is_told_by_a_page_since_frames_see_no_status(site: OldSite) -> None:
    assert b"../../static/HTMLFileClose.js" in call(site, f"/tcp/{'0' * 32}/htmlfile?frameID=1")
