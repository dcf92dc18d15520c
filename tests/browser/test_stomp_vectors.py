"""The vectors of tests/vectors/stomp/ with STOMPClient of stomp.js, in a real Chromium.

The broker of the same bytes is tests/stomp_broker/. In place of the relay's socket stands one that hands over bytes
as they are: one character for each.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from orbited.browserfiles import joined_stomp
from stomp_broker.frames import FrameDecoder, Version
from tests.stack import ROOT

VECTORS = ROOT / "tests" / "vectors" / "stomp"
FRAMES = json.loads((VECTORS / "frames.json").read_text())["frames"]
SESSIONS = json.loads((VECTORS / "sessions.json").read_text())["sessions"]
VERSIONS = ["1.0", "1.1", "1.2"]
WAIT_MS = 90_000

# Set beforehand, STOMPClient takes it for its socket. What it sends lies in `sent`.
SOCKET = """() => {
    window.sent = [];
    window.came = [];
    window.TCPSocket = class {
        open() { window.wire = this; setTimeout(() => this.onopen()); }
        send(bytes) { sent.push(bytes); }
        close() { this.onclose(201); }
        reset() { this.onclose(103); }
    };
    window.stomp = new STOMPClient();
    stomp.virtualHost = "quiz";
    stomp.onframe = ({ type, headers, body }) => came.push([type, headers, body]);
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_script_tag(content=joined_stomp())
    page.evaluate(SOCKET)
    yield page
    page.close()


def connect(page: Page, connected: str) -> str:
    """Let the client connect, with this frame for an answer; what it sent."""
    page.evaluate("stomp.connect('localhost', 61613, 'web', 'sesame')")
    page.wait_for_function("sent.length", timeout=WAIT_MS)
    page.evaluate("(bytes) => wire.onread(bytes)", connected)
    page.wait_for_function("came.length", timeout=WAIT_MS)
    return str(page.evaluate("sent.splice(0).join('')"))


def connect_in(page: Page, version: str) -> None:
    connect(page, "CONNECTED\n" + ("" if version == "1.0" else f"version:{version}\n") + "\n\0")
    page.evaluate("came.splice(0)")


def call(page: Page, name: str, *arguments: object) -> str:
    """What the client sends when this is called."""
    return str(
        page.evaluate(
            "([name, values]) => { stomp[name](...values); return sent.splice(0).join(''); }", [name, arguments]
        )
    )


def hear(page: Page, wire: str) -> Any:
    """The frames that the client makes of bytes."""
    return page.evaluate("(bytes) => { wire.onread(bytes); return came.splice(0); }", wire)


def text(body: str) -> str:
    """A body as a page sees it."""
    return body.encode("latin-1").decode(errors="replace")


def without_length(frame: list[Any]) -> list[Any]:
    command, headers, body = frame
    return [command, {name: value for name, value in headers.items() if name != "content-length"}, body]


def frames_of(wire: str, version: str) -> list[list[Any]]:
    """The frames that the broker's codec finds in bytes."""
    decoder = FrameDecoder(Version(version))
    decoder.receive_data(wire.encode("latin-1"))
    frames = iter(decoder.next_frame, None)
    return [[frame.command, dict(frame.headers), frame.body.decode()] for frame in frames]


@pytest.mark.parametrize("version", VERSIONS)
def test_bytes_give_the_frame(page: Page, version: str) -> None:
    connect_in(page, version)
    cases = [case for case in FRAMES if case["version"] == version and "unread_by_stompjs" not in case]
    heard = {case["name"]: [without_length(frame) for frame in hear(page, case["wire"])] for case in cases}
    assert heard == {case["name"]: [[case["command"], case["headers"], text(case["body"])]] for case in cases}


@pytest.mark.parametrize("version", VERSIONS)
def test_bytes_one_by_one_give_the_frame(page: Page, version: str) -> None:
    connect_in(page, version)
    cases = [case for case in FRAMES if case["version"] == version and "unread_by_stompjs" not in case]
    for case in cases:
        assert not any(hear(page, byte) for byte in case["wire"][:-1])
        assert len(hear(page, case["wire"][-1])) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_the_frame_gives_bytes_that_mean_the_same(page: Page, version: str) -> None:
    connect_in(page, version)
    for case in FRAMES:
        if (
            case["version"] == version
            and case["command"] == "SEND"
            and not any(set(":\n") & set(n) for n in case["headers"])
        ):
            headers = {"content-type": "x/y", "content-encoding": "none"} | case["headers"]
            wire = call(page, "sendFrame", "SEND", headers, case["body"])
            decoder = FrameDecoder(Version(version))
            decoder.receive_data(wire.encode("latin-1"))
            frame = decoder.next_frame()
            assert without_length([frame.command, dict(frame.headers), frame.body.decode("latin-1")]) == [
                "SEND",
                headers,
                case["body"],
            ]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session["name"])
def test_a_session_of_the_page_is_that_of_the_vectors(page: Page, session: dict[str, Any]) -> None:
    first, *steps = session["steps"]
    connect_frame = connect(page, first["server"])
    if session["version"] == "1.2":  # The client offers all versions; the broker of the vector chooses.
        assert connect_frame == first["client"]
    page.evaluate("came.splice(0)")
    for step in steps:
        assert call(page, *step["call"]) == step["client"]
        assert hear(page, step["server"]) == frames_of(step["server"], session["version"])
