import pytest
from twisted.logger import capturedLogs

from orbited.channel import IDLE_S
from orbited.heads import MAX_BODY_BYTES
from tests.orbited.rig import Exchange, Rig


@pytest.fixture
def rig():
    return Rig()


def head(key, *lines):
    return "\r\n".join([f"POST /tcp/{key} HTTP/1.1", "host: relay.example", *lines, "", ""]).encode()


def test_body_up_to_the_limit_is_read(rig):
    body = b"x" * MAX_BODY_BYTES
    assert Exchange(rig.site, head(rig.key(), f"content-length: {len(body)}"), body).status == 400  # no packets


def test_waiting_poll_is_not_idle(rig):
    key = rig.key()
    rig.ask("POST", f"/tcp/{key}", b"11,114,data024,bG9jYWxob3N0OjYxNjEzCg==")
    poll = rig.ask("GET", f"/tcp/{key}/longpoll?ack=2")
    rig.wait(IDLE_S + 5)
    assert not poll.line.disconnecting


def test_session_keys_are_in_no_log_line(rig):
    with capturedLogs() as lines:
        key = rig.key()
        for method in ("GET", "POST", "HEAD", "OPTIONS", "TRACE"):
            for path in ("", "/longpoll", "/websocket", "/nonsense"):
                rig.ask(method, f"/tcp/{key}{path}", b"nonsense" if method == "POST" else b"")
        rig.wait(100)
    assert lines
    assert key not in repr([{name: str(value) for name, value in line.items()} for line in lines])
