"""Orbited.js in a real Chromium against a real relay, with a line between them that can be cut."""

import contextlib
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.line import Line

START_S = 15
WAIT_MS = 20_000

# Opens a socket that notes what happens to it in window.seen.
CONNECT = """([host, port, kind, transport]) => {
    Orbited.settings.transport = transport;
    window.seen = { opened: 0, text: "", bytes: [], reads: 0, code: null, line: [] };
    window.socket = new Orbited.TCPSocket();
    socket.onopen = () => { seen.opened += 1; };
    socket.onread = (data) => {
        seen.reads += 1;
        if (typeof data === "string") seen.text += data; else seen.bytes.push(...data);
    };
    socket.onclose = (code) => { seen.code = code; };
    socket.onlost = () => seen.line.push("lost");
    socket.onback = () => seen.line.push("back");
    socket.open(host, port, kind);
}"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class EmptyPage(BaseHTTPRequestHandler):
    """A page of another origin."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title>")

    def log_message(self, *_: object) -> None:
        pass


class Relay:
    """A relay process, its echo listener, and the line to it."""

    def __init__(self, config: str) -> None:
        self.http, self.echo, self.sink, self.pages = (free_port() for _ in range(4))
        targets = (self.echo, self.sink, 1)
        self.command = [sys.executable, "-m", "orbited", "-c", config, "-o", f"http://localhost:{self.pages}"]
        self.command += ["-l", f"http://127.0.0.1:{self.http}", "-l", f"echo://127.0.0.1:{self.echo}"]
        self.command += [word for port in targets for word in ("-a", f"* -> localhost:{port}")]
        self.start()
        self.line = Line(self.http)

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.http}/readyz") as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError("the relay did not start")

    def stop(self) -> None:
        self.line.stop()
        self.process.terminate()
        self.process.wait(START_S)


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    config = tmp_path_factory.mktemp("relay") / "orbited.cfg"
    config.write_text("[global]\nsession.ping_interval = 2\nsession.ping_timeout = 2\n")
    running = Relay(str(config))
    pages = ThreadingHTTPServer(("127.0.0.1", running.pages), EmptyPage)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    yield running
    pages.shutdown()
    running.stop()


@pytest.fixture
def page(relay: Relay, browser: Browser) -> Iterator[Page]:
    """A page of the relay's own origin, behind the line, that has loaded Orbited.js."""
    relay.line.refusing = relay.line.swallowing_upgrades = False
    yield from open_page(browser, f"http://127.0.0.1:{relay.line.port}/healthz", relay)


def open_page(browser: Browser, url: str, relay: Relay) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    page.add_script_tag(url=f"http://127.0.0.1:{relay.line.port}/static/Orbited.js")
    yield page
    context.close()


def connect(page: Page, port: int, kind: object = False, transport: str | None = None) -> None:
    page.evaluate(CONNECT, ["localhost", port, kind, transport])


def wait_for(page: Page, condition: str) -> None:
    page.wait_for_function(condition, timeout=WAIT_MS)


@pytest.fixture(params=[None, "websocket", "longpoll"])
def transport(request: pytest.FixtureRequest) -> str | None:
    return request.param


def test_text_comes_back_whole_with_emoji(page: Page, relay: Relay, transport: str | None) -> None:
    connect(page, relay.echo, transport=transport)
    wait_for(page, "seen.opened === 1 && socket.readyState === 3")
    text = "à la carte 😀 " * 9000  # splits characters over packets and chunks
    page.evaluate("text => socket.send(text)", text)
    wait_for(page, f"seen.text.length >= {len(text.encode('utf-16-le')) // 2}")
    assert page.evaluate("seen.text") == text


def test_websocket_is_what_carries_it_unless_told_otherwise(page: Page, relay: Relay) -> None:
    sockets = []
    page.on("websocket", lambda websocket: sockets.append(websocket.url))
    connect(page, relay.echo)
    wait_for(page, "seen.opened === 1")
    assert len(sockets) == 1
    connect(page, relay.echo, transport="longpoll")
    wait_for(page, "seen.opened === 1")
    assert len(sockets) == 1


@pytest.mark.parametrize("kind", [True, "bytes"])
def test_every_byte_survives_in_binary(page: Page, relay: Relay, transport: str | None, kind: object) -> None:
    connect(page, relay.echo, kind, transport)
    wait_for(page, "seen.opened === 1")
    if kind == "bytes":
        page.evaluate("socket.send(Uint8Array.from({ length: 256 }, (_, i) => i))")
        wait_for(page, "seen.bytes.length === 256")
        assert page.evaluate("seen.bytes") == list(range(256))
    else:
        page.evaluate("socket.send(String.fromCharCode(...Array(256).keys()))")
        wait_for(page, "seen.text.length === 256")
        assert page.evaluate("[...seen.text].map((c) => c.charCodeAt(0))") == list(range(256))


