import pytest

from tests.orbited.rig import Rig
from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import SSEPage


class TestSSE(TransportContract):
    page_class = SSEPage
    owned = False


@pytest.fixture
def rig():
    return Rig()


def body(exchange):
    return b"".join(exchange.body.split(b"\r\n")[1::2]).decode()


def test_stream_begins_as_that_of_0_7(rig):
    answer = rig.page(SSEPage, owned=False).get(0)
    assert answer.headers["content-type"] == "application/x-dom-event-stream"
    assert body(answer) == (
        'Event: payload\ndata: [["1", "opt", "pingTimeout,30"], ["2", "opt", "pingInterval,40"], ["2", "open"]]\n\n'
    )


def test_heartbeat_is_an_event_after_30_s(rig):
    page = rig.connected(SSEPage)
    page.line.clear()
    rig.wait(30)
    assert page.line.value().endswith(b"Event: heartbeat\n\n\r\n")


def test_stream_brings_any_amount(rig):
    page = rig.connected(SSEPage)
    first = page.line
    for _ in range(30):
        rig.backend.send(bytes(60_000))
        page.read()
    assert page.line is first
    assert len(page.text) == 1 + 30 * 60_000
