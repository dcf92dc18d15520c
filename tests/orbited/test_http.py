import pytest
from twisted.logger import capturedLogs

from orbited.channel import IDLE_S, LINGER_S
from orbited.heads import MAX_BODY_BYTES, MAX_HEAD_BYTES
from tests.orbited.rig import Exchange, Rig


@pytest.fixture
def rig():
    return Rig()


def head(key, *lines):
    return "\r\n".join([f"POST /tcp/{key} HTTP/1.1", "host: relay.example", *lines, "", ""]).encode()


def test_long_body_is_refused_before_it_is_read(rig):
    exchange = Exchange(rig.site, head(rig.key(), f"content-length: {MAX_BODY_BYTES + 1}"))
    assert exchange.status == 413
    rig.wait(LINGER_S)
    assert exchange.line.lost


def test_body_up_to_the_limit_is_read(rig):
    body = b"x" * MAX_BODY_BYTES
    assert Exchange(rig.site, head(rig.key(), f"content-length: {len(body)}"), body).status == 400  # no packets


def test_chunked_body_is_limited_too(rig):
    exchange = Exchange(rig.site, head(rig.key(), "transfer-encoding: chunked"))
    for _ in range(MAX_BODY_BYTES // 0x4000 + 1):
        exchange.feed(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
    assert exchange.status == 413
    exchange.feed(b"0\r\n\r\n")
    assert exchange.line.value().count(b"HTTP/1.1") == 1


def test_long_head_is_refused(rig):
    fields = "\r\n".join(f"x-{number}: {'y' * 1000}" for number in range(MAX_HEAD_BYTES // 1000 + 1))
    exchange = Exchange(rig.site, f"GET /tcp HTTP/1.1\r\nhost: relay.example\r\n{fields}\r\n\r\n".encode())
    assert exchange.status == 431
    assert len(rig.sessions) == 0


def test_head_up_to_the_limit_is_read(rig):
    fields = "\r\n".join(f"x-{number}: {'y' * 1000}" for number in range(30))
    assert Exchange(rig.site, f"GET /tcp HTTP/1.1\r\nhost: relay.example\r\n{fields}\r\n\r\n".encode()).status == 200


def test_idle_connection_is_closed(rig):
    exchange = Exchange(rig.site, b"GET /tc")
    rig.wait(IDLE_S + LINGER_S)
    assert exchange.line.lost


def test_waiting_poll_is_not_idle(rig):
    key = rig.key()
    rig.ask("POST", f"/tcp/{key}", b"11,114,data024,bG9jYWxob3N0OjYxNjEzCg==")
    poll = rig.ask("GET", f"/tcp/{key}/longpoll?ack=2")
    rig.wait(IDLE_S + 5)
    assert not poll.line.disconnecting


@pytest.mark.parametrize(
    "lines", [["content-length: 1", "content-length: 2"], ["content-length: 1", "transfer-encoding: chunked"]]
)
@pytest.mark.parametrize("length", [None, "+5", "0x5", "-1", "5 5"])
def test_ambiguous_length_is_400(rig, lines, length):
    exchange = Exchange(rig.site, head(rig.key(), *([f"content-length: {length}"] if length else lines)))
    assert exchange.status == 400


def test_session_keys_are_in_no_log_line(rig):
    with capturedLogs() as lines:
        key = rig.key()
        for method in ("GET", "POST", "HEAD", "OPTIONS", "TRACE"):
            for path in ("", "/longpoll", "/websocket", "/nonsense"):
                rig.ask(method, f"/tcp/{key}{path}", b"nonsense" if method == "POST" else b"")
        rig.wait(100)
    assert lines
    assert key not in repr([{name: str(value) for name, value in line.items()} for line in lines])
