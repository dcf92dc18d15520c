import jwt
import pytest
from wsproto.events import CloseConnection, Ping, TextMessage

from orbited.session import Settings
from orbited.slips import Slips
from orbited.transports import LOST_GRACE_S
from tests.orbited.rig import BINARY, PONG, Rig, WebSocketPage, frame
from tests.orbited.transports.contract import TransportContract


class TestWebSocket(TransportContract):
    page_class = WebSocketPage
    warned = True


@pytest.fixture
def rig():
    return Rig()


@pytest.fixture
def page(rig):
    return rig.connected(WebSocketPage)


def test_acknowledgement_comes_first_then_options_and_open(rig):
    page = WebSocketPage(rig, rig.key()).open()
    assert page.controls == [["ack", 0], ["opt", "pingTimeout,30"], ["opt", "pingInterval,40"], ["open"]]


def test_returning_page_learns_what_has_arrived_of_it(rig, page):
    page.send(b"x")
    page.lose()
    page.open()
    assert page.controls[0] == ["ack", 2]


def test_message_of_a_replaced_websocket_is_not_taken(rig, page):
    replaced = page.line.protocol
    page.open()
    replaced.dataReceived(frame(BINARY, b"stale"))
    assert rig.backend.received == b""
    page.send(b"fresh")
    assert rig.backend.received == b"fresh"


def test_packets_are_acknowledged_once_a_second(rig, page):
    for _ in range(5):
        page.send(b"x")
    assert page.controls[-1] == ["open"]
    rig.wait(1)
    page.read()
    assert page.controls[-1] == ["ack", 6]
    rig.wait(5)
    page.read()
    assert page.controls.count(["ack", 6]) == 1


def test_each_packet_is_a_message_of_its_own(rig, page):
    rig.backend.send(b"a")
    rig.backend.send(b"b")
    page.read()
    assert page.inbox == [b"1", b"a", b"b"]


def test_broadcast_is_framed_once_for_everybody(rig, monkeypatch):
    pages = [rig.connected(WebSocketPage) for _ in range(3)]
    framed = []
    monkeypatch.setattr("orbited.frames.binary_frame", lambda data: framed.append(data) or b"\x82\x01x")
    message = b"x"
    for backend in rig.backends:
        backend.send(message)
    for page in pages:
        page.read()
    assert [page.inbox[-1] for page in pages] == [b"x"] * 3
    assert len(framed) == 1


def test_closed_session_closes_the_websocket_with_its_code(rig, page):
    rig.backend.hang_up()
    page.read()
    assert (page.code, page.closed_with) == (1000, "loseConnection")
    assert len(rig.sessions) == 0  # the page's own close frame said that it had everything


def test_b19_page_that_answers_no_ping_is_closed_with_4012_and_may_still_return(rig, page):
    rig.wait(40 + 30)
    rig.backend.send(b"missed")
    page.take = page.controls.append
    page.read()
    assert page.controls[-1] == CloseConnection(4012, "")
    del page.take
    page.open()
    assert (page.text, page.closed_with) == (b"1missed", None)


def test_page_that_never_returns_is_forgotten(rig, page):
    page.take = lambda event: None
    rig.wait(40 + 30 + LOST_GRACE_S + 1)
    assert len(rig.sessions) == 0


def test_b21_flood_is_warned_and_then_closed_with_4013():
    rig = Rig(settings=Settings(messages_per_s=20, message_burst=50))
    page = rig.connected(WebSocketPage)
    for _ in range(49):
        page.send(b"x")
    assert ["slow"] not in page.controls
    for _ in range(51):
        page.send(b"x")
    assert page.controls.count(["slow"]) == 1
    assert (page.code, page.closed_with) == (4013, "too many messages: come back")


def test_flood_of_control_messages_is_closed_with_4013(rig, page):
    for _ in range(101):
        if page.code is None:
            page.say("ack", 1)
    assert page.code == 4013


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{}",
        "[]",
        '["open"]',
        '["ack"]',
        '["ack", -1]',
        '["ack", "1"]',
        '["ack", 99]',
        '["ack", true]',
        "[" * 60_000,
    ],
)
def test_b20_text_that_is_no_control_message_ends_the_session(rig, page, text):
    page.feed(page.connection.send(TextMessage(text)))
    page.read()
    assert (page.code, page.closed_with) == (4500, "bad input")


