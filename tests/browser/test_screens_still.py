"""Nothing jumps while a screen stays, titles of background tabs, and keys after a reload."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.samples import RECEIPT, State, host, judged, me, now, question, state
from tests.browser.stage import PHONE, PROJECTOR, Stage, staged

MOST = 0.02
"""Of the window, times how far it moved (layout shift score); issue 5 asks that nothing jumps."""

WATCH = """() => {
  globalThis.moved = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) moved += value;
  }).observe({ type: "layout-shift" });
}"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def go_on(stage: Stage, following: State) -> None:
    """The game reaches another state, as all pages hear it."""
    following["seq"] = stage.state["seq"] + 1
    following["version"] = stage.state["version"] + 1
    stage.state = following
    shared = {name: value for name, value in following.items() if name not in ("me", "seq")}
    stage.send("/games/7/status", "game.changed", shared, seq=following["seq"])


def moved(stage: Stage) -> float:
    stage.settle()
    stage.page.wait_for_timeout(50)  # An observer hears of a frame after it.
    return stage.page.evaluate("moved")


@pytest.mark.parametrize(("role", "size"), [("player", PHONE), ("host", PROJECTOR)], ids=["phone", "wall"])
def test_nothing_jumps_when_a_question_opens_and_is_answered(browser: Browser, role: str, size: Any) -> None:
    own = me() if role == "player" else host()
    with staged(browser, state("reading", own), viewport=size) as stage:
        stage.settle()
        stage.page.evaluate(WATCH)
        go_on(stage, state("open", own))
        expect(stage.page.locator("[data-screen=question] .option").nth(3)).to_be_visible()
        assert moved(stage) <= MOST
        if role == "player":
            stage.answers["answer"] = lambda body: (200, {**RECEIPT, **body, "received_at": now()})
            stage.page.keyboard.press("2")
            expect(stage.page.locator('[data-ref="status"]')).to_contain_text("Received")
        else:
            go_on(stage, state("reveal", own))
            expect(stage.page.locator(".option--right")).to_be_visible()
        assert moved(stage) <= MOST


def test_nothing_jumps_when_the_line_is_lost_and_comes_back(browser: Browser) -> None:
    with staged(browser, state("open"), viewport=PHONE) as stage:
        stage.settle()
        stage.page.evaluate(WATCH)
        stage.page.evaluate("testBroker.cut()")
        expect(stage.page.locator("[data-connection]")).to_have_attribute("data-mood", "back")  # and away before
        assert moved(stage) <= MOST


def test_nothing_jumps_when_the_personal_result_follows_the_reveal(browser: Browser) -> None:
    with staged(browser, state("reveal", me(answer=judged(right=True) | {"right": None})), viewport=PHONE) as stage:
        stage.settle()
        stage.page.evaluate(WATCH)
        result = me(answer=judged(right=True), gained=900, points=2610, place=2)
        stage.send("/players/7", "player.result", {"me": result, "corrected": False})
        expect(stage.page.get_by_role("heading", name="Right!")).to_be_visible()
        assert moved(stage) <= MOST


@pytest.mark.parametrize("role", ["player", "host"])
def test_a_background_tab_counts_what_came_until_it_is_seen(browser: Browser, role: str) -> None:
    own = me() if role == "player" else host()
    with staged(browser, state("reading", own), viewport=PHONE) as stage:
        title = stage.page.title()
        stage.page.evaluate(HIDE, True)
        go_on(stage, state("open", own))
        stage.until(lambda: stage.page.title() == f"(1) {title}")
        go_on(stage, state("reveal", own))
        stage.until(lambda: stage.page.title().startswith("(2) "))
        stage.page.evaluate(HIDE, False)
        stage.until(lambda: not stage.page.title().startswith("("))
        go_on(stage, state("standings", own))
        stage.until(lambda: "The sky above us" in stage.page.title() and stage.page.title() != title)
        assert not stage.page.title().startswith("(")


def test_keys_answer_after_a_reload_without_a_click(browser: Browser) -> None:
    with staged(browser, state("open", question=question()), viewport=PHONE) as stage:
        assert stage.page.evaluate("document.activeElement === document.body")
        stage.answers["answer"] = lambda body: (200, {**RECEIPT, **body, "received_at": now()})
        stage.page.keyboard.press("b")
        stage.until(lambda: stage.bodies("answer") != [])
        assert stage.bodies("answer")[0]["choice"] == ["b"]
