"""HTMLFileFrame.js and HTMLFileClose.js in a frame of a real Chromium; the page stands in for old ones' script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.oldpages import Layout, OldSite, Visit, open_site

# What Orbited.js of 2010 has in a page: transports that frames find by their number. It answers pings.
TRANSPORT = """() => {
    window.seen = { packets: [], started: 0, restarts: [], closed: 0 };
    window.Orbited = { singleton: { HTMLFile: { instances: { 7: {
        streamStarted() { seen.started += 1; },
        restartingStream(url) { seen.restarts.push(url); },
        streamClosed() { seen.closed += 1; },
        receive(number, name, payload) {
            seen.packets.push([number, name, payload]);
            if (name === "ping") post(number, ["2", "ping", ""]);
        },
    } } } } };
    window.post = (ack, words) => {
        const packet = words.map((word, index) => (index < words.length - 1 ? "1" : "0") + word.length + "," + word);
        return fetch(`/tcp/${key}?ack=${ack}`, { method: "POST", body: packet.join("") });
    };
}"""
FRAME = """(url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    yield from open_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def visit(site: OldSite, browser: Browser) -> Iterator[Visit]:
    site.write("frames.html", "<!doctype html><meta charset='utf-8'><body>")
    with Visit(browser, site.url("frames.html", Layout.ORIGIN)) as visit:
        visit.run(TRANSPORT)
        yield visit
        assert visit.errors == []


def test_frame_hands_packets_to_its_transport_and_goes_on_in_another_answer(visit: Visit, site: OldSite) -> None:
    visit.run("async () => { window.key = await (await fetch('/tcp')).text(); }")
    visit.run(FRAME, f"/tcp/{visit.run('key')}/htmlfile?frameID=7")
    visit.wait("seen.packets.some(([, name]) => name === 'open')")
    assert visit.run("seen.started") == 1
    with site.backend() as listener:
        visit.run("text => post(2, ['1', 'data', btoa(text)])", f"localhost:{site.sink}\n")
        backend, _ = listener.accept()
        with backend:
            backend.sendall(b"0123456789abcdef" * 81920)  # more than one answer holds
            visit.wait("seen.restarts.length > 0")
        visit.wait("seen.packets.some(([, name]) => name === 'close')")
    packets = visit.run("seen.packets")
    numbers = [int(number) for number, name, _ in packets if name in ("data", "close")]
    assert numbers == list(range(3, 3 + len(numbers)))
    data = visit.run("seen.packets.filter(([, name]) => name === 'data').map(([,, payload]) => atob(payload)).join('')")
    assert data == "1" + "0123456789abcdef" * 81920


def test_frame_of_a_session_that_is_over_closes_its_transport(visit: Visit) -> None:
    visit.run(FRAME, f"/tcp/{'0' * 32}/htmlfile?frameID=7")
    visit.wait("seen.closed === 1")
