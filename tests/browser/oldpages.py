"""Pages of 2010 and what they talk to: a relay process with its broker, and web servers for the pages.

A page is loaded with Orbited 0.7.10's own files or with ours, in one of three layouts:

* ``ORIGIN``: the relay itself serves the page, by [static] INDEX;
* ``PORTS``: another port does; the page and the relay's bridge pages share an origin by ``document.domain``;
* ``CORS``: another port does, which the relay's [origins] list; the page asks with XMLHttpRequest.
"""

import contextlib
import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from enum import Enum
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

from quiz.processes.network import free_port
from tools import fetch_orbited

START_S = 180
WAIT_MS = 90_000

LOGIN = "web"
PASSCODE = os.environ["STOMP_PASSCODE"]


class Layout(Enum):
    """Where the page comes from, seen from the relay."""

    ORIGIN = "one origin"
    PORTS = "two ports"
    CORS = "cors"


class Pages(SimpleHTTPRequestHandler):
    """A web server of 2010, but for the one header that today's browsers want for document.domain."""

    def end_headers(self) -> None:
        self.send_header("origin-agent-cluster", "?0")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


class OldSite:
    """A relay with a broker and an echo, a backend that the test plays, and pages: all on ``localhost``."""

    def __init__(self, folder: Path, auth: str) -> None:
        """``auth`` says whom the broker lets in."""
        self.folder = folder
        self.http, self.echo, self.stomp, self.sink, self.listed, self.unlisted = (free_port() for _ in range(6))
        config = folder / "orbited.cfg"
        config.write_text(self._config(auth))
        (folder / "site").mkdir()
        if fetch_orbited.is_here():
            shutil.copytree(fetch_orbited.FOLDER, folder / "site" / "originals")
        command = [sys.executable, "-m", "orbited", "-c", str(config)]
        self.process = subprocess.Popen(command, stdout=(folder / "relay.log").open("wb"), stderr=subprocess.STDOUT)
        handler = functools.partial(Pages, directory=str(folder / "site"))
        self.servers = [ThreadingHTTPServer(("127.0.0.1", port), handler) for port in (self.listed, self.unlisted)]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def _config(self, auth: str) -> str:
        """The slide's file, with ports of our own."""
        return f"""
            [global]
            reactor = epoll
            proxy.enabled = 1
            session.ping_interval = 300
            broker.auth = {auth}
            [listen]
            http://:{self.http}
            stomp://:{self.stomp}
            echo://127.0.0.1:{self.echo}
            [access]
            * -> localhost:{self.stomp}
            * -> localhost:{self.echo}
            * -> localhost:{self.sink}
            * -> localhost:1
            [static]
            INDEX = {self.folder / "site"}
            [origins]
            http://localhost:{self.listed}
        """

    def __enter__(self) -> Self:
        try:
            wait_for(lambda: answers(f"http://127.0.0.1:{self.http}/healthz"))
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        for server in self.servers:
            server.shutdown()
        self.process.send_signal(signal.SIGINT)  # at once: TERM takes leave of pages for some seconds
        self.process.wait(START_S)

    @property
    def relay(self) -> str:
        return f"http://localhost:{self.http}"

    def write(self, name: str, html: str) -> None:
        """Put a page on every web server."""
        (self.folder / "site" / name).write_text(html, encoding="utf-8")

    def url(self, name: str, layout: Layout) -> str:
        port = {Layout.ORIGIN: self.http, Layout.PORTS: self.unlisted, Layout.CORS: self.listed}[layout]
        return f"http://localhost:{port}/{name}"

    def backend(self) -> socket.socket:
        """A listening socket where targets of ``sink`` end."""
        listener = socket.create_server(("127.0.0.1", self.sink))
        listener.settimeout(START_S)
        return listener


def scripts(site: OldSite, files: str, layout: Layout) -> str:
    """The head of a page of 2010; ``files`` is where Orbited.js lies, ``/originals`` or the relay's own."""
    lines = ["document.domain = document.domain;"] if layout is Layout.PORTS else []
    settings = [f"Orbited.settings.port = {site.http};", "Orbited.settings.hostname = document.domain;"]
    settings += ["Orbited.settings.streaming = true;", "Orbited.settings.POLL_INTERVAL = 100;"]
    settings += ["Orbited.XSDR = XMLHttpRequest;"] if layout is Layout.CORS else []
    settings += ["TCPSocket = Orbited.TCPSocket;"]
    return f"""<!doctype html><meta charset="utf-8"><title>As in 2010</title><link rel="icon" href="data:,"><body>
        <script>{"".join(lines)}</script>
        <script src="{files}/Orbited.js"></script>
        <script>{"".join(settings)}</script>
        <script src="{files}/protocols/stomp/stomp.js"></script>"""


class Visit:
    """A page that is open, and the answers that the relay gave it."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.context: BrowserContext = browser.new_context()
        self.page: Page = self.context.new_page()
        self.answers: list[tuple[str, int]] = []  # address and status
        self.failures: list[str] = []
        self.errors: list[str] = []
        self.page.on("response", lambda answer: self.answers.append((answer.url, answer.status)))
        self.page.on("requestfailed", self._failed)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)

    def _failed(self, request: Request) -> None:
        """What the page itself gave up is no failure."""
        if request.failure != "net::ERR_ABORTED":
            self.failures.append(f"{request.url}: {request.failure}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def run(self, code: str, argument: object = None) -> Any:
        return self.page.evaluate(code, argument)

    def thrown(self, code: str) -> str:
        """The name and message of what this throws."""
        return str(self.run(f"() => {{ try {{ {code}; }} catch (error) {{ return String(error); }} }}"))

    def wait(self, condition: str) -> None:
        self.page.wait_for_function(condition, timeout=WAIT_MS)

    def transports(self) -> set[str]:
        """How the relay was asked."""
        return set(re.findall(r"/tcp/\w+/(\w+)", " ".join(url for url, _ in self.answers)))

    def lose_answer(self, method: str, path: str, instead: str | None = None) -> list[str]:
        """The relay gets the next such request, the page never its answer: the line breaks, or ``instead`` comes.

        The list that is given has the address once that has happened.
        """
        lost: list[str] = []

        def carry(route: Route) -> None:
            if lost or route.request.method != method:
                route.continue_()
                return
            lost.append(route.request.url)
            ask(route.request)
            if instead is None:
                route.abort("connectionreset")
            else:
                route.fulfill(body=instead)

        self.page.route(re.compile(path), carry)
        return lost


def ask(request: Request) -> None:
    """Make a page's request in its place, until the answer begins."""
    same = urllib.request.Request(request.url, request.post_data_buffer, request.headers, method=request.method)
    with urllib.request.urlopen(same) as answer:
        answer.read(1)


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + START_S
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url) as answer:
        return bool(answer.status == 200)
    return False


def open_site(folder: Path, auth: str = "tickets") -> Iterator[OldSite]:
    with OldSite(folder, auth) as site:
        yield site
