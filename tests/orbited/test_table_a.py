"""Bad input over HTTP that concerns the relay as a whole: by the numbers of the table of attacks."""

import re

import pytest
from twisted.logger import capturedLogs

from orbited.channel import IDLE_S, LINGER_S, MAX_PIPELINED
from orbited.config import Mount, parse
from orbited.errors import ConfigError, TargetDeniedError
from orbited.heads import MAX_BODY_BYTES, MAX_HEAD_BYTES, MAX_HEADERS, MAX_LINE_BYTES
from orbited.peers import CONNECTIONS_PER_SESSION
from tests.orbited.rig import Exchange, Rig, WebSocketPage

PAGES = "http://pages.example"
FOREIGN = ("http://evil.example", "null", f"{PAGES}.evil.example", "https://pages.example", f"{PAGES}:8080")


@pytest.fixture
def rig():
    return Rig(origins=(PAGES,))


def raw(rig, *lines, body=b""):
    """One request as it stands here, but for the Host header and the head's end."""
    return Exchange(rig.site, b"\r\n".join([*lines, b"host: relay.example", b"", b""]), body)


def post(rig, *lines, body=b""):
    return raw(rig, f"POST /tcp/{rig.key()} HTTP/1.1".encode(), *lines, body=body)


def assert_refused(rig, exchange, status, code):
    """One whole answer, nothing more is read, and the connection ends by itself."""
    assert (exchange.status, exchange.body.split(b":")[0]) == (status, code)
    exchange.feed(b"GET /healthz HTTP/1.1\r\nhost: relay.example\r\n\r\n")
    assert len(re.findall(rb"HTTP/1.1 \d", exchange.line.value())) == 1
    rig.wait(LINGER_S)
    assert exchange.line.lost


def test_a01_a_request_line_is_long(rig):
    path = b"/" + b"x" * MAX_LINE_BYTES
    assert_refused(rig, raw(rig, b"GET " + path + b" HTTP/1.1"), 414, b"uri-too-long")
    assert_refused(rig, Exchange(rig.site, b"GET " + path), 414, b"uri-too-long")


