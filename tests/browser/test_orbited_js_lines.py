"""Orbited.js on lines that fail: it returns, changes its transport, and loses nothing."""

import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route

from tests.browser.conftest import ARGUMENTS, START_MS
from tests.browser.relay import (
    LASTING,
    START_S,
    Relay,
    carried_by,
    connect,
    hears,
    opened,
    page_of,
    pages_at,
    pass_time,
    send,
    wait_for,
)


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with Relay(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture
def page(relay: Relay, browser: Browser) -> Iterator[Page]:
    relay.line.mend()
    with page_of(browser, relay) as page:
        yield page


@pytest.fixture(params=LASTING)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# What was sent comes, once and in order.


def send_while(page: Page, lines: int, rounds: int, fail: Callable[[int], None]) -> str:
    """Send numbered lines, with a fault in the middle of each round; the text that has to come back."""
    for turn in range(rounds):
        for number in range(lines):
            send(page, f"{turn}-{number} ")
            page.wait_for_timeout(50)
            if number == lines // 2:
                fail(turn)
        page.wait_for_timeout(300)
    return "".join(f"{turn}-{number} " for turn in range(rounds) for number in range(lines))


@pytest.mark.parametrize("fault", ["cut", "half_close", "stall"])
def test_failing_line_loses_and_doubles_nothing(page: Page, relay: Relay, transport: str, fault: str) -> None:
    opened(page, relay.echo, transport=transport)
    expected = send_while(page, lines=20, rounds=2, fail=lambda _: getattr(relay.line, fault)())
    hears(page, expected)


def test_cut_line_loses_and_doubles_nothing_on_the_transport_that_is_chosen(page: Page, relay: Relay) -> None:
    opened(page, relay.echo)
    hears(page, send_while(page, lines=20, rounds=6, fail=lambda _: relay.line.cut()))


# The page looks for the line it should have five times as often, and no limit of a second or more is reached.
EAGER_AND_PATIENT = """() => {
    const { setTimeout, setInterval } = window;
    window.setTimeout = (what, time) => setTimeout(what, time < 1000 ? time : 60 * time);
    window.setInterval = (what, time) => setInterval(what, time / 5);
}"""


def test_change_of_transport_in_mid_session_loses_and_doubles_nothing(page: Page, relay: Relay) -> None:
    """From each to each other, while packets are on their way in both directions."""
    page.evaluate(EAGER_AND_PATIENT)
    websocket, stream, eventsource, longpoll = LASTING
    changes = [stream, websocket, eventsource, websocket, longpoll, stream]
    changes += [eventsource, stream, longpoll, eventsource, longpoll, websocket]
    opened(page, relay.echo, transport=websocket)
    page.evaluate("""() => {
        let number = 0;
        window.sent = "";
        window.talk = setInterval(() => { const text = number++ + " "; sent += text; socket.send(text); }, 500);
    }""")
    for name in changes:
        page.evaluate("name => { Orbited.settings.transport = name; }", name)
        carried_by(page, name)
        page.wait_for_timeout(100)
    page.evaluate("clearInterval(talk)")
    hears(page, page.evaluate("sent"))
    assert page.evaluate("seen.line") == []


@pytest.mark.parametrize("transport", ["stream", "eventsource"])
def test_what_comes_while_a_line_is_asked_for_is_not_lost(page: Page, relay: Relay, transport: str) -> None:
    """The request for the line comes after a POST that was sent later, on another connection."""
    held: list[Route] = []
    page.route(f"**/{transport}?*", lambda route: held.append(route))  # noqa: PLW0108  Playwright asks for a function of Python.
    opened(page, relay.echo, transport="longpoll")
    page.evaluate(EAGER_AND_PATIENT)
    page.evaluate("name => { Orbited.settings.transport = name; }", transport)
    while not held:
        page.wait_for_timeout(20)
    send(page, "one ")
    hears(page, "one ")
    with page.expect_response(lambda response: response.request.method == "POST"):
        send(page, "two ")
    held[0].continue_()
    hears(page, "one two ")
    send(page, "three")
    hears(page, "one two three")


def test_old_request_that_comes_after_the_new_lines_own_is_no_loss(page: Page, relay: Relay, transport: str) -> None:
    """A poll that was on its way when the page changed its transport takes the new line's place at the relay."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, relay.echo, transport="longpoll")
    late = next(url for url in asked if "/longpoll?" in url)
    page.evaluate("name => { Orbited.settings.transport = name; }", transport)
    carried_by(page, transport)
    with suppress(urllib.error.HTTPError), urllib.request.urlopen(late, timeout=START_S):
        pass
    send(page, "after")
    hears(page, "after")
    assert page.evaluate("[socket.transport, seen.line]") == [transport, []]


def test_change_of_transport_after_a_cut_loses_and_doubles_nothing(page: Page, relay: Relay) -> None:
    opened(page, relay.echo, transport="websocket")
    expected = ""
    for turn, transport in enumerate([*LASTING[1:], *LASTING]):
        send(page, f"before {turn} ")
        relay.line.cut()
        page.evaluate("name => { Orbited.settings.transport = name; }", transport)
        send(page, f"after {turn} ")
        expected += f"before {turn} after {turn} "
        hears(page, expected)
    carried_by(page, LASTING[-1])


# Returning.


def test_page_is_told_when_its_line_is_lost_and_when_it_is_back(page: Page, relay: Relay, transport: str) -> None:
    opened(page, relay.echo, transport=transport)
    relay.line.refusing = True
    relay.line.cut()
    wait_for(page, "seen.line.length === 1")
    relay.line.refusing = False
    wait_for(page, "seen.line.length === 2")
    assert page.evaluate("[seen.line, seen.code]") == [["lost", "back"], None]


def test_dead_line_is_noticed_and_replaced(page: Page, relay: Relay, transport: str) -> None:
    """Nothing is carried any more, and nobody told: a NAT that has forgotten the line."""
    opened(page, relay.echo, transport=transport)
    relay.line.stall()
    send(page, "out of the silence")
    hears(page, "out of the silence")
    send(page, "!")
    hears(page, "out of the silence!")


@pytest.mark.parametrize("transport", ["websocket", "longpoll"])
def test_page_that_speaks_notices_a_dead_line_sooner_than_by_pings(
    browser: Browser, tmp_path: Path, transport: str
) -> None:
    """The relay's pings are half a minute apart."""
    with Relay(tmp_path, settings="") as relay, page_of(browser, relay) as page:
        page.clock.install()
        opened(page, relay.echo, transport=transport)
        relay.line.stall()
        send(page, "is there anybody?")
        pass_time(page, 12)  # what it gives an answer, and until it looks again
        hears(page, "is there anybody?")
        assert page.evaluate("seen.line") == []


def test_hidden_page_whose_timers_run_once_a_minute_goes_on(page: Page, relay: Relay, transport: str) -> None:
    page.evaluate("""() => {
        const timer = window.setTimeout;
        window.setTimeout = (what, time) => timer(what, Math.max(time ?? 0, 60000));
    }""")
    opened(page, relay.echo, transport=transport)
    for number in range(20):
        send(page, f"{number} ")
        page.wait_for_timeout(20)
    hears(page, "".join(f"{number} " for number in range(20)))


def test_black_hole_of_some_seconds_is_survived(page: Page, relay: Relay, transport: str) -> None:
    """All connections, new ones too, are accepted and carry nothing."""
    opened(page, relay.echo, transport=transport)
    relay.line.stall()
    relay.line.blackholed = True
    send(page, "into the dark ")
    page.wait_for_timeout(6000)
    relay.line.blackholed = False
    hears(page, "into the dark ")


def test_page_that_goes_offline_returns_when_it_is_online(page: Page, relay: Relay, transport: str) -> None:
    opened(page, relay.echo, transport=transport)
    page.context.set_offline(True)
    wait_for(page, "seen.line.at(-1) === 'lost'")
    send(page, "said offline ")
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    hears(page, "said offline ")
    assert page.evaluate("seen.line") == ["lost", "back"]


def test_page_that_is_shown_again_replaces_a_silent_line_at_once(browser: Browser, tmp_path: Path) -> None:
    """A phone that was locked: its line may be dead without a word. The page waits by itself, for its own patience with
    a silent line ends soon after; the relay asks for no pings meanwhile."""
    calm = "[global]\nsession.ping_interval = 60\nsession.ping_timeout = 60\n"
    with Relay(tmp_path, calm) as relay, page_of(browser, relay) as page:
        page.evaluate("""() => {
            window.made = 0;
            const construct = (target, given) => (made++, new target(...given));
            window.EventSource = new Proxy(EventSource, { construct });
        }""")
        opened(page, relay.echo, transport="eventsource")
        relay.line.stall()
        made = page.evaluate("""async () => {
            await new Promise((resolve) => setTimeout(resolve, 5300));
            document.dispatchEvent(new Event("visibilitychange"));
            return made;
        }""")
        assert made >= 2  # perhaps a measurement of the line, which goes another way, has found it dead before
        send(page, "again")
        hears(page, "again")


def test_session_that_is_gone_closes_with_201(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Relay(tmp_path_factory.mktemp("killed")) as relay, page_of(browser, relay) as page:
        for transport in (*LASTING, None):
            opened(page, relay.echo, transport=transport)
            relay.stop()
            relay.start()
            wait_for(page, "seen.code !== null")
            assert page.evaluate("[seen.code, socket.readyState]") == [201, 5]


def test_relay_out_of_reach_closes_with_102(page: Page, relay: Relay, transport: str) -> None:
    relay.line.refusing = True
    relay.line.cut()
    connect(page, relay.echo, transport=transport)
    wait_for(page, "seen.code !== null")
    assert page.evaluate("seen.code") == 102


def test_relay_that_drains_says_when_to_come_back(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    for transport in LASTING:
        with Relay(tmp_path_factory.mktemp("drained")) as relay, page_of(browser, relay) as page:
            opened(page, relay.echo, transport=transport)
            relay.process.send_signal(signal.SIGTERM)
            wait_for(page, "seen.code !== null")
            code, reason, retry = page.evaluate("[seen.code, socket.reason, socket.retryAfterMs]")
            assert (code, reason) == (201, "going down: come back")
            if transport != "longpoll":  # Orbited 0.7's wire has no room for it
                assert 0 <= retry <= 10_000
            relay.process.wait(10)  # all pages have confirmed that they know; else it would wait for 15 s


# Leaving.

# Seconds, on a busy machine. The relay keeps the session of a page that is only lost for 60.
AT_ONCE_S = 20


def backend_ends(page: Page, relay: Relay, transport: str, leave: Callable[[], object]) -> float:
    """How long after ``leave`` the backend learns that the page is gone, in seconds; what the page sent has come."""
    with socket.create_server(("127.0.0.1", relay.sink)) as listener:
        connect(page, relay.sink, transport=transport)
        with listener.accept()[0] as backend, backend.makefile("rb") as arrived:
            wait_for(page, "seen.opened === 1")
            page.evaluate("addEventListener('beforeunload', () => socket.send('farewell'))")
            leave()
            before = time.monotonic()
            backend.settimeout(AT_ONCE_S)
            assert arrived.read() == b"farewell"
            return time.monotonic() - before


@pytest.mark.parametrize("way", ["close", "reload"])
def test_relay_learns_at_once_that_a_page_was_left(page: Page, relay: Relay, transport: str, way: str) -> None:
    leave = (lambda: page.close(run_before_unload=True)) if way == "close" else page.reload
    assert backend_ends(page, relay, transport, leave) < AT_ONCE_S


@pytest.fixture
def remembering(playwright_driver: Playwright, whole_chromium: Path) -> Iterator[Browser]:
    """A Chromium that keeps the pages that one can go back to, which neither Playwright's own does nor the shell."""
    running = playwright_driver.chromium.launch(
        executable_path=str(whole_chromium),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        timeout=START_MS,
    )
    yield running
    running.close()


def test_page_that_is_put_aside_goes_on_where_it_was(remembering: Browser, relay: Relay, transport: str) -> None:
    """The back-forward cache, which no page enters with an open connection."""
    relay.line.mend()
    with pages_at(relay.pages), page_of(remembering, relay, f"http://localhost:{relay.pages}/") as page:
        opened(page, relay.echo, transport=transport)
        page.evaluate("""() => {
            window.shown = [];
            addEventListener("pageshow", ({ persisted }) => shown.push(persisted));
            addEventListener("pagehide", () => socket.send("on leaving "));
        }""")
        page.goto(f"{relay.url}/healthz")
        page.wait_for_timeout(500)
        page.go_back(wait_until="commit")
        assert page.evaluate("shown") == [True]
        send(page, "on returning")
        hears(page, "on leaving on returning")
