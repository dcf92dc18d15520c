"""A game behind a real nginx with deploy/nginx.conf: pages, relay and broker of one origin, over TLS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import NO_WEBSOCKET, Party
from tests.nginx import Nginx, nginx_is_here
from tests.stack import Stack, free_port

TRUSTING = {who: {"ignore_https_errors": True} for who in ("host", "ada", "bob")}


class StackBehindNginx(Stack):
    """As docs/operating.md says for a server: the web process knows its address, and the relay's, as browsers do."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.front = free_port()
        self.url = f"https://localhost:{self.front}"
        self.environment["ORBITED_ORIGINS"] = ""

    def launch(self, name: str, command: str | None = None, **settings: str) -> None:
        if name == "web":
            settings |= {"SITE_URL": self.url, "ORBITED_PORT": str(self.front)}
        super().launch(name, command, **settings)


@pytest.fixture(scope="module")
def stack(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    nginx_is_here()
    folder = tmp_path_factory.mktemp("stack")
    with StackBehindNginx(folder) as stack:
        ports = (stack.ports["WEB_PORT"], stack.ports["ORBITED_PORT"])
        with Nginx(folder / "nginx", *ports, port=stack.front):
            yield stack


@pytest.mark.parametrize(("script", "transport"), [("", "websocket"), (NO_WEBSOCKET, "stream")])
def test_a_question_is_played(browser: Browser, stack: Stack, script: str, transport: str) -> None:
    with Party(browser, stack, **TRUSTING) as party:
        for screen in party.screens:
            screen.context.add_init_script(script)
        party.gather(stack.quiz())
        party.host.press_on()
        question = party.host.until("open").question()
        party.ada.tap(question, question.right)
        party.bob.type(question, question.wrong)
        party.host.until("reveal")
        for phone, outcome in ((party.ada, "right"), (party.bob, "wrong")):
            expect(phone.page.locator("[data-outcome]")).to_have_attribute("data-outcome", outcome)
        assert [screen.transports for screen in party.screens] == [{transport}] * 3