@pytest.mark.parametrize(("port", "code"), [(1, 108), (2, 106)])
def test_refused_targets_close_with_their_code(
    page: Page, relay: Relay, transport: str | None, port: int, code: int
) -> None:
    connect(page, port, transport=transport)
    wait_for(page, "seen.code !== null")
    assert page.evaluate("[seen.code, seen.opened, socket.readyState]") == [code, 0, 5]


def test_relay_out_of_reach_closes_with_102(page: Page, relay: Relay) -> None:
    relay.line.refusing = True
    relay.line.cut()
    connect(page, relay.echo)
    wait_for(page, "seen.code !== null")
    assert page.evaluate("seen.code") == 102


def test_closing_from_the_page_delivers_what_was_sent_and_says_103(
    page: Page, relay: Relay, transport: str | None
) -> None:
    with socket.create_server(("127.0.0.1", relay.sink)) as listener:
        connect(page, relay.sink, transport=transport)
        backend, _ = listener.accept()
        with backend, backend.makefile("rb") as arrived:
            wait_for(page, "seen.opened === 1")
            page.evaluate("() => { socket.send('the last words'); socket.close(); }")
            assert arrived.read() == b"the last words"
    wait_for(page, "seen.code !== null")
    assert page.evaluate("[seen.code, socket.readyState]") == [103, 5]


def test_backend_that_hangs_up_closes_with_201_after_its_last_words(
    page: Page, relay: Relay, transport: str | None
) -> None:
    with socket.create_server(("127.0.0.1", relay.sink)) as listener:
        connect(page, relay.sink, transport=transport)
        backend, _ = listener.accept()
        wait_for(page, "seen.opened === 1")
        backend.sendall(b"goodbye")
        backend.close()
    wait_for(page, "seen.code !== null")
    assert page.evaluate("[seen.text, seen.code]") == ["goodbye", 201]


def test_exception_in_a_callback_does_not_stop_the_reader(page: Page, relay: Relay, transport: str | None) -> None:
    errors = []
    page.on("pageerror", lambda error: errors.append(error.message))
    connect(page, relay.echo, transport=transport)
    wait_for(page, "seen.opened === 1")
    page.evaluate("""() => {
        const read = socket.onread;
        socket.onread = (data) => { read(data); throw new Error("the page's own"); };
        socket.send("one");
    }""")
    wait_for(page, "seen.text === 'one'")
    page.evaluate("socket.send('two')")
    wait_for(page, "seen.text === 'onetwo'")
    assert "the page's own" in errors[0]


def test_only_one_global_is_added(page: Page) -> None:
    assert page.evaluate("Object.keys(window).filter((name) => /orbited/i.test(name))") == ["Orbited"]
    assert page.evaluate("Object.keys(Orbited).sort()") == ["Errors", "Statuses", "TCPSocket", "settings"]


def test_misuse_throws(page: Page, relay: Relay) -> None:
    def message(code: str) -> str:
        return page.evaluate(f"(() => {{ try {{ {code} }} catch (error) {{ return error.message; }} }})()")

    assert message("new Orbited.TCPSocket('x')") == "TCPSocket takes no arguments"
    assert message("new Orbited.TCPSocket().open('', 1)") == "No hostname specified"
    assert message("new Orbited.TCPSocket().open('localhost')") == "Invalid port specified"
    assert message("new Orbited.TCPSocket().send('x')") == "Invalid readyState"


def test_blocked_websocket_falls_back_to_polling_on_the_same_session(page: Page, relay: Relay) -> None:
    relay.line.swallowing_upgrades = True
    made = []
    page.on("request", lambda request: made.append(request.url) if request.url.endswith("/tcp") else None)
    connect(page, relay.echo)
    wait_for(page, "seen.opened === 1")
    page.evaluate("socket.send('over polling')")
    wait_for(page, "seen.text === 'over polling'")
    assert len(made) == 1


def test_browser_without_websockets_polls_at_once(page: Page, relay: Relay) -> None:
    page.evaluate("delete window.WebSocket")
    connect(page, relay.echo)
    wait_for(page, "seen.opened === 1")
    page.evaluate("socket.send('hello')")
    wait_for(page, "seen.text === 'hello'")


