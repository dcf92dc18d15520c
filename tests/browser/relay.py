"""A relay process of a test's own, behind a line that fails when the test wants it, and a page of it in Chromium."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, Page

from quiz.processes.network import free_port
from tests.browser.line import Line

LASTING = ["websocket", "stream", "eventsource", "longpoll"]
"""The transports that pages choose by themselves, the best first."""

START_S = 180
WAIT_MS = 90_000
QUICK = "[global]\nsession.ping_interval = 2\nsession.ping_timeout = 2\n"

# Opens a socket that notes what happens to it in window.seen.
CONNECT = """([host, port, kind, transport]) => {
    Orbited.settings.transport = transport;
    window.seen = { opened: 0, text: "", bytes: [], reads: 0, code: null, line: [], took: null };
    window.socket = new Orbited.TCPSocket();
    const start = performance.now();
    socket.onopen = () => { seen.opened += 1; seen.took = performance.now() - start; };
    socket.onread = (data) => {
        seen.reads += 1;
        if (typeof data === "string") seen.text += data; else seen.bytes.push(...data);
    };
    socket.onclose = (code) => { seen.code = code; };
    socket.onlost = () => seen.line.push("lost");
    socket.onback = () => seen.line.push("back");
    socket.open(host, port, kind);
}"""


class Relay:
    """A relay process with an echo listener; ``sink`` is a port where a test may listen itself."""

    def __init__(self, folder: Path, settings: str = QUICK) -> None:
        config = folder / "orbited.cfg"
        config.write_text(settings)
        self.http, self.echo, self.sink, self.pages = (free_port() for _ in range(4))
        targets = (self.echo, self.sink, 1)
        self.command = [sys.executable, "-m", "orbited", "-c", str(config), "-o", f"http://localhost:{self.pages}"]
        self.command += ["-l", f"http://127.0.0.1:{self.http}", "-l", f"echo://127.0.0.1:{self.echo}"]
        self.command += [word for port in targets for word in ("-a", f"* -> localhost:{port}")]
        self.line = Line(self.http)
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.stop()
        self.stop()

    @property
    def url(self) -> str:
        """The relay as browsers reach it."""
        return f"http://127.0.0.1:{self.line.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.http}/readyz") as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError("the relay did not start")

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        self.process.send_signal(how)
        self.process.wait(START_S)


class EmptyPage(BaseHTTPRequestHandler):
    """A page of another origin."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title>")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def pages_at(port: int) -> Iterator[None]:
    """A web server of empty pages."""
    server = ThreadingHTTPServer(("127.0.0.1", port), EmptyPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def page_of(browser: Browser, relay: Relay, url: str | None = None) -> Iterator[Page]:
    """A page of the relay's own origin, or of another's ``url``, that has loaded Orbited.js."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(url or f"{relay.url}/healthz")
        load(page, relay)
        yield page


def load(page: Page, relay: Relay) -> None:
    page.add_script_tag(url=f"{relay.url}/static/Orbited.js")


def connect(page: Page, port: int, kind: object = False, transport: str | None = None) -> None:
    page.evaluate(CONNECT, ["localhost", port, kind, transport])


def opened(page: Page, port: int, kind: object = False, transport: str | None = None) -> None:
    """Connect, and wait until the socket is open."""
    connect(page, port, kind, transport)
    wait_for(page, "seen.opened === 1 && socket.readyState === 3")


def wait_for(page: Page, condition: str) -> None:
    page.wait_for_function(condition, timeout=WAIT_MS)


def send(page: Page, text: str) -> None:
    page.evaluate("text => socket.send(text)", text)


def pass_time(page: Page, seconds: float) -> None:
    """So much later for the page, whose clock has been installed; what is due comes at once."""
    page.clock.run_for(round(seconds * 1000))


def hears(page: Page, text: str) -> None:
    """Wait until all of ``text`` has come; it has come once and in order, and the socket is open."""
    wait_for(page, f"seen.text.length >= {len(text.encode('utf-16-le')) // 2} || seen.code !== null")
    code, heard = page.evaluate("[seen.code, seen.text]")
    assert code is None, f"the socket was closed with {code}"
    assert heard == text


def carried_by(page: Page, transport: str) -> None:
    """Wait until that transport carries the socket."""
    wait_for(page, f"socket.transport === '{transport}' || seen.code !== null")
    assert page.evaluate("[socket.transport, seen.code]") == [transport, None]


def remember(page: Page, blocked: dict[str, float]) -> None:
    """As if these had been found not to get through: until when, in s of the epoch."""
    until = {name: 1000 * moment for name, moment in blocked.items()}
    page.evaluate("until => sessionStorage.setItem('orbited.blocked', JSON.stringify(until))", until)
