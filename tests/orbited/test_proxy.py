"""What the transports' contract does not see: the backend's side."""

import pytest
from twisted.logger import capturedLogs

from orbited.packets import Packet, decode, encode_all
from tests.orbited.rig import Rig, WebSocketPage


@pytest.fixture
def rig():
    return Rig()


@pytest.fixture
def page(rig):
    page = WebSocketPage(rig, rig.key()).open()
    page.send(b"localhost:61613\n")
    return page


@pytest.mark.parametrize("target", [b"localhost:61613", b"localhost:1"])
def test_handshake_with_data_in_the_same_post_is_refused(rig, target):
    key = rig.key()
    post = encode_all([Packet(1, "data", target), Packet(2, "data", b"impatient")])
    assert rig.ask("POST", f"/tcp/{key}", post).status == 200
    assert rig.backends == []
    answer = rig.ask("GET", f"/tcp/{key}/longpoll")
    assert [packet.payload for packet in decode(answer.body)] == [b"0102", b"loseConnection"]


def test_attempt_is_cancelled_when_the_page_leaves(rig, page):
    page.close()
    assert rig.backend.connecting.called
    rig.wait(1)
    assert len(rig.sessions) == 0


def test_bytes_of_a_backend_that_is_being_left_go_nowhere(rig, page):
    rig.backend.accept()
    page.close()
    rig.backend.send(b"too late")
    page.read()
    assert page.inbox == [b"1"]


def test_backend_that_takes_nothing_is_cut_at_once(rig, page):
    rig.backend.accept()
    rig.backend.line.protocol.pauseProducing()
    page.line.hang_up()
    rig.wait(61)
    assert rig.backend.line.aborted


def test_backend_with_words_still_to_take_is_left_in_peace(rig, page):
    rig.backend.accept()
    page.send(b"last words")
    page.close()
    assert rig.backend.received == b"last words"
    assert not rig.backend.line.aborted


def test_page_returning_to_a_busy_backend_is_not_read(rig, page):
    rig.backend.accept()
    page.read()
    rig.backend.line.protocol.pauseProducing()
    page.lose()
    page.open()
    assert page.line.producerState == "paused"


def test_log_names_sessions_by_number_and_quotes_what_pages_say(rig):
    with capturedLogs() as lines:
        page = WebSocketPage(rig, rig.key()).open()
        page.send(b"evil\x1b[31m:22\n")
    said = [line["log_format"].format(**line) for line in lines if "session" in line["log_format"]]
    assert said[0] == r"session 1: 'evil\x1b[31m':22 is not in [access]"
