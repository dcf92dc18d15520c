"""What TCPSocket.line says of a long line: over a WebSocket, and over transports that have to ask."""

from collections.abc import Iterator

import jwt
import pytest
from playwright.sync_api import Browser

from tests.browser.relay import Relay, opened, wait_for
from tests.system.delayedline import DelayedLine

ROUND_TRIP_MS = 150
"""A page's own time comes on top, on a busy machine; it is measured anew every 20 s, and the shortest counts."""

TRIES = 90
"""A second apart."""

KEY = "a ticket key of the tests, long enough for HS256"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STOMP_TICKET_KEY", KEY)
        with Relay(tmp_path_factory.mktemp("relay")) as relay:
            yield relay


@pytest.mark.parametrize("transport", ["websocket", "longpoll"])
def test_a_page_learns_how_long_its_line_is(browser: Browser, relay: Relay, transport: str) -> None:
    with DelayedLine(relay.http, ROUND_TRIP_MS) as line, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{line.port}/healthz")
        page.add_script_tag(url=f"http://127.0.0.1:{line.port}/static/Orbited.js")
        opened(page, relay.echo, transport=transport)
        wait_for(page, "socket.line !== null")
        assert page.evaluate("socket.transport") == transport
        for _ in range(TRIES):
            ms = jwt.decode(page.evaluate("socket.line"), options={"verify_signature": False})["ms"]
            assert ms >= ROUND_TRIP_MS
            if ms < 4 * ROUND_TRIP_MS:
                return
            page.wait_for_timeout(1000)
        raise AssertionError(f"it says {ms} ms")
