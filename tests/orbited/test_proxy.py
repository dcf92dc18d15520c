"""What the transports' contract does not see: the backend's side."""

import gc

import pytest
from twisted.internet.protocol import ServerFactory
from twisted.logger import capturedLogs, formatEvent
from twisted.protocols.wire import Echo

from orbited.backend import FAREWELL_S
from orbited.connectors import in_memory
from orbited.inprocess import Network
from orbited.logs import ACCESS, level_of
from orbited.packets import Packet, decode, encode_all
from orbited.session import Session
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


def test_targets_that_pages_make_up_without_end_do_not_fill_the_log(rig):
    with capturedLogs() as lines:
        for second in range(3):
            for number in range(20):
                WebSocketPage(rig, rig.key()).open().send(f"made-up-{second}-{number}:22\n".encode())
            rig.wait(1)
    told = [formatEvent(line) for line in lines if "is not in [access]" in formatEvent(line)]
    assert [line.split("'")[1] for line in told] == ["made-up-0-0", "made-up-1-0", "made-up-2-0"]


def test_pages_that_come_again_and_again_for_a_lost_target_do_not_fill_the_log(rig):
    with capturedLogs() as lines:
        for _ in range(20):
            WebSocketPage(rig, rig.key()).open().send(b"localhost:61613\n")
            rig.backend.refuse()
    assert len([line for line in lines if "no connection" in formatEvent(line)]) == 1


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


def test_backend_that_takes_nothing_is_cut_off_in_time(rig, page):
    rig.backend.accept()
    rig.backend.line.loseConnection = lambda: None  # as with bytes that do not go
    page.send(b"last words")
    rig.backend.line.protocol.pauseProducing()
    page.close()
    rig.wait(FAREWELL_S - 1)
    assert not rig.backend.line.aborted
    rig.wait(1)
    assert rig.backend.line.aborted


def test_backend_with_words_still_to_take_is_left_in_peace(rig, page):
    rig.backend.accept()
    page.send(b"last words")
    rig.backend.line.protocol.pauseProducing()
    page.close()
    assert rig.backend.received == b"last words"
    rig.wait(FAREWELL_S)
    assert not rig.backend.line.aborted


@pytest.mark.parametrize("end", ["hang_up", "send_away"])
def test_page_is_read_again_when_its_busy_backend_is_gone(rig, page, end):
    rig.backend.accept()
    rig.backend.line.protocol.pauseProducing()
    assert page.line.producerState == "paused"
    getattr(rig.backend, end)()
    assert page.line.producerState == "producing"


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


def test_connections_are_logged_as_0_7_did(rig):
    with capturedLogs() as events:
        page = rig.connected(WebSocketPage)
        page.close()
        rig.wait(30)
    lines = [formatEvent(event) for event in events if event["log_namespace"] == ACCESS]
    assert lines == [
        "new connection from 203.0.113.7:50000 to localhost:61613",
        "connection closed from 203.0.113.7:50000 to localhost:61613",
    ]
    assert {level_of(event) for event in events if event["log_namespace"] == ACCESS} == {"access"}


def test_page_that_was_refused_is_no_connection(rig):
    with capturedLogs() as events:
        page = WebSocketPage(rig, rig.key()).open()
        page.send(b"localhost:1\n")
        rig.wait(30)
    assert len(rig.sessions) == 0
    assert [event for event in events if event["log_namespace"] == ACCESS] == []


def test_no_event_has_a_key_or_a_token(rig):
    with capturedLogs() as events:
        key, token = rig.ask("POST", "/tcp").body.decode().split()
        rig.ask("GET", f"/tcp/{key}/longpoll?token={token}")
        for body in (b"nonsense", encode_all([Packet(1, "data", b"localhost:61613\n")])):
            rig.ask("POST", f"/tcp/{key}?token={token}", body)
            rig.ask("POST", f"/tcp/{key}?token={key}", body)
        rig.wait(120)
    assert events
    assert [event for event in events if key in formatEvent(event) or token in formatEvent(event)] == []


class EchoRig(Rig):
    """Its one target is within the process and sends back what comes."""

    def _connect(self, host, port, factory):
        echo = {port: ServerFactory.forProtocol(Echo)}
        return in_memory(Network(self.clock), echo, super()._connect)(host, port, factory)


def sessions_alive():
    return sum(type(each) is Session for each in gc.get_objects())


def test_session_is_freed_without_the_collector():
    rig = EchoRig()
    gc.collect()
    gc.disable()
    try:
        before = sessions_alive()
        post = encode_all([Packet(1, "data", b"localhost:61613\n")])
        key = rig.key()
        assert rig.ask("POST", f"/tcp/{key}", post).status == 200
        rig.wait(1)
        assert sessions_alive() == before + 1
        assert rig.ask("POST", f"/tcp/{key}", encode_all([Packet(2, "close")])).status == 200
        rig.wait(30)
        assert sessions_alive() == before
    finally:
        gc.enable()
