"""The pages of the measurements, against the relay itself."""

import pytest

from bench.yardstick.pages import EchoPage, HeldPage, Page, PollingPage, RefusedError, SocketPage
from tests.orbited.rig import Exchange, Rig

TARGET = "localhost:61613"


@pytest.fixture
def rig() -> Rig:
    return Rig(hosts=("127.0.0.1",))


def talk(rig: Rig, page: Page, rounds: int = 10) -> Exchange:
    """A conversation until both are silent; the backend takes every connection."""
    line = Exchange(rig.site, page.begin())
    for _ in range(rounds):
        if rig.backends and rig.backend.line is None:
            rig.backend.accept()
        said = line.line.value()
        line.line.clear()
        if reply := page.receive(said) if said else b"":
            line.feed(reply)
    return line


def test_a_socket_page_is_ready_when_its_backend_is_open(rig: Rig) -> None:
    page = SocketPage("127.0.0.1:80", TARGET)
    talk(rig, page)
    assert page.ready
    assert (rig.backend.host, rig.backend.port) == ("localhost", 61613)


def test_an_acknowledgement_right_behind_hides_nothing(rig: Rig) -> None:
    page = SocketPage("127.0.0.1:80", TARGET)
    line = talk(rig, page, rounds=1)
    rig.backend.accept()
    rig.clock.advance(1)
    page.receive(line.line.value())
    assert page.ready


def test_a_ready_socket_page_answers_pings_and_is_silent_otherwise(rig: Rig) -> None:
    page = SocketPage("127.0.0.1:80", TARGET)
    line = talk(rig, page)
    rig.clock.pump([1] * 40)
    assert page.receive(line.line.value())
    assert page.receive(b"\x82\x01x") == b""


def test_a_polling_page_is_ready_while_its_poll_waits(rig: Rig) -> None:
    page = PollingPage("127.0.0.1:80", TARGET)
    line = talk(rig, page)
    assert page.ready
    assert not line.answered
    assert rig.backend.line is not None


def test_the_second_poll_is_the_last_word_of_a_page_without_a_target(rig: Rig) -> None:
    page = PollingPage("127.0.0.1:80", None)
    talk(rig, page)
    assert page.ready
    assert page.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") == b""
    assert not rig.backends


@pytest.mark.parametrize("page", [SocketPage("127.0.0.1:80", TARGET), PollingPage("127.0.0.1:80", TARGET)])
def test_a_refusal_is_an_error_that_says_what_came(page: Page) -> None:
    with pytest.raises(RefusedError, match="503"):
        page.receive(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")


def test_who_talks_to_a_bare_echo_is_ready_when_it_answers() -> None:
    page = EchoPage()
    assert not page.ready
    page.receive(page.begin())
    assert page.ready


def test_a_held_request_is_ready_at_once_and_never_answered() -> None:
    page = HeldPage("127.0.0.1:80")
    page.begin()
    assert page.ready
    with pytest.raises(RefusedError):
        page.receive(b"HTTP/1.1 200 OK\r\n\r\n")
