"""Kinds of question on phone and wall: typed answers, polls, and one of an app outside of the package."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.samples import host, judged, me, question, reveal, state
from tests.browser.stage import PHONE, PROJECTOR, Stage, staged

TYPED = question(kind="typed", choices=[], view={"max_chars": 80})
TYPED_REVEAL = reveal(
    right=["Kepler", "Johannes Kepler"], counts={"Kepler": 5, "Johannes Kepler": 1, "1609": 2, "Galileo": 3}
)
POLL = question(kind="poll", judged=False, points=0)
POLL_REVEAL = reveal(right=[])
STARS = question(kind="stars", choices=[], view={"most": 5})


def stored(stage: Stage) -> None:
    """The server takes whatever answer comes."""
    receipt = {"received_at": 0, "elapsed_ms": 900, "round": 1}
    stage.answers["answer"] = lambda body: (200, {**body, **receipt})


def test_a_typed_answer_is_sent_by_enter(browser: Browser) -> None:
    with staged(browser, state("open", question=TYPED), viewport=PHONE) as stage:
        stored(stage)
        field = stage.page.get_by_role("textbox", name="Your answer")
        expect(field).to_be_focused()
        expect(field).to_have_attribute("maxlength", "80")
        field.fill(" kepler ")
        assert stage.violations() == ""
        field.press("Enter")
        expect(stage.page.locator('[data-ref="status"]')).to_contain_text("Received")
        [sent] = stage.bodies("answer")
        assert sent["choice"] == "kepler"
        expect(field).to_have_js_property("readOnly", True)


@pytest.mark.parametrize("kind", ["choice", "typed", "number", "order", "match", "open"])
def test_a_question_of_any_kind_stands_alone_while_it_is_read(browser: Browser, kind: str) -> None:
    alone = question(kind=kind, choices=[], view={})
    with staged(browser, state("reading", question=alone), viewport=PHONE) as stage:
        expect(stage.page.get_by_role("heading", name=alone["text"])).to_be_visible()
        expect(stage.page.locator(".question__hint")).not_to_be_empty()
        expect(stage.page.get_by_role("textbox")).to_have_count(0)
        assert stage.errors == []


def test_nothing_typed_sends_nothing(browser: Browser) -> None:
    with staged(browser, state("open", question=TYPED), viewport=PHONE) as stage:
        stage.page.keyboard.press("Enter")
        send = stage.page.get_by_role("button", name="Send my answer")
        expect(send).to_have_attribute("aria-disabled", "true")
        assert stage.bodies("answer") == []


@pytest.mark.parametrize(
    ("right", "headline"), [(True, "Right!"), (False, "Not this time"), (None, "Your result comes in a moment")]
)
def test_the_server_alone_judges_what_was_typed(browser: Browser, right: bool | None, headline: str) -> None:
    own = {**judged(right=bool(right)), "choice": "keplr", "right": right, "points": None if right is None else 0}
    with staged(browser, state("reveal", me(answer=own), question=TYPED, reveal=TYPED_REVEAL), viewport=PHONE) as stage:
        expect(stage.page.get_by_role("heading", name=headline)).to_be_visible()
        expect(stage.page.locator('.typed__told [data-ref="own"]')).to_have_text("keplr")
        expect(stage.page.locator(".typed__line")).to_contain_text(["Kepler", "Johannes Kepler", "Galileo", "1609"])
        assert stage.violations() == ""
        assert stage.size()[0] <= PHONE["width"]


def test_the_wall_shows_what_was_typed_after_the_reveal_alone(browser: Browser) -> None:
    with staged(browser, state("open", host(), question=TYPED), viewport=PROJECTOR) as stage:
        expect(stage.page.locator('[data-ref="wait"]')).to_have_text("Type your answer.")
        expect(stage.page.locator(".typed__line")).to_have_count(0)
    shown = state("reveal", host(), question=TYPED, reveal=TYPED_REVEAL)
    with staged(browser, shown, viewport=PROJECTOR) as stage:
        expect(stage.page.locator(".typed__line--right")).to_have_count(2)
        assert stage.violations() == ""
        assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])


def test_a_poll_thanks_and_calls_nothing_right_or_wrong(browser: Browser) -> None:
    own = {**judged(right=False), "right": None, "points": 0}
    shown = state("reveal", me(answer=own), question=POLL, reveal=POLL_REVEAL)
    with staged(browser, shown, viewport=PHONE) as stage:
        expect(stage.page.get_by_role("heading", name="Thank you for your answer")).to_be_visible()
        expect(stage.page.locator(".option--faded, .option--right")).to_have_count(0)
        expect(stage.page.get_by_text("Your choice")).to_have_count(1)
        assert stage.violations() == ""


def test_several_may_be_chosen_in_a_poll_and_no_points_are_promised(browser: Browser) -> None:
    with staged(browser, state("open", question={**POLL, "several": True}), viewport=PHONE) as stage:
        stored(stage)
        expect(stage.page.get_by_text("Choose one or more, then send.", exact=True)).to_be_visible()
        expect(stage.page.locator('[data-screen="question"] [data-ref="points"]')).to_have_text(
            "No points: just your view"
        )
        stage.page.locator("main").focus()
        for key in ("1", "c", "Enter"):
            stage.page.keyboard.press(key)
        stage.until(lambda: stage.bodies("answer") != [])
        assert stage.bodies("answer")[0]["choice"] == ["a", "c"]


def test_a_kind_of_another_app_brings_its_own_views(browser: Browser) -> None:
    with staged(browser, state("open", question=STARS), viewport=PHONE) as stage:
        stored(stage)
        stage.page.get_by_label("Stars").fill("4")
        stage.page.get_by_role("button", name="Send my answer").click()
        stage.until(lambda: stage.bodies("answer") != [])
        assert stage.bodies("answer")[0]["choice"] == 4
    shown = reveal(right=4, counts={"3": 1, "4": 2})
    own: dict[str, Any] = {**judged(right=True), "choice": 4}
    with staged(browser, state("reveal", me(answer=own), question=STARS, reveal=shown)) as stage:
        expect(stage.page.get_by_text("Right: 4")).to_be_visible()
    with staged(browser, state("reveal", host(), question=STARS, reveal=shown)) as stage:
        expect(stage.page.get_by_text("3: 1, 4: 2")).to_be_visible()
