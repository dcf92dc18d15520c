"""``make screenshots``: plays a game in a copy of its own and writes the pictures of docs/screens/.

The host and two phones are Chromium (Debian's, or the one that CHROMIUM names); six more friends play over HTTP.
"""

import os
import sys
import uuid
from base64 import b64encode
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, Browser, Page, sync_playwright

from bench.server import OWNER, Server, running

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]

SITE_URL = "http://192.168.1.20:8000"
"""What the host's screen shows to players: an address as a home network has it."""

QUIZ = "Once round the Sun"
PROJECTOR = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
FRIENDS = ("Grace", "Edsger", "Barbara", "Donald", "Margaret", "Alan")
ANSWERED = 4
"""Of the friends, so many have answered when the picture is taken."""

OPEN_MS = 4_000
"""From the opening of the question to the picture: the countdown has moved."""

SETTLE_MS = 800
"""New names, and the colours of another scheme, come with a transition."""

COLLAGE = """
<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 10px; display: inline-flex; gap: 24px; align-items: center }
  img { display: block; border: 2px solid #8888; border-radius: 12px }
  .host { width: 1160px } .phone { width: 300px; border-radius: 28px }
</style>"""


def main() -> int:
    """Write the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with running(SITE_URL=SITE_URL) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        host = open_game(browser, server)
        pin = host.locator("[data-pin]").first.text_content().replace(" ", "")
        phones = [join(browser, server, pin, name) for name in ("Ada", "Linus")]
        friends = [befriend(phones[0].request, server, pin, name) for name in FRIENDS]
        host.locator(".name").nth(len(phones) + len(friends) - 1).wait_for()
        host.wait_for_timeout(SETTLE_MS)
        host.screenshot(path=FOLDER / "lobby.png")
        play(host, phones, friends, server)
        for scheme in ("light", "dark"):
            collage(browser, scheme, host, phones)
        browser.close()
    return 0


def open_game(browser: Browser, server: Server) -> Page:
    """The host's screen, in the lobby."""
    host = browser.new_page(viewport=PROJECTOR, locale="en")
    host.goto(f"{server.url}/quizzes/")
    host.locator('[name="login"]').fill(OWNER)
    host.get_by_label("Password").fill(server.environment["DEMO_PASSWORD"])
    host.get_by_role("button", name="Log in").click()
    host.get_by_role("button", name=f"Start game – {QUIZ}").click()
    host.locator('[data-screen="lobby"]').wait_for()
    return host


def join(browser: Browser, server: Server, pin: str, nickname: str) -> Page:
    """A phone in the lobby."""
    phone = browser.new_page(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, locale="en")
    phone.goto(f"{server.url}/join/?pin={pin}")
    phone.get_by_label("Your name in the game").fill(nickname)
    phone.get_by_role("button", name="Join the game").click()
    phone.locator('[data-screen="lobby"]').wait_for()
    return phone


def befriend(http: APIRequestContext, server: Server, pin: str, nickname: str) -> dict[str, Any]:
    """A player without a screen: what joining answered."""
    headers = {"Accept": "application/json"}
    return http.post(f"{server.url}/join/", data={"pin": pin, "nickname": nickname}, headers=headers).json()


def play(host: Page, phones: list[Page], friends: list[dict[str, Any]], server: Server) -> None:
    """Start, and have all but one phone and two friends answer the first question."""
    host.get_by_role("button", name="Start").click()
    answering, _ = phones
    options = answering.locator('[data-screen="question"] button.option')
    options.nth(2).click(timeout=20_000)
    state = answering.request.get(f"{server.url}/games/{friends[0]['game']}/state/").json()
    for number, friend in enumerate(friends[:ANSWERED]):
        choice = state["question"]["choices"][number % 3]["id"]
        answering.request.post(
            f"{server.url}/games/{friend['game']}/answer/",
            data={"answer_id": str(uuid.uuid4()), "question": state["question"]["id"], "choice": choice},
            headers={"Authorization": f"Bearer {friend['ticket']}"},
        )
    host.wait_for_timeout(OPEN_MS)


def collage(browser: Browser, scheme: str, host: Page, phones: list[Page]) -> None:
    """The host's screen beside the phones, as ``game-<scheme>.png``."""
    images = []
    for page, kind in ((host, "host"), *((phone, "phone") for phone in phones)):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(SETTLE_MS)
        images.append(f'<img class="{kind}" src="data:image/png;base64,{b64encode(page.screenshot()).decode()}">')
    page = browser.new_page(viewport={"width": 1900, "height": 800})
    page.set_content(COLLAGE + "".join(images))
    page.locator("body").screenshot(path=FOLDER / f"game-{scheme}.png", omit_background=True)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
