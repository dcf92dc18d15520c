"""The practice question on a player's phone: over the line, and over HTTP when the line says nothing."""

from typing import Any

from playwright.sync_api import Browser, expect

from tests.browser.samples import me, state
from tests.browser.stage import PHONE, Stage, staged


def opened(stage: Stage, option: str) -> Any:
    stage.page.get_by_text("Try a question").click()
    stage.page.get_by_role("button", name=option).click()
    return stage.page.locator("[data-ref=practised]")


def test_an_answer_goes_over_the_line_and_comes_back(browser: Browser) -> None:
    with staged(browser, state("lobby", me()), viewport=PHONE) as stage:
        stage.page.clock.install()
        stage.stop_clock()  # or a page that is slow would take the line for a silent one
        said = opened(stage, "The Sun")
        expect(stage.page.get_by_role("button", name="The Sun")).to_have_attribute("aria-pressed", "true")
        sent = "testBroker.sent.filter(([, data]) => data.practice)"
        [[destination, data]] = stage.page.evaluate(sent)
        assert destination == "/games/7/answers"
        stage.send("/players/7", "practice.received", data)
        stage.page.clock.run_for(100)
        expect(said).to_contain_text("Right! Your answer took")
        assert stage.bodies("practice") == []
        stage.page.clock.resume()
        assert stage.violations() == ""


def test_a_silent_line_is_told_from_one_that_carries(browser: Browser) -> None:
    """Over HTTP instead; when that fails too, the page says so and another try is possible."""
    with staged(browser, state("lobby", me()), viewport=PHONE) as stage:
        stage.answers["practice"] = lambda _: (0, {})
        stage.page.clock.install()
        said = opened(stage, "Mars")
        stage.page.clock.fast_forward(5_000)
        expect(said).to_have_text("That did not arrive. Please try again.")
        stage.errors.clear()  # Chromium logs the failed request
        stage.answers["practice"] = lambda body: (200, body)
        stage.page.get_by_role("button", name="Mars").click()
        stage.page.clock.fast_forward(5_000)
        expect(said).to_contain_text("It was not the right one")
