import pytest

from tests.orbited.rig import Rig
from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import EventSourcePage


class TestEventSource(TransportContract):
    page_class = EventSourcePage


@pytest.fixture
def rig():
    return Rig()


@pytest.fixture
def page(rig):
    return rig.connected(EventSourcePage, owned=True)


def events(exchange):
    """The events of a response that has begun."""
    return b"".join(exchange.body.split(b"\r\n")[1::2]).decode()


def test_response_is_a_stream_of_events(rig):
    answer = rig.page(EventSourcePage).get(0)
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["x-accel-buffering"] == "no"
    assert events(answer) == (
        "retry: 1000\n\n"
        'event: control\ndata: ["ack",0]\n\n'
        'event: control\ndata: ["opt","pingTimeout,30"]\n\n'
        'event: control\ndata: ["opt","pingInterval,40"]\n\n'
        'event: control\ndata: ["open"]\n\n'
    )


def test_packets_are_events_with_ids(rig, page):
    rig.backend.send(b"hello")
    rig.backend.hang_up()
    number = rig.sessions.find(page.key).number
    _, hello, close, _ = events(page.get(1)).rsplit("\n\n", 3)
    assert hello == f"id: {number}-2\ndata: aGVsbG8="
    assert close == f'id: {number}-3\nevent: control\ndata: ["close","loseConnection"]'


def test_browser_that_returns_by_itself_repeats_the_address_and_the_last_id(rig, page):
    rig.backend.send(b"seen")
    page.read()
    page.lose()
    rig.backend.send(b"missed")
    answer = page.get(0, last_event_id=page.last_id)
    assert events(answer).endswith("-3\ndata: bWlzc2Vk\n\n")
    assert "c2Vlbg==" not in events(answer)


def test_heartbeat_is_a_comment_after_5_s_of_silence(rig, page):
    rig.wait(1)  # then it has heard that its handshake has come
    rig.wait(5)
    assert page.line.value().endswith(b"\r\n:\n\n\r\n")


@pytest.mark.parametrize(
    "last_id", ["", "x", "1", "-1", "1-", "1-x", "1-2-3", "1 - 2", "é-1", "1-" + "0" * 63, "9" * 70]
)
def test_a29_id_that_was_never_ours_is_400(rig, page, last_id):
    answer = page.get(1, last_event_id=last_id)
    assert (answer.status, answer.body) == (400, b"bad-ack: Last-Event-ID is none of ours\n")


def test_a29_two_ids_are_400(rig, page):
    assert page.get(1, last_event_id="1-1\r\nlast-event-id: 1-1").status == 400


def test_a29_id_of_another_session_resets_the_page(rig, page):
    answer = page.get(1, last_event_id="4711-1")
    assert (answer.status, answer.body) == (200, b"event: reset\ndata: session-unknown\n\n")
    rig.backend.send(b"still there")
    page.read()
    assert page.inbox[-1] == b"still there"


def test_a22_id_of_what_was_never_sent_is_400(rig, page):
    number = rig.sessions.find(page.key).number
    assert page.get(1, last_event_id=f"{number}-99").status == 400


def test_stream_of_events_brings_any_amount(rig, page):
    first = page.line
    for _ in range(40):
        rig.backend.send(bytes(64 * 1024))
        page.read()
        page.acknowledge()
    assert page.line is first
    assert len(page.text) == 1 + 40 * 64 * 1024


def test_a21_older_of_two_streams_is_told_that_it_was_replaced(rig, page):
    page.get(1)
    assert page.line.value().endswith(b'event: control\ndata: ["replaced"]\n\n\r\n0\r\n\r\n')
