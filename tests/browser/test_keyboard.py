"""A whole game without a pointer, of host and player: where the focus is at each step, and what is said."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.samples import host, judged, me, now, question, state
from tests.browser.stage import PHONE, PROJECTOR, Stage, staged

STATUS = "/games/7/status"
LIVE = "[data-announcer]"
PRIVATE = ("game", "pin", "title", "total", "seq", "server_time", "me")
MANY_TABS = 30


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button of that name has the focus."""
    button = page.get_by_role("button", name=name)
    for _ in range(MANY_TABS):
        page.keyboard.press("Tab")
        if button.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {name}")


class Game:
    """The server between two pages: each step of the host is told to both."""

    def __init__(self, wall: Stage, phone: Stage) -> None:
        self.wall, self.phone, self.seq = wall, phone, 17

    def goes_to(self, phase: str, type: str, **changes: Any) -> None:
        self.seq += 1
        for stage in (self.wall, self.phone):
            stage.state = state(phase, stage.state["me"], **changes, seq=self.seq, version=self.seq)
            data = {key: value for key, value in stage.state.items() if key not in PRIVATE}
            stage.send(STATUS, type, data, seq=self.seq)

    def tells_player(self, own: dict[str, Any]) -> None:
        self.phone.state["me"] = own
        self.phone.send("/players/7", "player.result", {"me": own, "corrected": False})


def heading_has_focus(page: Page, text: str | re.Pattern[str]) -> None:
    """The eye and the focus are at the screen's heading."""
    heading = page.locator("[data-screen]:not([hidden]) h1")
    expect(heading).to_have_text(text)
    expect(heading).to_be_focused()


def test_a_whole_game_is_played_by_keyboard_alone(browser: Browser) -> None:
    lobby = {"seq": 17, "standings": []}
    with (
        staged(browser, state("lobby", host(), **lobby), viewport=PROJECTOR, reduced_motion="reduce") as wall,
        staged(browser, state("lobby", me(place=None), **lobby), viewport=PHONE, reduced_motion="reduce") as phone,
    ):
        game, onward = Game(wall, phone), wall.page.locator('[data-controls] [data-ref="next"]')

        tab_to(wall.page, "Start the game")
        wall.page.keyboard.press("Enter")
        wall.until(lambda: len(wall.bodies("start")) == 1)
        game.goes_to("countdown", "game.started")
        heading_has_focus(phone.page, "Get ready")

        game.goes_to("reading", "question.reading")
        heading_has_focus(phone.page, re.compile("Which planet"))
        expect(wall.page.locator(LIVE)).to_have_text(re.compile("Which planet"))
        expect(onward).to_be_focused()

        wall.page.keyboard.press("Enter")
        wall.until(lambda: len(wall.bodies("next")) == 1)
        slow = {"phase_ends_at": now() + 120_000, "question": question(time_limit_ms=120_000)}
        game.goes_to("open", "question.opened", **slow)
        expect(phone.page.locator(LIVE)).to_have_text(re.compile("^Choose one. 1"))
        expect(wall.page.locator(LIVE)).to_have_text("Answers can be given now.")
        phone.page.keyboard.press("2")
        phone.until(lambda: len(phone.bodies("answer")) == 1)
        phone.send("/players/7", "answer.received", {**phone.bodies("answer")[0], "received_at": 1, "elapsed_ms": 1})
        expect(phone.page.locator(LIVE)).to_have_text("Received. The result comes when the question closes.")

        wall.page.keyboard.press("Enter")
        wall.until(lambda: len(wall.bodies("next")) == 2)
        game.goes_to("reveal", "question.closed")
        game.tells_player(me(answer=judged(right=True), gained=900, place=2))
        heading_has_focus(phone.page, "Right!")
        expect(phone.page.locator(LIVE)).to_have_text(re.compile(r"\+900. You are 2nd of 12"))
        expect(wall.page.locator(LIVE)).to_have_text("The result is shown.")

        wall.page.keyboard.press("Enter")
        wall.until(lambda: len(wall.bodies("next")) == 3)
        game.goes_to("standings", "standings.shown", last=True)
        heading_has_focus(phone.page, re.compile("2nd"))
        expect(onward).to_have_text("To the podium")

        wall.page.keyboard.press("Enter")
        wall.until(lambda: len(wall.bodies("next")) == 4)
        game.goes_to("podium", "podium.shown")
        heading_has_focus(phone.page, re.compile("2nd of 12"))
        expect(onward).to_be_focused()
        expect(onward).to_have_text("End the game")
