"""Orbited.js in a real Chromium against a real relay: what a page gets, on every transport.

What happens when the line between them fails stands in test_orbited_js_lines.py.
"""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.relay import (
    CONNECT,
    LASTING,
    QUICK,
    Relay,
    connect,
    hears,
    load,
    opened,
    page_of,
    pages_at,
    remember,
    send,
    wait_for,
)

CORE = Path(__file__).parents[2] / "orbited" / "static" / "Orbited.js"
TRANSPORTS = [*LASTING, "poll"]
EMOJI = "à la carte 😀👩🏽‍🚀 "


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with Relay(tmp_path_factory.mktemp("relay")) as relay, pages_at(relay.pages):
        yield relay


@pytest.fixture
def page(relay: Relay, browser: Browser) -> Iterator[Page]:
    with page_of(browser, relay) as page:
        yield page


@pytest.fixture
def backend(relay: Relay) -> Iterator[socket.socket]:
    """Where the sink's connections arrive."""
    with socket.create_server(("127.0.0.1", relay.sink)) as listener:
        listener.settimeout(60)
        yield listener


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_forced_transport_is_the_one_that_carries(page: Page, relay: Relay, transport: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    opened(page, relay.echo, transport=transport)
    assert page.evaluate("socket.transport") == transport
    used = {name for name in TRANSPORTS for url in asked if url.split("?")[0].endswith(f"/{name}")}
    assert used == {transport}


def test_unknown_transport_is_refused_at_once(page: Page, relay: Relay) -> None:
    with pytest.raises(Exception, match="Invalid transport"):
        connect(page, relay.echo, transport="pigeon")


def test_text_comes_back_whole_with_emoji(page: Page, relay: Relay, transport: str) -> None:
    opened(page, relay.echo, transport=transport)
    text = EMOJI * 9000  # splits characters over packets and chunks
    send(page, text)
    hears(page, text)


def test_emoji_come_whole_when_their_bytes_come_one_by_one(
    page: Page, relay: Relay, transport: str, backend: socket.socket
) -> None:
    page.evaluate("Orbited.settings.POLL_INTERVAL = 20")
    connect(page, relay.sink, transport=transport)
    with backend.accept()[0] as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wait_for(page, "seen.opened === 1")
        for byte in EMOJI.encode():
            connection.sendall(bytes([byte]))
            page.wait_for_timeout(25)
        hears(page, EMOJI)
        assert page.evaluate("seen.reads") > 3


@pytest.mark.parametrize("kind", [True, "bytes"])
def test_every_byte_survives_in_binary(page: Page, relay: Relay, transport: str, kind: object) -> None:
    opened(page, relay.echo, kind, transport)
    if kind == "bytes":
        page.evaluate("socket.send(Uint8Array.from({ length: 256 }, (_, i) => i))")
        wait_for(page, "seen.bytes.length === 256")
        assert page.evaluate("seen.bytes") == list(range(256))
    else:
        page.evaluate("socket.send(String.fromCharCode(...Array(256).keys()))")
        wait_for(page, "seen.text.length === 256")
        assert page.evaluate("[...seen.text].map((c) => c.charCodeAt(0))") == list(range(256))


def test_thousands_of_packets_keep_their_order_both_ways(
    page: Page, relay: Relay, transport: str, backend: socket.socket
) -> None:
    lines = [f"{number} {'x' * (number % 97)}\n" for number in range(5000)]
    connect(page, relay.sink, transport=transport)
    with backend.accept()[0] as connection:
        wait_for(page, "seen.opened === 1")
        # The first go from tasks of their own, so that they do not all become one packet.
        page.evaluate(
            """async (lines) => {
                for (const line of lines) {
                    await new Promise((resolve) => setTimeout(resolve));
                    socket.send(line);
                }
            }""",
            lines[:300],
        )
        page.evaluate("lines => lines.forEach((line) => socket.send(line))", lines[300:])
        for line in lines:
            connection.sendall(line.encode())
        with connection.makefile("r", newline="\n") as arrived:
            connection.settimeout(60)
            assert [arrived.readline() for _ in lines] == lines
        hears(page, "".join(lines))


def test_two_megabytes_come_whole_over_answers_that_end_after_one(page: Page, relay: Relay, transport: str) -> None:
    """The relay ends a stream after a megabyte, and pauses its backend while the page acknowledges too little."""
    page.evaluate("Orbited.settings.POLL_INTERVAL = 20")
    opened(page, relay.echo, transport=transport)
    page.evaluate("""() => {
        const line = "0123456789abcdef".repeat(2048);
        window.all = Array.from({ length: 64 }, (_, i) => String(i).padStart(5) + line).join("");
        socket.send(all);
    }""")
    page.wait_for_function("seen.text.length >= all.length || seen.code !== null", timeout=60_000)
    assert page.evaluate("[seen.text === all, seen.code, seen.line]") == [True, None, []]


def test_page_that_reads_nothing_for_a_while_loses_nothing(
    page: Page, relay: Relay, transport: str, backend: socket.socket
) -> None:
    """3 MB for a page that is busy: the backend is slowed down instead of the session given up."""
    page.evaluate("Orbited.settings.POLL_INTERVAL = 20")
    connect(page, relay.sink, transport=transport)
    with backend.accept()[0] as connection:
        wait_for(page, "seen.opened === 1")
        page.evaluate("void setTimeout(() => { const end = Date.now() + 1500; while (Date.now() < end); })")
        connection.settimeout(60)
        connection.sendall(b"0123456789abcdef" * 3 * 65536)
        page.wait_for_function("seen.text.length >= 3 * 1048576 || seen.code !== null", timeout=60_000)
    assert page.evaluate("seen.text === '0123456789abcdef'.repeat(3 * 65536)")


@pytest.mark.parametrize(("port", "code"), [(1, 108), (2, 106)])
def test_refused_targets_close_with_their_code(page: Page, relay: Relay, transport: str, port: int, code: int) -> None:
    connect(page, port, transport=transport)
    wait_for(page, "seen.code !== null")
    assert page.evaluate("[seen.code, seen.opened, socket.readyState]") == [code, 0, 5]


def test_closing_from_the_page_delivers_what_was_sent_and_says_103(
    page: Page, relay: Relay, transport: str, backend: socket.socket
) -> None:
    connect(page, relay.sink, transport=transport)
    with backend.accept()[0] as connection, connection.makefile("rb") as arrived:
        wait_for(page, "seen.opened === 1")
        page.evaluate("() => { socket.send('x'.repeat(300000) + 'the last words'); socket.close(); }")
        assert arrived.read().endswith(b"xxxthe last words")
    wait_for(page, "seen.code !== null")
    assert page.evaluate("[seen.code, socket.readyState]") == [103, 5]


def test_reset_from_the_page_ends_the_backend_at_once(
    page: Page, relay: Relay, transport: str, backend: socket.socket
) -> None:
    connect(page, relay.sink, transport=transport)
    with backend.accept()[0] as connection, connection.makefile("rb") as arrived:
        wait_for(page, "seen.opened === 1")
        page.evaluate("() => { socket.send('never sent'); socket.reset(); }")
        assert arrived.read() == b""
    wait_for(page, "seen.code === 103")


def test_socket_closed_before_it_opened_says_103_and_reaches_no_backend(
    page: Page, relay: Relay, transport: str
) -> None:
    page.evaluate(
        """([port, transport]) => {
        window.codes = [];
        Orbited.settings.transport = transport;
        const socket = new Orbited.TCPSocket();
        socket.onopen = () => codes.push("open");
        socket.onclose = (code) => codes.push(code);
        socket.open("localhost", port);
        socket.close();
    }""",
        [relay.echo, transport],
    )
    page.wait_for_timeout(500)
    assert page.evaluate("codes") == [103]


@pytest.mark.parametrize("transport", LASTING)
def test_page_may_speak_to_a_backend_that_never_answers(
    page: Page, relay: Relay, transport: str, backend: socket.socket
) -> None:
    """A silent backend is no line that does not get through."""
    connect(page, relay.sink, transport=transport)
    with backend.accept()[0]:
        wait_for(page, "seen.opened === 1")
        page.evaluate("Orbited.settings.transport = null")
        for _ in range(9):
            send(page, "is there anybody?")
            page.wait_for_timeout(500)
        assert page.evaluate("[sessionStorage.getItem('orbited.blocked'), seen.line, seen.code]") == [None, [], None]


def test_backend_that_hangs_up_closes_with_201_after_its_last_words(
    page: Page, relay: Relay, transport: str, backend: socket.socket
) -> None:
    connect(page, relay.sink, transport=transport)
    with backend.accept()[0] as connection:
        wait_for(page, "seen.opened === 1")
        connection.sendall(b"goodbye")
    wait_for(page, "seen.code !== null")
    assert page.evaluate("[seen.text, seen.code, socket.reason]") == ["goodbye", 201, "loseConnection"]


def test_exception_in_any_callback_breaks_nothing(page: Page, relay: Relay, transport: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    throwing = """for (const name of ["onopen", "onread", "onclose"]) {
        const callback = socket[name];
        socket[name] = (value) => { callback(value); throw new Error("the page's own " + name); };
    }"""
    page.evaluate(f"(target) => {{ ({CONNECT})(target); {throwing} }}", ["localhost", relay.echo, False, transport])
    wait_for(page, "seen.opened === 1 && socket.readyState === 3")
    send(page, "one")
    hears(page, "one")
    send(page, "two")
    hears(page, "onetwo")
    page.evaluate("socket.close()")
    wait_for(page, "seen.code === 103")
    page.wait_for_timeout(50)
    assert {error.split("own ")[1] for error in errors} == {"onopen", "onread", "onclose"}


# A socket on each transport; heard[transport] is what came over it.
ONE_ON_EACH = """([port, transports]) => {
    window.heard = {};
    window.sockets = transports.map((transport) => {
        Orbited.settings.transport = transport;
        const socket = new Orbited.TCPSocket();
        heard[transport] = "";
        socket.onopen = () => socket.send("over " + transport);
        socket.onread = (text) => { heard[transport] += text; };
        socket.onlost = () => { heard[transport] += " lost "; };
        socket.open("localhost", port);
        return socket;
    });
    Orbited.settings.transport = null;
}"""


def test_sockets_are_apart_and_stay_open_while_nothing_is_said(browser: Browser, relay: Relay) -> None:
    with page_of(browser, relay) as page:
        remember(page, dict.fromkeys(LASTING, time.time() + 120))  # so that none looks for a better one
        page.evaluate(ONE_ON_EACH, [relay.echo, LASTING])
        wait_for(page, "Object.entries(heard).every(([name, text]) => text === 'over ' + name)")
        page.wait_for_timeout(9000)  # twice what a silent page or relay is given
        page.evaluate("sockets.forEach((socket) => socket.send('!'))")
        wait_for(page, "Object.entries(heard).every(([name, text]) => text === 'over ' + name + '!')")


def test_page_of_a_listed_origin_may_connect(relay: Relay, browser: Browser, transport: str) -> None:
    with page_of(browser, relay, f"http://localhost:{relay.pages}/") as page:
        opened(page, relay.echo, transport=transport)
        send(page, EMOJI)
        hears(page, EMOJI)


def test_page_of_another_origin_may_not(relay: Relay, browser: Browser, transport: str) -> None:
    with page_of(browser, relay, f"http://127.0.0.1:{relay.pages}/") as page:
        connect(page, relay.echo, transport=transport)
        wait_for(page, "seen.code !== null")
        assert page.evaluate("seen.code") == 102


def test_forged_token_closes_with_201(page: Page, relay: Relay) -> None:
    """The relay knows the session, but not this page as its owner."""
    page.route("**/tcp/*/longpoll?*", lambda route: route.continue_(url=forged(route.request.url)))
    connect(page, relay.echo, transport="longpoll")
    wait_for(page, "seen.code !== null")
    assert page.evaluate("[seen.code, seen.opened]") == [201, 0]


def forged(url: str) -> str:
    assert "token=" in url
    return url.partition("token=")[0] + "token=" + "0" * 32


def test_browser_without_websockets_streams_at_once(page: Page, relay: Relay) -> None:
    page.evaluate("delete window.WebSocket")
    opened(page, relay.echo)
    assert page.evaluate("socket.transport") == "stream"


def test_without_streaming_a_page_without_websockets_polls(page: Page, relay: Relay) -> None:
    """Orbited 0.7's setting."""
    page.evaluate("() => { delete window.WebSocket; Orbited.settings.streaming = false; }")
    opened(page, relay.echo)
    assert page.evaluate("socket.transport") == "longpoll"


PLACE = "[Orbited.settings.protocol, Orbited.settings.hostname, String(Orbited.settings.port)]"


@pytest.mark.parametrize("query", ["", "?v=2"])
def test_relay_is_where_orbited_js_came_from(browser: Browser, relay: Relay, query: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://localhost:{relay.pages}/")
        page.add_script_tag(url=f"{relay.url}/static/Orbited.js{query}")
        assert page.evaluate(PLACE) == ["http", "127.0.0.1", str(relay.line.port)]


def test_orbited_js_of_another_place_stays_with_the_pages_own_host(browser: Browser, relay: Relay) -> None:
    """Django serves the same file as /static/orbited/Orbited.js."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/static/orbited/Orbited.js", lambda route: route.fulfill(path=CORE))
        page.goto(f"{relay.url}/healthz")
        page.add_script_tag(url="http://elsewhere.test/static/orbited/Orbited.js")
        assert page.evaluate(PLACE) == ["http", "127.0.0.1", str(relay.line.port)]
        opened(page, relay.echo)


def test_only_one_global_is_added(relay: Relay, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{relay.url}/healthz")
        before = set(page.evaluate("Object.getOwnPropertyNames(window)"))
        load(page, relay)
        opened(page, relay.echo)
        send(page, "x")
        hears(page, "x")
        assert set(page.evaluate("Object.getOwnPropertyNames(window)")) - before == {"Orbited", "seen", "socket"}


def test_core_alone_adds_one_global_with_what_a_page_needs(relay: Relay, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{relay.url}/healthz")
        page.add_script_tag(path=CORE)
        names = page.evaluate("Object.keys(Orbited).sort()")
        assert names == ["Errors", "Session", "Statuses", "TCPSocket", "settings"]


def test_misuse_throws(page: Page, relay: Relay) -> None:
    def message(code: str) -> str:
        return str(page.evaluate(f"(() => {{ try {{ {code} }} catch (error) {{ return error.message; }} }})()"))

    assert message("new Orbited.TCPSocket('x')") == "TCPSocket takes no arguments"
    assert message("new Orbited.TCPSocket().open('', 1)") == "No hostname specified"
    assert message("new Orbited.TCPSocket().open('localhost')") == "Invalid port specified"
    assert message("new Orbited.TCPSocket().send('x')") == "Invalid readyState"


def test_page_that_may_send_little_is_slowed_down_and_not_cut(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = QUICK + "session.messages_per_second = 5\nsession.message_burst = 10\n"
    with Relay(tmp_path_factory.mktemp("slow"), settings) as relay, page_of(browser, relay) as page:
        for transport in ("websocket", "stream"):
            opened(page, relay.echo, transport=transport)
            text = "".join(f"{number} " for number in range(60))
            page.evaluate(
                """async (words) => {
                for (const word of words) { socket.send(word + " "); await new Promise((r) => setTimeout(r, 50)); }
            }""",
                text.split(),
            )
            hears(page, text)
