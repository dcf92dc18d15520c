import pytest

from orbited.packets import Packet, decode
from orbited.transports.streaming import MAX_STREAM_BYTES
from tests.orbited.rig import Exchange, Rig
from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import XHRStreamPage


class TestXHRStream(TransportContract):
    page_class = XHRStreamPage
    owned = False


@pytest.fixture
def rig():
    return Rig()


@pytest.fixture
def page(rig):
    return rig.connected(XHRStreamPage)


def body(exchange):
    return b"".join(exchange.body.split(b"\r\n")[1::2])


def test_first_answer_is_the_one_of_0_7(rig):
    answer = rig.page(XHRStreamPage, owned=False).get(0)
    assert answer.headers["content-type"] == "application/x-orbited-event-stream"
    assert answer.headers["x-accel-buffering"] == "no"
    assert body(answer) == b" " * 256 + b"11,113,opt014,pingTimeout,3011,213,opt015,pingInterval,4011,204,open"


def test_open_is_repeated_until_the_first_packet_comes(rig):
    page = rig.page(XHRStreamPage, owned=False)
    assert decode(body(page.get(2)).lstrip()) == [Packet(2, "open")]
    page.send(b"localhost:61613\n") if page.open() else None
    assert body(page.get(2)).strip() == b""


def test_heartbeat_comes_only_after_5_s_of_real_silence(rig, page):
    page.line.clear()
    rig.wait(4)
    rig.backend.send(b"a")
    rig.wait(4)
    assert b"x" not in page.line.value()
    rig.wait(1)
    assert page.line.value().endswith(b"\r\nx\r\n")


def test_ping_bears_the_number_of_the_last_packet_and_its_answer_is_a_sign_of_life(rig, page):
    rig.backend.send(b"a")
    for _ in range(100):
        rig.wait(1)
        page.read()
    assert page.pings == 2
    assert page.outbox.count(None) == 2
    assert (page.text, page.closed_with) == (b"1a", None)


def test_response_ends_between_packets_after_more_than_a_megabyte(rig, page):
    first, brought = page.line, 0
    while not brought:
        rig.backend.send(bytes(60_000))
        raw = page.line.value()
        page.read()
        page.acknowledge()
        if page.line is not first:
            brought = len(page.text) * 4 // 3
            assert raw.endswith(b"0\r\n\r\n")
    assert MAX_STREAM_BYTES < brought < MAX_STREAM_BYTES + 200_000


def test_response_brings_no_more_packets_than_a_page_of_2010_survives(rig, page):
    session = rig.sessions.find(page.key).session
    page.lose()
    for _ in range(1500):
        session.send(b"x", 0)
    session.take(10_000, False)  # as a WebSocket takes them, one packet each
    page.open()
    assert len(page.inbox) == 1501


def test_page_acknowledges_in_answer_to_a_ping_when_much_is_held(rig, page):
    for _ in range(9):
        rig.backend.send(bytes(60_000))
    assert rig.backend.line.producerState == "paused"
    page.read()
    assert rig.backend.line.producerState == "producing"
    assert page.pings == 1


def test_page_that_returns_is_asked_when_much_is_held(rig, page):
    for _ in range(9):
        rig.backend.send(bytes(60_000))
    page.lose()
    page.open()
    page.read()
    assert rig.backend.line.producerState == "producing"


def test_second_stream_ends_the_first_one_well(rig, page):
    first = page.line
    page.get(3)
    assert first.value().endswith(b"0\r\n\r\n")
    assert b"replaced" not in first.value()


def test_lost_page_has_a_grace(rig, page):
    page.lose()
    rig.wait(59)
    assert len(rig.sessions) == 1
    rig.wait(2)
    assert len(rig.sessions) == 0


def test_client_of_http_1_0_gets_the_same_without_chunks(rig):
    page = rig.page(XHRStreamPage, owned=False)
    exchange = Exchange(rig.site, f"GET /tcp/{page.key}/xhrstream HTTP/1.0\r\nhost: relay.example\r\n\r\n".encode())
    assert exchange.body == b" " * 256 + b"11,113,opt014,pingTimeout,3011,213,opt015,pingInterval,4011,204,open"
    page.open()
    assert exchange.line.lost  # the end of the connection is the end of the answer
