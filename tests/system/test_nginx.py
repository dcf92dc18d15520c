"""The relay behind a real nginx with deploy/nginx.conf: one origin, TLS, every transport, and no secret in its logs."""

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from orbited.packets import Packet, decode, encode
from tests.browser.oldpages import LOGIN, PASSCODE, OldSite, open_site
from tests.nginx import Nginx, nginx_is_here
from tests.stack import wait_until

WAIT_S = 60
LOG_IN = f"CONNECT\naccept-version:1.2\nhost:/\nlogin:{LOGIN}\npasscode:{PASSCODE}\n\n\0"


class Thrifty(OldSite):
    """A relay that grants each address one session, this machine's own excepted."""

    def _config(self, auth: str) -> str:
        return super()._config(auth) + "\n[global]\nsession.per_address = 1\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    nginx_is_here()
    with Thrifty(tmp_path_factory.mktemp("site"), "tickets") as site:
        yield site


@pytest.fixture(scope="module")
def nginx(site: OldSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """In front of it; the relay's own web server stands for the game's."""
    with Nginx(tmp_path_factory.mktemp("front") / "nginx", site.http, site.http) as nginx:
        yield nginx


def ask(nginx: Nginx, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    """Status and body; each time over a connection of its own."""
    with closing(http.client.HTTPSConnection("localhost", nginx.port, timeout=WAIT_S, context=nginx.trust)) as line:
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        return answer.status, answer.read()


def make_session(nginx: Nginx) -> tuple[str, str]:
    status, body = ask(nginx, "POST", "/tcp", b"", origin=nginx.origin)
    assert status == 200
    key, token = body.decode().split()
    return key, token


def open_socket(nginx: Nginx, path: str, **how: object) -> ClientConnection:
    trust = nginx.trust
    trust.maximum_version = ssl.TLSVersion.TLSv1_2  # for a client that reads and writes at once, see relay.py
    return connect(f"wss://{nginx.authority}{path}", ssl=trust, proxy=None, open_timeout=WAIT_S, **how)


def test_the_certificate_is_the_site_s_and_http_leads_to_https(nginx: Nginx) -> None:
    assert ask(nginx, "GET", "/readyz") == (200, b"ok\n")
    with closing(http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=WAIT_S)) as line:
        line.request("GET", "/play/1/?x=1", headers={"Host": "localhost"})
        answer = line.getresponse()
        assert (answer.status, answer.headers["location"]) == (301, "https://localhost/play/1/?x=1")


def test_pages_of_the_one_origin_may_come_and_others_may_not(nginx: Nginx) -> None:
    for origin, status in {
        nginx.origin: 200,
        nginx.origin.replace("https", "http"): 403,
        "https://localhost": 403,
        "https://evil.example": 403,
        "null": 403,
    }.items():
        assert ask(nginx, "POST", "/tcp", b"", origin=origin)[0] == status


def test_a10_nginx_passes_the_name_that_the_browser_used(nginx: Nginx) -> None:
    assert ask(nginx, "POST", "/tcp", b"", host="evil.example")[0] == 421


def test_a32_what_a_browser_says_of_its_address_is_overwritten(nginx: Nginx, site: OldSite) -> None:
    spoofed = {"x_forwarded_for": "203.0.113.9"}
    assert [ask(nginx, "POST", "/tcp", b"", **spoofed)[0] for _ in range(3)] == [200] * 3
    direct = urllib.request.Request(f"{site.relay}/tcp", b"", {"X-Forwarded-For": "203.0.113.9"})
    urllib.request.urlopen(direct).close()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(direct)
    assert refused.value.code == 429


def test_websockets_pass(nginx: Nginx, site: OldSite) -> None:
    with open_socket(nginx, "/tcp/websocket", origin=nginx.origin) as socket:
        while json.loads(socket.recv(WAIT_S)) != ["open"]:
            pass
        socket.send(f"localhost:{site.echo}\n".encode())
        assert socket.recv(WAIT_S) == b"1"
        socket.send(b"hello")
        while isinstance(answer := socket.recv(WAIT_S), str):
            pass
        assert answer == b"hello"
    with pytest.raises(InvalidStatus, match="403"):
        open_socket(nginx, "/tcp/websocket", origin="https://evil.example")


def test_stomp_passes(nginx: Nginx) -> None:
    with open_socket(nginx, "/stomp", origin=nginx.origin, subprotocols=["v12.stomp"]) as socket:
        socket.send(LOG_IN)
        assert socket.recv(WAIT_S).startswith("CONNECTED")
    with open_socket(nginx, "/stomp") as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(WAIT_S)
    assert closed.value.rcvd.code == 4502


@pytest.mark.parametrize("transport", ["stream", "eventsource", "xhrstream"])
def test_a_stream_is_held_back_nowhere(nginx: Nginx, site: OldSite, transport: str) -> None:
    """Each piece is read before the next is asked for, so that a buffer would leave the test waiting."""
    key, token = make_session(nginx)
    with closing(http.client.HTTPSConnection("localhost", nginx.port, timeout=WAIT_S, context=nginx.trust)) as line:
        line.request("GET", f"/tcp/{key}/{transport}?token={token}", headers={"Origin": nginx.origin})
        stream = line.getresponse()
        assert stream.status == 200
        post(nginx, key, token, Packet(1, "data", f"localhost:{site.echo}\n".encode()))
        for number, word in enumerate([b"one", b"two", b"three"], 2):
            post(nginx, key, token, Packet(number, "data", word))
            read_until(stream, as_written(transport, word))


def test_what_rabbitmq_asks_the_web_process_is_closed(nginx: Nginx) -> None:
    status, body = ask(nginx, "POST", "/rabbitmq/key/user/", b"username=web")
    assert status == 404
    assert b"nginx" in body


def test_long_polls_pass(nginx: Nginx, site: OldSite) -> None:
    key, token = make_session(nginx)
    status, greeting = ask(nginx, "GET", f"/tcp/{key}/longpoll?token={token}")
    assert (status, [packet.name for packet in decode(greeting)]) == (200, ["opt", "opt", "open"])
    post(nginx, key, token, Packet(1, "data", f"localhost:{site.echo}\n".encode()))
    _, answer = ask(nginx, "GET", f"/tcp/{key}/longpoll?token={token}&ack=2")
    assert [packet.payload for packet in decode(answer)] == [b"1"]


def test_a20_neither_keys_nor_tokens_are_in_a_log_even_when_the_relay_is_away(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    for own in open_site(tmp_path_factory.mktemp("site")):
        with Nginx(tmp_path_factory.mktemp("front") / "nginx", own.http, own.http) as nginx:
            key, token = make_session(nginx)
            ask(nginx, "GET", f"/tcp/{key}/longpoll?token={token}")
            own.process.kill()
            own.process.wait(WAIT_S)
            assert ask(nginx, "GET", f"/tcp/{key}/longpoll?token={token}")[0] == 502
            wait_until(lambda: "502" in nginx.log)
    assert "GET /tcp/KEY/longpoll 502" in nginx.log
    assert key not in nginx.log
    assert token not in nginx.log


def post(nginx: Nginx, key: str, token: str, packet: Packet) -> None:
    answer = ask(nginx, "POST", f"/tcp/{key}?token={token}", encode(packet), content_type="text/plain")
    assert answer == (200, b"OK")


def as_written(transport: str, word: bytes) -> bytes:
    """The bytes of a data packet by which it is known on that wire."""
    if transport == "stream":
        return word
    return encode(Packet(1, "data", word)).rpartition(b",")[2]


def read_until(stream: http.client.HTTPResponse, word: bytes) -> None:
    read = b""
    while word not in read:
        piece = stream.read1()
        assert piece, read
        read += piece
