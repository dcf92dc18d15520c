import pytest

from orbited.packets import Packet
from orbited.transports.streaming import MAX_STREAM_BYTES
from tests.orbited.rig import Rig, WebSocketPage
from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import StreamPage


class TestStream(TransportContract):
    page_class = StreamPage


@pytest.fixture
def rig():
    return Rig()


@pytest.fixture
def page(rig):
    return rig.connected(StreamPage, owned=True)


def test_response_is_not_to_be_kept_or_buffered_on_its_way(rig):
    answer = rig.page(StreamPage).get(0)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-accel-buffering"] == "no"
    assert {"no-store", "no-transform"} <= set(answer.headers["cache-control"].split(", "))


def test_bytes_are_those_that_a_websocket_brings(rig):
    pages = [rig.connected(page_class, owned=True) for page_class in (StreamPage, WebSocketPage)]
    for page in pages:
        page.lose()
    for backend in rig.backends:
        backend.send(b"hello")
    stream, websocket = [page.get(1, **page.headers) for page in pages]
    chunks = stream.body.split(b"\r\n")
    assert b"".join(chunks[1::2]) == websocket.body


def test_page_is_greeted_with_what_has_come_of_it(rig, page):
    page.send(b"x")
    page.lose()
    page.open()
    assert page.controls == [["ack", 2], ["opt", "pingTimeout,30"], ["opt", "pingInterval,40"], ["open"]]


def test_page_hears_within_a_second_on_its_stream_what_it_has_posted(rig, page):
    page.send(b"x")
    rig.wait(1)
    page.read()
    assert page.controls[-1] == ["ack", 2]


def test_heart_beats_after_5_s_of_silence(rig, page):
    rig.wait(4)
    rig.backend.send(b"x")
    rig.wait(4)
    page.read()
    assert ["beat"] not in page.controls
    rig.wait(1)
    page.read()
    assert page.controls.count(["beat"]) == 1
    rig.wait(10)
    page.read()
    assert page.controls.count(["beat"]) == 3


def test_response_ends_well_after_a_megabyte_and_the_next_goes_on(rig, page):
    first = page.line
    sent = 0
    while page.line is first:
        rig.backend.send(bytes(100_000))
        sent += 100_000
        page.acknowledge()
        page.read()
    assert MAX_STREAM_BYTES < sent < MAX_STREAM_BYTES + 200_000
    rig.backend.send(b"next")
    page.read()
    assert len(page.text) == 1 + sent + 4


def test_a21_older_of_two_streams_is_told_that_it_was_replaced(rig, page):
    other = page.change_to(StreamPage)
    page.feed(page.unchunked()[0] if page.chunks else b"")
    page.chunks += page.line.value()
    fresh, ended = page.unchunked()
    page.feed(fresh)
    assert (page.controls[-1], ended) == (["replaced"], True)
    rig.backend.send(b"x")
    other.read()
    assert other.inbox[-1] == b"x"


def test_page_that_does_not_read_keeps_its_packets_in_the_session(rig, page):
    page.line.producer.pauseProducing()
    page.line.clear()
    rig.backend.send(b"later")
    rig.wait(10)
    assert page.line.value() == b""
    page.line.producer.resumeProducing()
    page.read()
    assert page.inbox == [b"1", b"later"]


def test_page_that_does_not_read_slows_its_backend(rig, page):
    page.line.producer.pauseProducing()
    while rig.backend.line.producerState == "producing":
        rig.backend.send(bytes(64 * 1024))
    page.line.producer.resumeProducing()
    page.read()
    page.acknowledge()
    assert rig.backend.line.producerState == "producing"


def test_response_ends_behind_the_close(rig, page):
    rig.backend.hang_up()
    page.chunks += page.line.value()
    fresh, ended = page.unchunked()
    page.feed(fresh)
    assert (page.closed_with, ended) == ("loseConnection", True)
    assert page.post([]).status == 200
    assert len(rig.sessions) == 0


def test_page_that_does_not_answer_a_ping_loses_its_response_and_may_return(rig, page):
    page.pings = None  # cannot be counted up: an answer would fail
    first = page.line
    rig.wait(40 + 30)
    assert b"\r\n0\r\n\r\n" in first.value()
    page.pings = 0
    rig.backend.send(b"missed")
    page.open()
    assert page.text == b"1missed"


def test_too_many_packets_are_refused_and_may_come_again(rig, page):
    session = rig.sessions.find(page.key).session
    session._bucket._level = 0
    page.outbox.append(b"x")
    answer = page.post([Packet(2, "data", b"x")])
    assert (answer.status, answer.body) == (429, b"too-many: packets; the same again, a little later\n")
    rig.wait(1)
    assert page.post([Packet(2, "data", b"x")]).status == 200


def test_lost_response_leaves_no_timer_behind(rig):
    page = rig.page(StreamPage).open()
    before = len(rig.clock.getDelayedCalls())
    page.lose()
    assert len(rig.clock.getDelayedCalls()) < before


def test_page_is_asked_again_as_long_as_much_is_held(rig, page):
    for _ in range(9):
        rig.backend.send(bytes(60_000))
    rig.backend.send(bytes(400_000))  # was on its way when the backend was paused
    page.read()
    assert rig.backend.line.producerState == "paused"
    page.read()
    assert rig.backend.line.producerState == "producing"
    assert page.pings == 2
