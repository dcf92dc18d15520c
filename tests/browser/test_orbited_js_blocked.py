"""Orbited.js behind proxies that let something not through: it finds out what does get through, soon, and remembers."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.line import Buffering, Upgrades
from tests.browser.relay import LASTING, Relay, carried_by, hears, load, opened, page_of, remember, send, wait_for

# The time in which it has to be found out, in ms, and as much again for a machine that has other things to do.
DETECTED_MS = 2 * 5000


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with Relay(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture
def page(relay: Relay, browser: Browser) -> Iterator[Page]:
    relay.line.mend()
    with page_of(browser, relay) as page:
        yield page


@pytest.mark.parametrize("upgrades", [Upgrades.SWALLOWED, Upgrades.CUT, Upgrades.ANSWERED])
def test_proxy_that_drops_upgrades_is_found_out(page: Page, relay: Relay, upgrades: Upgrades) -> None:
    relay.line.upgrades = upgrades
    opened(page, relay.echo)
    assert page.evaluate("socket.transport") == "stream"
    detected(page)


@pytest.mark.parametrize("upgrades", [Upgrades.SWALLOWED, Upgrades.ANSWERED])
def test_proxy_that_buffers_whole_answers_too_is_found_out(page: Page, relay: Relay, upgrades: Upgrades) -> None:
    relay.line.upgrades = upgrades
    relay.line.buffering = Buffering.WHOLE
    opened(page, relay.echo)
    assert page.evaluate("socket.transport") == "longpoll"
    detected(page)


def test_proxy_that_buffers_whole_answers_is_found_out(page: Page, relay: Relay) -> None:
    page.evaluate("delete window.WebSocket")
    relay.line.buffering = Buffering.WHOLE
    opened(page, relay.echo)
    assert page.evaluate("socket.transport") == "longpoll"
    detected(page)


def test_proxy_that_begins_to_buffer_after_the_head_is_found_out(page: Page, relay: Relay) -> None:
    """The stream opens, but nothing that belongs to it comes any more: neither data nor the relay's beats."""
    page.evaluate("delete window.WebSocket")
    opened(page, relay.echo)
    relay.line.buffering = Buffering.LATER
    relay.line.cut()  # from now on
    wait_for(page, "seen.line.includes('back')")
    page.wait_for_timeout(700)
    page.evaluate("() => { window.since = performance.now(); socket.send('through'); }")
    wait_for(page, "seen.text === 'through'")
    page.evaluate("seen.took = performance.now() - since")
    assert page.evaluate("socket.transport") not in ("websocket", "stream")
    detected(page)


def detected(page: Page) -> None:
    assert page.evaluate("seen.took") < DETECTED_MS
    send(page, "through")
    wait_for(page, "seen.text.endsWith('through')")
    assert page.evaluate("seen.code") is None


def test_silent_stream_is_found_out_without_a_word_of_the_page(page: Page, relay: Relay) -> None:
    """Its beats do not come."""
    page.evaluate("delete window.WebSocket")
    opened(page, relay.echo)
    relay.line.buffering = Buffering.WHOLE
    relay.line.stall()
    wait_for(page, "socket.transport !== 'stream'")
    send(page, "through")
    hears(page, "through")


def test_what_gets_through_is_remembered_over_a_reload(page: Page, relay: Relay) -> None:
    relay.line.upgrades = Upgrades.SWALLOWED
    relay.line.buffering = Buffering.WHOLE
    opened(page, relay.echo)
    page.reload()
    load(page, relay)
    asked: list[str] = []
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    opened(page, relay.echo)
    assert asked == []


def test_memory_is_no_condition(page: Page, relay: Relay) -> None:
    """A page in a frame without an origin of its own has no storage."""
    page.evaluate(
        """Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("denied"); } })"""
    )
    relay.line.upgrades = Upgrades.SWALLOWED
    opened(page, relay.echo)
    asked: list[str] = []
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    opened(page, relay.echo)
    assert asked == []


def test_better_transport_is_tried_again_after_a_while(page: Page, relay: Relay) -> None:
    relay.line.upgrades = Upgrades.CUT
    opened(page, relay.echo)
    assert page.evaluate("socket.transport") == "stream"
    relay.line.mend()
    send(page, "before ")
    remember(page, {"websocket": time.time() + 1})
    carried_by(page, "websocket")
    send(page, "after")
    hears(page, "before after")
    assert page.evaluate("seen.line") == []


@pytest.mark.parametrize("transport", LASTING[1:])
def test_failing_trial_of_a_better_transport_disturbs_nobody(page: Page, relay: Relay, transport: str) -> None:
    relay.line.upgrades = Upgrades.SWALLOWED
    blocked = dict.fromkeys(LASTING[: LASTING.index(transport)], time.time() + 90)
    remember(page, blocked)
    opened(page, relay.echo)
    remember(page, blocked | {"websocket": time.time()})
    for number in range(40):
        send(page, f"{number} ")
        page.wait_for_timeout(150)
    hears(page, "".join(f"{number} " for number in range(40)))
    assert page.evaluate("JSON.parse(sessionStorage.getItem('orbited.blocked')).websocket > Date.now()")
    assert page.evaluate("[socket.transport, seen.line]") == [transport, []]


def test_transport_that_breaks_again_and_again_is_given_up(page: Page, relay: Relay) -> None:
    opened(page, relay.echo)
    for _ in range(3):
        carried_by(page, "websocket")
        relay.line.cut()
        wait_for(page, "seen.line.at(-1) === 'lost'")
        wait_for(page, "seen.line.at(-1) === 'back'")
    carried_by(page, "stream")


@pytest.mark.parametrize("transport", LASTING)
def test_network_that_fails_is_no_fault_of_the_transport(page: Page, relay: Relay, transport: str) -> None:
    opened(page, relay.echo, transport=transport)
    page.evaluate("Orbited.settings.transport = null")
    relay.line.refusing = True
    relay.line.cut()
    page.wait_for_timeout(4000)
    relay.line.mend()
    wait_for(page, "seen.line.at(-1) === 'back'")
    send(page, "x")
    hears(page, "x")
    assert page.evaluate("sessionStorage.getItem('orbited.blocked')") is None