def test_a02_a_header_is_long_or_there_are_many(rig):
    get = b"GET /healthz HTTP/1.1"
    assert_refused(rig, raw(rig, get, b"x: " + b"y" * MAX_LINE_BYTES), 431, b"head-too-large")
    assert_refused(rig, raw(rig, get, *[b"x: y"] * (MAX_HEADERS + 1)), 431, b"head-too-large")
    line = b"x: " + b"y" * 1000
    assert_refused(rig, raw(rig, get, *[line] * (MAX_HEAD_BYTES // len(line) + 1)), 431, b"head-too-large")
    assert raw(rig, get, *[line] * 30).status == 200


@pytest.mark.parametrize("lengths", [(b"5", b"6"), (b"5", b"5"), (b"5, 6",)])
def test_a03_there_are_two_lengths(rig, lengths):
    assert_refused(rig, post(rig, *(b"content-length: " + length for length in lengths)), 400, b"bad-request")


def test_a04_there_is_a_length_and_a_coding(rig):
    both = [b"content-length: 5", b"transfer-encoding: chunked"]
    for lines in (both, both[::-1]):
        assert_refused(rig, post(rig, *lines, body=b"0\r\n\r\n"), 400, b"bad-request")


@pytest.mark.parametrize("length", [b"+5", b"0x5", b"-1", b"5 5"])
def test_a05_a_length_is_no_number(rig, length):
    assert_refused(rig, post(rig, b"content-length: " + length, body=b"hello"), 400, b"bad-request")


@pytest.mark.parametrize("chunk", [b"0x10\r\n", b"5;a\nb\r\n", b"5\n", b"10001\r\n", b"5\r\nhellos\r\n"])
def test_a06_a_chunk_is_none_or_too_long(rig, chunk):
    exchange = post(rig, b"transfer-encoding: chunked", body=chunk)
    if not exchange.answered:  # a line that LF alone does not end
        exchange.feed(b"x" * 1000)
    assert_refused(rig, exchange, 400, b"bad-request")


@pytest.mark.parametrize("byte", [b"\r", b"\0", b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x85", b"\n"])
def test_a07_a_header_has_a_byte_that_some_take_for_a_line_s_end(rig, byte):
    assert_refused(rig, raw(rig, b"GET /tcp HTTP/1.1", b"x: a" + byte + b"b: c"), 400, b"bad-request")
    assert len(rig.sessions) == 0


@pytest.mark.parametrize("lines", [[b"x : a"], [b"x: a", b" folded"], [b"x: a", b"\tfolded"], [b" x: a"]])
def test_a08_a_header_has_space_before_its_colon_or_is_folded(rig, lines):
    assert_refused(rig, raw(rig, b"GET /tcp HTTP/1.1", *lines), 400, b"bad-request")


def test_a09_a_hundred_requests_come_at_once(rig):
    key = rig.key()
    rig.ask("POST", f"/tcp/{key}", b"11,114,data024,bG9jYWxob3N0OjYxNjEzCg==")
    exchange = raw(rig, f"GET /tcp/{key}/longpoll?ack=2 HTTP/1.1".encode())
    sent = 0
    while exchange.line.producerState == "producing" and sent < 100:
        exchange.feed(b"GET /healthz HTTP/1.1\r\nhost: relay.example\r\n\r\n")
        sent += 1
    assert (sent, exchange.answered) == (MAX_PIPELINED + 1, False)
    rig.backend.refuse()
    rig.clock.advance(0)
    packets, *others = exchange.line.value().split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert b"014,loseConnection" in packets
    assert [answer.endswith(b"\r\nok\n") for answer in others] == [True] * sent


@pytest.mark.parametrize("method", [b"TRACE", b"PUT", b"DELETE", b"PATCH", b"PROPFIND", b"get", b"PRI"])
def test_a11_a_method_is_unknown(rig, method):
    exchange = raw(rig, method + b" /tcp HTTP/1.1")
    assert exchange.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert_refused(rig, exchange, 405, b"method-not-allowed")
    assert len(rig.sessions) == 0


@pytest.mark.parametrize("target", [b"localhost:61613", b"/tcp", b"relay.example:80"])
def test_a11_nothing_is_ever_tunnelled(rig, target):
    assert_refused(rig, raw(rig, b"CONNECT " + target + b" HTTP/1.1"), 405, b"method-not-allowed")
    assert rig.backends == []


@pytest.mark.parametrize(
    ("path", "method"), [("/healthz", "POST"), ("/static/Orbited.js", "POST"), ("/tcp/{key}", "GET")]
)
def test_a11_a_method_is_known_but_not_there(rig, path, method):
    answer = rig.ask(method, path.format(key=rig.key()))
    assert answer.status == 405
    assert method not in answer.headers["allow"]


TLS_HELLO = bytes.fromhex("1603010200 010001fc 0303") + bytes(range(256)) * 2


@pytest.mark.parametrize(
    "data",
    [
        b"GET /\r\n",
        b"GET / HTTP/0.9\r\n\r\n",
        b"GET / HTTP/3.0\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"\0" * 100,
        b"SSH-2.0-OpenSSH_9.2\r\n",
        bytes(range(256)) * 100,
        TLS_HELLO,
    ],
)
def test_a12_what_is_no_http_gets_400_or_nothing_and_at_most_one_line_in_the_log(rig, data):
    with capturedLogs() as lines:
        exchange = Exchange(rig.site, data)
        rig.wait(IDLE_S + LINGER_S)
    assert exchange.line.lost
    assert len(re.findall(rb"HTTP/1.1 \d", exchange.line.value())) == 1
    assert exchange.status in (400, 405, 408, 414)
    assert len([line for line in lines if line["log_level"].name != "debug"]) <= 1


@pytest.mark.parametrize("where", ["/static", "/files", "/tcp", ""])
@pytest.mark.parametrize(
    "name",
    [
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "../secret.txt",
        "%00",
        "a%00.txt",
        "%c0%ae%c0%ae/secret.txt",
        "%0a",
        "%ff",
    ],
)
def test_a13_a_path_leads_elsewhere(tmp_path, where, name):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "files").mkdir()
    rig = Rig(static=(Mount("files", tmp_path / "files"),))
    with capturedLogs() as lines:
        answer = rig.ask("GET", f"{where}/{name}")
    assert answer.status in (400, 404, 405)
    assert b"secret" not in answer.body
    assert not [line for line in lines if "log_failure" in line]


@pytest.mark.parametrize("data", [b"", b"GET /tcp HT", b"GET /tcp HTTP/1.1\r\nhost: a\r\n"])
def test_a14_nothing_comes_or_nothing_more(rig, data):
    exchange = Exchange(rig.site, data)
    rig.wait(IDLE_S + LINGER_S)
    assert exchange.line.lost
    assert exchange.line.value().startswith(b"HTTP/1.1 408 " if data else b"")


def test_a15_a_body_is_long(rig):
    announced = post(rig, b"content-length: %d" % (MAX_BODY_BYTES + 1))
    assert_refused(rig, announced, 413, b"too-large")
    chunk = b"%x\r\n" % (MAX_BODY_BYTES // 2) + bytes(MAX_BODY_BYTES // 2) + b"\r\n"
    assert_refused(rig, post(rig, b"transfer-encoding: chunked", body=chunk * 2 + b"1\r\n"), 413, b"too-large")


@pytest.mark.parametrize("origin", FOREIGN)
def test_a27_a_page_of_another_site_sends_nothing_whatever_cookies_it_brings(rig, origin):
    page = rig.connected(WebSocketPage)
    before = rig.backend.received
    for path in ("/tcp", f"/tcp/{page.key}"):
        answer = rig.ask("POST", path, b"11,204,ping", origin=origin, cookie="sessionid=stolen")
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers
    assert len(rig.sessions) == 1
    assert rig.backend.received == before


@pytest.mark.parametrize("origin", FOREIGN)
def test_a28_a_preflight_from_elsewhere_is_refused(rig, origin):
    answer = rig.ask("OPTIONS", "/tcp", origin=origin, access_control_request_method="POST")
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a28_a_listed_page_is_allowed_by_name_and_without_credentials(rig):
    for method in ("OPTIONS", "GET"):
        answer = rig.ask(method, "/tcp", origin=PAGES)
        assert answer.headers["access-control-allow-origin"] == PAGES
        assert "origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers


def test_a31_an_address_has_so_many_sessions_and_connections():
    rig = Rig(most=2)
    waiting = [rig.ask("GET", f"/tcp/{rig.key()}/longpoll") for _ in range(2)]
    answer = rig.ask("GET", "/tcp")
    assert (answer.status, answer.body.split()[0]) == (429, b"too-many:")
    assert "retry-after" in answer.headers
    for _ in range(2 * CONNECTIONS_PER_SESSION):
        last = rig.ask("GET", "/healthz")
    assert last.status == 429
    assert "retry-after" in last.headers
    assert rig.ask("GET", "/healthz", address="198.51.100.1").status == 200
    assert not any(poll.answered and poll.status == 429 for poll in waiting)


def test_a31_a_school_behind_one_address_can_be_exempt(rig):
    rules = "[global]\nsession.per_address = 1\nsession.exempt = 203.0.113.0/24\n[hosts]\nrelay.example\n"
    rig.policy.adopt(parse(rules, "x"))
    assert [rig.ask("GET", "/tcp").status for _ in range(5)] == [200] * 5
    assert [rig.ask("GET", "/tcp", address="192.0.2.9").status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    "target",
    [
        "127.0.0.1:61613",
        "localhost.:61613",
        "LOCALHOST:61613",
        "2130706433:61613",
        "0x7f.0.0.1:61613",
        "0177.0.0.1:61613",
        "evil.example:61613",
        "169.254.169.254:80",
        "0.0.0.0:61613",
        "localhost:25",
        "localhost:6379",
    ],
)
def test_a33_a_target_that_access_does_not_list_in_these_words_is_0106(rig, target):
    page = rig.page(WebSocketPage).open()
    page.send(f"{target}\n".encode())
    assert page.inbox == [b"0106"]
    assert not rig.backends


def test_a34_a_target_that_leads_to_a_refused_address_is_0106_too(rig):
    page = rig.page(WebSocketPage).open()
    page.send(b"localhost:61613\n")
    rig.backend.connecting.errback(TargetDeniedError("x"))
    page.look()
    assert page.inbox == [b"0106"]


@pytest.mark.parametrize("rule", ["* -> *", "* -> *:*", "* -> *:61613", "* -> localhost:*"])
def test_a35_there_is_no_rule_for_all_targets_or_ports(rule):
    with pytest.raises(ConfigError, match="x:2"):
        parse(f"[access]\n{rule}\n", "x")
