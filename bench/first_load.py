"""``python -m bench.first_load``: what a phone loads until it plays, in Chromium on a simulated slow 4G.

A phone opens the door, somebody types a name for a while, and the player's page comes. Prints one line of JSON a page:
requests, bytes as they came over the line (compressed, with heads), and milliseconds from the start to the first
text and to the screen that can be used.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.report import line
from bench.server import OWNER, Server, running
from tools import chromium

ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
QUIZ = "Once round the Sun"
PHONE = {"width": 360, "height": 740}

SLOW_4G = {"latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}
"""Lighthouse's "Slow 4G", each request with 150 ms: milliseconds, bytes a second."""

TYPING_MS = 4_000
"""How long somebody reads the door's page and types a name."""

FIRST_TEXT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
MAX_BYTES = 100_000
MAX_MS = 1_000
"""What issue 5 demands of a phone's first load, in all and for each of its two pages."""


@dataclass
class Log:
    """What the browser fetched over the network: bytes by address, as Chromium counted them."""

    fetched: dict[str, int] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)

    def watch(self, session: CDPSession) -> None:
        """Count from now on."""
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)

    def _asked(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:
            address = self._addresses[event["requestId"]]
            self.fetched[address] = self.fetched.get(address, 0) + int(event["encodedDataLength"])

    @property
    def size(self) -> int:
        """Bytes over the line."""
        return sum(self.fetched.values())


def main() -> int:
    """Measure both pages. Returns 1 when they are too heavy or too slow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cpu", type=float, default=1, help="how many times slower than this machine; Lighthouse: 4")
    parser.add_argument("--files", action="store_true", help="name every file")
    arguments = parser.parse_args()
    with running() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        pin = open_game(browser, server)
        with phone(browser, arguments.cpu) as (page, log):
            pages = [*journey(page, log, server, pin)]
        browser.close()
    for measured in pages:
        print(line({**measured, "cpu": arguments.cpu}))
    for address, size in sorted(log.fetched.items(), key=lambda one: -one[1]) if arguments.files else ():
        print(f"{size:7} {address}")
    print(line({"bytes": log.size, "requests": len(log.fetched)}))
    return 0 if log.size < MAX_BYTES and all(measured["usable_ms"] < MAX_MS for measured in pages) else 1


def open_game(browser: Browser, server: Server) -> str:
    """Log in and open a lobby, on a computer: the game's PIN."""
    host = browser.new_page(locale="en")
    host.goto(f"{server.url}/quizzes/")
    host.locator('[name="login"]').fill(OWNER)
    host.get_by_label("Password").fill(server.environment["DEMO_PASSWORD"])
    host.get_by_role("button", name="Log in").click()
    host.get_by_role("button", name=f"Start game – {QUIZ}").click()
    host.locator('[data-screen="lobby"]').wait_for()
    return "".join((host.locator("[data-pin]").first.text_content() or "").split())


@contextmanager
def phone(browser: Browser, cpu: float) -> Iterator[tuple[Page, Log]]:
    """A phone that has never been here, on slow 4G, and the log of what it fetches."""
    context: BrowserContext = browser.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, locale="en"
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    log = Log()
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_4G})
    session.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    log.watch(session)
    yield page, log
    context.close()


def journey(page: Page, log: Log, server: Server, pin: str) -> Iterator[dict[str, Any]]:
    """The door, then the player's page in the lobby."""
    page.goto(f"{server.url}/join/?pin={pin}", wait_until="commit")
    yield measure(page, log, "join", "#nickname")
    page.get_by_label("Your name in the game").fill("Ada")
    page.wait_for_timeout(TYPING_MS)
    before = log.size, len(log.fetched)
    page.get_by_role("button", name="Join the game").click(no_wait_after=True)
    yield measure(page, log, "play", '[data-screen="lobby"]', before)


def measure(page: Page, log: Log, name: str, usable: str, before: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    """From the start of the navigation to the element ``usable``, as the page's own clock has it."""
    page.locator(usable).wait_for()
    usable_ms = page.evaluate("performance.now()")
    page.wait_for_load_state()
    first = page.evaluate(FIRST_TEXT) or 0
    size, requests = before
    return {
        "page": name,
        "requests": len(log.fetched) - requests,
        "bytes": log.size - size,
        "first_text_ms": round(first),
        "usable_ms": round(max(first, usable_ms)),
    }


if __name__ == "__main__":
    sys.exit(main())
