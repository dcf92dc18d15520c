"""xsdrBridge.html and xsdClose.html in frames of pages from other ports and hosts, in a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.oldpages import Layout, OldSite, Visit, open_site

# What Orbited.js of 2010 shares with its bridges.
PAGE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script>
    document.domain = document.domain;
    const events = [];
    const Orbited = { singleton: { XSDR: { queues: { 1: [] }, receiveCbs: { 1: (event) => events.push(event) } } } };
    window.Orbited = Orbited;
    function frame(url) {
        const frame = document.createElement("iframe");
        frame.src = url;
        document.body.append(frame);
        return new Promise((resolve) => { frame.onload = () => resolve(); });
    }
</script>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    yield from open_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def visit(site: OldSite, browser: Browser) -> Iterator[Visit]:
    """A page of the relay's host name and another port, which no list has."""
    site.write("bridge.html", PAGE)
    with Visit(browser, site.url("bridge.html", Layout.PORTS)) as visit:
        yield visit


def test_bridge_makes_requests_one_after_the_other(visit: Visit, site: OldSite) -> None:
    visit.run("url => frame(url)", f"{site.relay}/static/xsdrBridge.html#1")
    visit.wait("events.length === 1")
    assert visit.run("events[0]") == ["initialized"]
    visit.run("url => Orbited.singleton.XSDR.queues[1].push(['GET', url, null, {}])", f"{site.relay}/tcp")
    visit.wait("events.at(-1)[1]?.readyState === 4")
    key = visit.run("events.map(([, change]) => change?.responseText ?? '').join('')")
    assert len(key) == 32
    headers = {"content-type": "text/plain"}
    visit.run(
        "request => Orbited.singleton.XSDR.queues[1].push(request)",
        ["POST", f"{site.relay}/tcp/{key}", "11,105,close", headers],
    )
    visit.wait("events.filter(([, change]) => change?.readyState === 4).length === 2")
    assert visit.run("events.at(-1)[1].status") == 200


def test_close_page_posts_and_does_not_wait(visit: Visit, site: OldSite) -> None:
    visit.run("url => frame(url)", f"{site.relay}/static/xsdClose.html#localhost")
    with visit.page.expect_response(lambda answer: answer.url.endswith("/tcp/gone")) as answered:
        visit.run("url => frames[0].sendCloseFrame(url, '11,105,close')", f"{site.relay}/tcp/gone")
    assert answered.value.request.post_data == "11,105,close"
    assert answered.value.status == 404


def test_page_of_another_host_name_gets_no_bridge(visit: Visit, site: OldSite) -> None:
    visit.page.goto(f"http://127.0.0.1:{site.unlisted}/bridge.html")
    with visit.page.expect_console_message(lambda message: message.text.startswith("No bridge")):
        visit.run("url => frame(url)", f"{site.relay}/static/xsdrBridge.html#1")
    visit.run("url => Orbited.singleton.XSDR.queues[1].push(['GET', url, null, {}])", f"{site.relay}/tcp")
    visit.run("url => frame(url)", f"{site.relay}/static/xsdClose.html#localhost")
    assert visit.thrown("frames[1].sendCloseFrame").startswith("SecurityError")
    assert visit.run("[events, Orbited.singleton.XSDR.queues[1].length]") == [[], 1]
