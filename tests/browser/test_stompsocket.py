"""@stomp/stompjs in a real Chromium, over a plain WebSocket: a real relay's /stomp and the broker in its process."""

import json
import shutil
from collections.abc import Iterator

import pytest
import stomp
from playwright.sync_api import Browser

from tests.browser.oldpages import LOGIN, PASSCODE, Layout, OldSite, Visit, open_site
from tests.system.stompjs import LIBRARY, SCRIPT, assert_heard

SCRIPTS = '<script src="/stomp.umd.min.js"></script><script src="/stompjs.js"></script>'
HEAD = '<!doctype html><meta charset="utf-8"><title>stompjs</title><link rel="icon" href="data:,">'
NEWS = "/topic/news"

# A client that notes what happens to it in `seen`, and the bodies that came in `came`.
CONNECT = """([url, headers, settings]) => {
    window.seen = [];
    window.came = [];
    window.client = new StompJs.Client({
        brokerURL: url, connectHeaders: headers, reconnectDelay: 0, ...settings,
        onConnect: () => {
            client.subscribe("/topic/news", (message) => came.push(message.body), { receipt: "subscribed" });
            client.watchForReceipt("subscribed", () => seen.push("subscribed"));
        },
        onStompError: (frame) => seen.push("error " + frame.headers.message),
        onWebSocketClose: (event) => seen.push("closed " + event.code),
    });
    client.activate();
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    for site in open_site(tmp_path_factory.mktemp("site")):
        site.write("page.html", HEAD + SCRIPTS)
        shutil.copy(LIBRARY, site.folder / "site")
        shutil.copy(SCRIPT, site.folder / "site")
        yield site


@pytest.fixture
def visit(site: OldSite, browser: Browser) -> Iterator[Visit]:
    """A page of the relay's own origin that has loaded the library."""
    with Visit(browser, site.url("page.html", Layout.ORIGIN)) as visit:
        yield visit


def connect(visit: Visit, site: OldSite, query: str = "", **settings: object) -> None:
    headers = {"login": LOGIN, "passcode": PASSCODE}
    visit.run(CONNECT, [f"ws://localhost:{site.http}/stomp{query}", headers, settings])


def connected(visit: Visit, site: OldSite, **settings: object) -> None:
    connect(visit, site, **settings)
    visit.wait("seen.includes('subscribed')")


def publish(site: OldSite, destination: str, body: str) -> None:
    """As a Django process does it."""
    connection = stomp.StompConnection12([("localhost", site.stomp)])
    connection.connect(LOGIN, PASSCODE, wait=True)
    connection.send(destination, body)
    connection.disconnect()


def send(visit: Visit, body: str) -> None:
    visit.run("(body) => client.publish({ destination: '/topic/news', body })", body)


@pytest.mark.parametrize("options", [{}, {"forceBinaryWSFrames": True}, {"splitLargeFrames": True}], ids=str)
def test_messages_go_both_ways_whatever_frames_the_client_sends(
    visit: Visit, site: OldSite, options: dict[str, object]
) -> None:
    connected(visit, site, **options)
    bodies = ["Perché no? 😀 \u0000 x", "ü" * 20_000]
    for body in bodies:
        send(visit, body)
    visit.wait("came.length === 2")
    assert visit.run("came") == bodies
    publish(site, NEWS, "dal server €")
    visit.wait("came.length === 3")
    assert visit.run("came[2]") == "dal server €"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_does_all_it_has(visit: Visit, site: OldSite, version: str) -> None:
    arguments = [f"ws://localhost:{site.http}/stomp", {"login": LOGIN, "passcode": PASSCODE}, version]
    assert_heard(visit.run("(these) => play(StompJs, ...these)", arguments), version)


def test_the_newest_version_is_spoken(visit: Visit, site: OldSite) -> None:
    connected(visit, site)
    assert visit.run("[client.webSocket.protocol, client.connectedVersion]") == ["v12.stomp", "1.2"]


def test_hundreds_of_messages_come_in_order(visit: Visit, site: OldSite) -> None:
    connected(visit, site)
    connection = stomp.StompConnection12([("localhost", site.stomp)])
    connection.connect(LOGIN, PASSCODE, wait=True)
    for number in range(500):
        connection.send(NEWS, f"{number} è")
    visit.wait("came.length === 500")
    connection.disconnect()
    assert visit.run("came") == [f"{number} è" for number in range(500)]


def test_heart_beats_keep_a_silent_client(visit: Visit, site: OldSite) -> None:
    connected(visit, site, heartbeatIncoming=1000, heartbeatOutgoing=1000)
    visit.page.wait_for_timeout(4000)
    assert visit.run("[client.connected, seen.length]") == [True, 1]


def test_another_allowed_target_can_be_named_and_no_other(visit: Visit, site: OldSite) -> None:
    connected(visit, site, query=f"?to=localhost:{site.stomp}")
    connect(visit, site, query="?to=localhost:22")
    visit.wait("seen.includes('closed 1006')")


def test_b22_a_login_that_is_cut_is_closed_for_good(visit: Visit, site: OldSite) -> None:
    connected(visit, site)
    publish(site, "/broker/control", json.dumps({"cut": f"service:{LOGIN}"}))
    visit.wait("seen.includes('closed 4501')")
    assert visit.run("seen") == ["subscribed", "error kicked", "closed 4501"]


def test_b01_a_page_of_another_origin_gets_no_connection(site: OldSite, browser: Browser) -> None:
    with Visit(browser, site.url("page.html", Layout.PORTS)) as visit:
        connect(visit, site)
        visit.wait("seen.includes('closed 1006')")


def test_b01_a_listed_one_does(site: OldSite, browser: Browser) -> None:
    with Visit(browser, site.url("page.html", Layout.CORS)) as visit:
        connected(visit, site)