def send_while_cutting(page: Page, relay: Relay, lines: int, cuts: int) -> str:
    """Send numbered lines for a few seconds, cutting the line now and then; the text that has to come back."""
    for cut in range(cuts):
        for number in range(lines):
            page.evaluate("text => socket.send(text)", f"{cut}-{number} ")
            time.sleep(0.05)
            if number == lines // 2:
                relay.line.cut()
        time.sleep(0.3)
    return "".join(f"{cut}-{number} " for cut in range(cuts) for number in range(lines))


def test_cut_line_loses_and_doubles_nothing(page: Page, relay: Relay, transport: str | None) -> None:
    connect(page, relay.echo, transport=transport)
    wait_for(page, "seen.opened === 1")
    expected = send_while_cutting(page, relay, lines=20, cuts=4)
    wait_for(page, f"seen.text.length >= {len(expected)}")
    assert page.evaluate("[seen.text, seen.code]") == [expected, None]


def test_page_is_told_when_its_line_is_lost_and_when_it_is_back(
    page: Page, relay: Relay, transport: str | None
) -> None:
    connect(page, relay.echo, transport=transport)
    wait_for(page, "seen.opened === 1")
    relay.line.refusing = True
    relay.line.cut()
    wait_for(page, "seen.line.length === 1")
    relay.line.refusing = False
    wait_for(page, "seen.line.length === 2")
    assert page.evaluate("[seen.line, seen.code]") == [["lost", "back"], None]


def test_change_of_transport_after_a_cut_loses_and_doubles_nothing(page: Page, relay: Relay) -> None:
    connect(page, relay.echo, transport="websocket")
    wait_for(page, "seen.opened === 1")
    expected = ""
    for turn, transport in enumerate(["longpoll", "websocket", "longpoll"]):
        page.evaluate("name => { Orbited.settings.transport = name; }", transport)
        page.evaluate("text => socket.send(text)", f"before {turn} ")
        relay.line.cut()
        page.evaluate("text => socket.send(text)", f"after {turn} ")
        expected += f"before {turn} after {turn} "
        wait_for(page, f"seen.text.length >= {len(expected)}")
    assert page.evaluate("[seen.text, seen.code]") == [expected, None]


@pytest.mark.parametrize("transport", ["websocket", "longpoll"])
def test_idle_socket_stays_open(page: Page, relay: Relay, transport: str) -> None:
    connect(page, relay.echo, transport=transport)
    wait_for(page, "seen.opened === 1")
    page.wait_for_timeout(9000)  # twice what a silent page or relay is given
    page.evaluate("socket.send('still here')")
    wait_for(page, "seen.text === 'still here'")


@pytest.mark.parametrize("transport", ["websocket", "longpoll"])
def test_line_that_dies_in_silence_is_noticed_and_replaced(page: Page, relay: Relay, transport: str) -> None:
    connect(page, relay.echo, transport=transport)
    wait_for(page, "seen.opened === 1")
    relay.line.stall()
    page.evaluate("socket.send('out of the silence')")
    wait_for(page, "seen.text.length > 0")
    page.evaluate("socket.send('!')")
    wait_for(page, "seen.text.endsWith('!')")
    assert page.evaluate("[seen.text, seen.code]") == ["out of the silence!", None]


def test_session_that_is_gone_closes_with_201(browser: Browser, tmp_path: Path, transport: str | None) -> None:
    config = tmp_path / "orbited.cfg"
    config.write_text("")
    relay = Relay(str(config))
    for page in open_page(browser, f"http://127.0.0.1:{relay.line.port}/healthz", relay):
        connect(page, relay.echo, transport=transport)
        wait_for(page, "seen.opened === 1")
        relay.process.kill()
        relay.process.wait()
        relay.start()
        wait_for(page, "seen.code !== null")
        assert page.evaluate("seen.code") == 201
    relay.stop()


def test_page_of_a_listed_origin_may_connect(relay: Relay, browser: Browser, transport: str | None) -> None:
    for page in open_page(browser, f"http://localhost:{relay.pages}/", relay):
        page.evaluate("port => { Orbited.settings.port = port; }", relay.line.port)
        connect(page, relay.echo, transport=transport)
        wait_for(page, "seen.opened === 1")


def test_page_of_another_origin_may_not(relay: Relay, browser: Browser) -> None:
    for page in open_page(browser, f"http://127.0.0.1:{relay.pages}/", relay):
        page.evaluate("port => { Orbited.settings.port = port; }", relay.line.port)
        connect(page, relay.echo)
        wait_for(page, "seen.code !== null")
        assert page.evaluate("seen.code") == 102
