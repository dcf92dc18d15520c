"""A page and a configuration of 2010, as they were: with the files of then, and with ours under the same names."""

import json
from collections.abc import Iterator

import pytest
import stomp
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import skip_or_fail
from tests.browser.oldpages import Layout, OldSite, Visit, open_site
from tests.stack import ROOT, wait_until
from tools import fetch_orbited

TEMPLATE = (ROOT / "tests" / "browser" / "page_of_2010.html").read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    """The broker lets everybody in, as that of Orbited 0.7 did."""
    yield from open_site(tmp_path_factory.mktemp("site"), auth="any")


@pytest.fixture
def originals(site: OldSite) -> tuple[Layout, str]:
    """Orbited 0.7.10's own files, over bridge pages."""
    if not fetch_orbited.is_here():
        skip_or_fail("Orbited 0.7.10's own browser files are not here: run tools/install-test-programs")
    return Layout.PORTS, "/originals"


@pytest.fixture
def ours(site: OldSite) -> tuple[Layout, str]:
    """The relay's files of the same names."""
    return Layout.CORS, f"{site.relay}/static"


@pytest.fixture(params=["originals", "ours"])
def page(request: pytest.FixtureRequest, site: OldSite, browser: Browser) -> Iterator[Visit]:
    """The page, from another port than the relay's."""
    layout, media = request.getfixturevalue(request.param)
    site.write("news.html", rendered(site, media))
    with Visit(browser, site.url("news.html", layout)) as visit:
        yield visit


def rendered(site: OldSite, media: str) -> str:
    """What Django would make of the template."""
    values = {"media": media, "orbited_port": site.http, "orbited_host": "localhost", "stomp_port": site.stomp}
    html = TEMPLATE
    for name, value in values.items():
        html = html.replace(f"{{{{ {name} }}}}", str(value))
    return html


def publish(site: OldSite, author: str, text: str) -> None:
    """As a Django view of 2010 did it: without waiting for a receipt, over STOMP 1.0."""
    connection = stomp.StompConnection10([("localhost", site.stomp)])
    connection.connect(wait=True)
    connection.send("/news", json.dumps({"author": author, "text": text}))
    connection.disconnect()


def messages_of(page: Visit, site: OldSite) -> Locator:
    """What it shows, once the broker knows of its subscription: a page of 2010 hears nothing of that."""
    mark = "Is anybody there?"
    marked = page.page.locator("#messages li", has_text=mark)

    def hears() -> int:
        publish(site, "The test", mark)
        return marked.count()

    expect(page.page.locator("#log li")).to_have_text(["open", "connected"])
    wait_until(hears)
    return page.page.locator("#messages li", has_not_text=mark)


def test_messages_are_shown(page: Visit, site: OldSite) -> None:
    messages = messages_of(page, site)
    publish(site, "Ada", "Perché no? 100 €")
    publish(site, "Grace", "<b>plain text</b>")
    expect(messages).to_have_text(["Ada: Perché no? 100 €", "Grace: <b>plain text</b>"])
    assert page.errors == []


def test_reloaded_page_is_there_again(page: Visit, site: OldSite) -> None:
    log = page.page.locator("#log li")
    expect(log).to_have_text(["open", "connected"])
    page.page.reload()
    messages = messages_of(page, site)
    publish(site, "Ada", "again")
    expect(messages).to_have_text(["Ada: again"])


def test_login_may_be_left_out_where_the_broker_asks_for_none(page: Visit, site: OldSite) -> None:
    page.run(
        """port => {
            window.anonymous = new STOMPClient();
            anonymous.onconnectedframe = () => { anonymous.isIn = true; };
            anonymous.connect("localhost", port);
        }""",
        site.stomp,
    )
    page.wait("anonymous.isIn")
