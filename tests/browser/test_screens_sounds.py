"""What is heard of a game, and the switch for it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.samples import host, me, state
from tests.browser.stage import PHONE, Stage, staged
from tests.browser.test_screens_still import go_on

LISTEN = """() => {
 globalThis.heard = [];
OscillatorNode = class extends OscillatorNode {
  constructor(context, options) { super(context, options); heard.push(options.frequency); }
};}"""
JOIN, OPENS = [880], [523, 784]


def press(stage: Stage, role: str) -> None:
    if role == "host":
        stage.page.locator(".more > summary").click()
    stage.page.locator("[data-sounds]").click()


def hears(stage: Stage, notes: list[int]) -> None:
    stage.until(lambda: stage.page.evaluate("heard") == notes)


@pytest.mark.parametrize(("role", "on"), [("player", False), ("host", True)])
def test_the_switch_is_remembered_and_says_how_it_stands(browser: Browser, role: str, on: Any) -> None:
    words = ["Sounds are off", "Sounds are on"]
    with staged(browser, state("lobby", me() if role == "player" else host()), viewport=PHONE) as stage:
        expect(stage.page.locator("[data-sounds]")).to_have_text(words[on])
        press(stage, role)
        expect(stage.page.locator("[data-sounds]")).to_have_text(words[not on])
        stage.page.reload()
        expect(stage.page.locator("[data-sounds]")).to_have_text(words[not on])


def test_a_phone_is_silent_until_it_is_asked(browser: Browser) -> None:
    with staged(browser, state("lobby"), viewport=PHONE) as stage:
        stage.page.evaluate(LISTEN)
        go_on(stage, state("open"))
        expect(stage.page.locator("[data-screen=question] .option").nth(3)).to_be_visible()
        assert stage.page.evaluate("heard") == []


def test_a_phone_that_was_asked_hears_when_a_question_opens(browser: Browser) -> None:
    with staged(browser, state("lobby"), viewport=PHONE) as stage:
        stage.page.evaluate(LISTEN)
        press(stage, "player")
        hears(stage, JOIN)
        go_on(stage, state("open"))
        hears(stage, JOIN + OPENS)