def test_slow_page_keeps_its_packets_in_the_session(rig, page):
    websocket = page.line.protocol
    websocket.pauseProducing()
    rig.backend.send(b"later")
    page.read()
    assert page.inbox == [b"1"]
    websocket.resumeProducing()
    page.read()
    assert page.inbox == [b"1", b"later"]


def test_busy_backend_stops_the_page_from_being_read(rig, page):
    rig.backend.line.protocol.pauseProducing()
    assert page.line.producerState == "paused"
    rig.backend.line.protocol.resumeProducing()
    assert page.line.producerState == "producing"


def test_page_that_does_not_answer_the_close_is_cut(rig, page):
    page.take = lambda event: None
    rig.backend.hang_up()
    page.read()
    assert not page.line.lost
    rig.wait(5)
    assert page.line.lost


class AnsweringPage(WebSocketPage):
    """A page in a browser that answers pings, ``line_s`` later."""

    line_s = 0.4

    def take(self, event):
        if isinstance(event, Ping):
            self.rig.clock.callLater(self.line_s, self.feed, frame(PONG, bytes(event.payload)))
        super().take(event)

    def live(self, seconds):
        for _ in range(int(seconds * 10)):
            self.rig.clock.advance(0.1)
            self.read()

    @property
    def slips(self):
        return [
            jwt.decode(words[1], options={"verify_signature": False}) for words in self.controls if words[0] == "line"
        ]


@pytest.fixture
def measuring():
    return Rig(slips=Slips("k" * 32))


def test_a_page_is_told_how_long_its_line_takes_within_seconds(measuring):
    page = measuring.connected(AnsweringPage)
    page.live(2)
    [slip] = page.slips
    assert abs(slip["ms"] - 400) <= 1
    assert slip["sid"] == measuring.sessions.find(page.key).number


def test_operators_see_how_long_lines_take(measuring):
    measuring.connected(AnsweringPage).live(2)
    figure = measuring.metrics.registry.get_sample_value
    assert figure("orbited_round_trip_seconds_bucket", {"le": "0.2"}) == 0
    assert figure("orbited_round_trip_seconds_bucket", {"le": "0.8"}) == figure("orbited_round_trip_seconds_count") > 0


def test_it_is_told_again_when_the_line_changes_and_every_minute(measuring):
    page = measuring.connected(AnsweringPage)
    page.live(55)
    assert len(page.slips) == 1
    page.live(20)
    assert len(page.slips) == 2
    page.line_s = 0.1
    page.live(80)
    assert abs(page.slips[-1]["ms"] - 100) <= 1


def test_a_page_that_returns_is_measured_anew(measuring):
    page = measuring.connected(AnsweringPage)
    page.live(2)
    page.lose()
    page.line_s = 0.1
    page.open()
    page.live(2)
    assert abs(page.slips[-1]["ms"] - 100) <= 1


def test_a_pong_that_nobody_asked_for_says_nothing_of_the_line(measuring):
    page = measuring.connected(WebSocketPage)
    for payload in (b"", b"1", b"x", b"9" * 125):
        page.feed(frame(PONG, payload))
    page.read()
    assert [words[0] for words in page.controls] == ["ack", "opt", "opt", "open"]


def test_a_pong_is_no_sign_of_life_of_the_page(measuring):
    page = measuring.connected(AnsweringPage)
    page.live(41)
    assert page.pings == 1


def test_a_line_that_is_over_is_measured_no_more(measuring):
    page = measuring.connected(AnsweringPage)
    page.live(2)
    page.lose()
    measuring.wait(120)
    assert len(measuring.sessions) == 0


def test_without_a_key_nobody_is_asked(rig):
    page = rig.connected(AnsweringPage)
    page.live(20)
    assert page.slips == []
    assert page.line.value().count(b"\x89") == 0
