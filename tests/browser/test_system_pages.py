"""/system in Chromium: what operators see, and a script that publishes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.system.relay import Relay

CONFIGURATION = """
[listen]
http://127.0.0.1:{http}
monitor://127.0.0.1:{echo}
stomp://127.0.0.1:{stomp}
[access]
* -> localhost:{echo}
* -> localhost:{stomp}
[global]
broker.auth = any
[test]
stompdispatcher.enabled = 1
"""
PHONE = {"width": 360, "height": 640}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def relay(chromium, tmp_path_factory):
    with Relay(tmp_path_factory.mktemp("relay"), CONFIGURATION) as relay:
        yield relay


@pytest.fixture
def page(relay, browser):
    """A page of a phone, which must not complain."""
    context = browser.new_context(base_url=f"http://localhost:{relay.ports['http']}", viewport=PHONE)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.goto("about:blank")  # As people leave: who is only cut off keeps a session for a while.
    context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/system", "/system/test", "/system/monitor"])
def test_pages_are_for_everybody(page, path, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_every_page_is_a_link_away(page):
    page.goto("/system")
    page.get_by_role("link", name="Monitor").click()
    page.get_by_role("heading", name="Monitor").wait_for()


def test_monitor_shows_what_its_listener_tells(relay, page):
    page.goto("/system/monitor")
    page.get_by_text("Connected.").wait_for()
    process = page.get_by_role("row", name="Process").get_by_role("cell")
    expect(process).to_have_text(str(relay.process.pid))
    sessions = page.get_by_role("row", name="Sessions").get_by_role("cell")
    expect(sessions).to_have_text("1")
    expect(page.get_by_role("row")).to_have_count(5)


SUBSCRIBE = """(port) => new Promise((ready) => {
    window.TCPSocket = Orbited.TCPSocket;
    window.heard = [];
    const stomp = new STOMPClient();
    stomp.onopen = stomp.onclose = stomp.onerror = () => {};
    stomp.onconnectedframe = () => stomp.subscribe("/topic/news", { receipt: "1" });
    stomp.onreceiptframe = ready;
    stomp.onmessageframe = (frame) => heard.push(frame.body);
    stomp.connect("localhost", port, "anybody", "anything");
})"""


def test_script_publishes_to_who_is_subscribed(relay, page):
    page.goto("/system/test")
    for script in ("/static/Orbited.js", "/static/protocols/stomp/stomp.js"):
        page.add_script_tag(url=script)
    page.evaluate(SUBSCRIBE, relay.ports["stomp"])
    page.add_script_tag(url="/system/test/stomp?dest=/topic/news&msg=perch%C3%A9%20no%3F%20%F0%9F%98%80")
    page.wait_for_function("heard.length")
    assert page.evaluate("heard") == ["perché no? \N{GRINNING FACE}"]


def test_monitor_says_when_its_listener_is_gone(chromium, browser, tmp_path):
    with Relay(tmp_path, CONFIGURATION) as relay:
        page = browser.new_page()
        page.goto(f"http://localhost:{relay.ports['http']}/system/monitor")
        page.get_by_text("Connected.").wait_for()
        relay.process.terminate()
        page.get_by_text("The connection has ended").wait_for(timeout=60_000)
        page.close()
