"""Open questions on phone and wall: what is written, the cloud, the texts in pages, and what a host hides."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.samples import host, judged, me, question, reveal, state
from tests.browser.stage import PHONE, PROJECTOR, staged
from tests.browser.test_screens_kinds import stored

WORDS = {"curiosity": 41, "silence": 23, "Gravity": 17, "the long way home": 9, "stars": 6, "42": 3, "cold": 1, "é": 1}
TEXTS = [f"Thought {n}: {'as long as a text may be, and then some more ' * 3}"[:120].strip() for n in range(20)]


def asked(form: str = "cloud", **changes: Any) -> dict[str, Any]:
    view = {"form": form, "entries": 3 if form == "cloud" else 1, "max_chars": 40 if form == "cloud" else 120}
    text = "What comes to your mind when you look up at night?"
    return question(kind="open", judged=False, points=0, choices=[], text=text, view=view, **changes)


def told(counts: dict[str, int], more: int = 0) -> dict[str, Any]:
    return reveal(right=[], counts=counts, view={"order": list(counts), "more": more}, explanation="")


def long_phrases() -> dict[str, int]:
    return {f"quite a long phrase, number {n}, of forty, it is"[:40]: 48 - 2 * n for n in range(24)}


def many_words() -> dict[str, int]:
    return {f"word no. {n}": max(1, 20 - n) for n in range(60)}


def test_a_cloud_takes_several_words(browser: Browser) -> None:
    with staged(browser, state("open", question=asked()), viewport=PHONE) as stage:
        stored(stage)
        first = stage.page.get_by_role("textbox", name="Your word 1")
        expect(first).to_be_focused()
        expect(first).to_have_attribute("maxlength", "40")
        first.fill("stars")
        stage.page.get_by_role("textbox", name="Your word 3").fill(" silence ")
        assert stage.violations() == ""
        assert stage.size()[0] <= PHONE["width"]
        stage.page.keyboard.press("Enter")
        stage.until(lambda: stage.bodies("answer") != [])
        assert stage.bodies("answer")[0]["choice"] == ["stars", "silence"]
        expect(first).to_have_js_property("readOnly", True)


def test_a_text_is_sent_by_enter_and_has_no_second_line(browser: Browser) -> None:
    with staged(browser, state("open", question=asked("text")), viewport=PHONE) as stage:
        stored(stage)
        field = stage.page.get_by_role("textbox", name="Your answer")
        expect(field).to_have_attribute("maxlength", "120")
        stage.page.keyboard.press("Enter")
        assert stage.bodies("answer") == []
        field.fill("I feel small.")
        field.press("Enter")
        stage.until(lambda: stage.bodies("answer") != [])
        assert stage.bodies("answer")[0]["choice"] == ["I feel small."]
        expect(field).to_have_value("I feel small.")
        assert stage.violations() == ""


def test_a_player_sees_the_cloud_and_the_own_words(browser: Browser) -> None:
    own = {**judged(right=False), "right": None, "points": 0, "choice": ["stars", "silence"]}
    shown = state("reveal", me(answer=own), question=asked(), reveal=told(WORDS, more=312))
    with staged(browser, shown, viewport=PHONE) as stage:
        expect(stage.page.get_by_role("heading", name="Thank you for your answer")).to_be_visible()
        expect(stage.page.locator('.open__own [data-ref="own"]')).to_have_text("stars · silence")
        expect(stage.page.get_by_text("and 312 more")).to_be_visible()
        words = stage.page.get_by_role("list", name="What was written").get_by_role("listitem")
        expect(words.locator(".answer__text")).to_have_text(list(WORDS))
        expect(words.first).to_have_attribute("data-size", "5")
        expect(stage.page.locator(".answer__hide")).to_have_count(0)
        assert stage.violations() == ""
        assert stage.size()[0] <= PHONE["width"]


def test_the_wall_shows_nobodys_words_before_the_reveal(browser: Browser) -> None:
    with staged(browser, state("open", host(), question=asked()), viewport=PROJECTOR) as stage:
        expect(stage.page.locator('[data-ref="wait"]')).to_have_text("Write what comes to your mind.")
        counts = {"players": 12, "expected": 12, "answered": 9, "question": 31, "left": None, "members": []}
        stage.send("/games/7/players", "counts.changed", counts)
        expect(stage.page.get_by_text("9 of 12 answered")).to_be_visible()
        expect(stage.page.locator("[data-answers]")).to_be_hidden()
        assert stage.violations() == ""


@pytest.mark.parametrize("words", [WORDS, long_phrases(), many_words()], ids=["few", "long", "many"])
def test_a_cloud_fits_on_the_wall(browser: Browser, words: dict[str, int]) -> None:
    shown = state("reveal", host(), question=asked(), reveal=told(words, more=940), answered=11)
    with staged(browser, shown, viewport=PROJECTOR) as stage:
        expect(stage.page.locator(".answer")).to_have_count(len(words))
        assert stage.violations() == ""
        assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])


def test_a_host_hides_a_word_with_one_tap_and_goes_on_with_the_next(browser: Browser) -> None:
    shown = state("reveal", host(), question=asked(), reveal=told(WORDS))
    with staged(browser, shown, viewport=PROJECTOR) as stage:
        left = {word: count for word, count in WORDS.items() if word != "silence"}
        stage.page.get_by_role("button", name="Hide \u2068silence\u2069").click()
        stage.until(lambda: stage.bodies("hide") != [])
        assert stage.bodies("hide")[0] == {"version": 12, "question": 31, "key": "silence"}
        stage.send("/games/7/status", "answers.moderated", {**_shared(shown), "reveal": told(left)}, seq=18)
        expect(stage.page.locator(".answer")).to_have_count(len(left))
        expect(stage.page.get_by_role("button", name="Hide \u2068Gravity\u2069")).to_be_focused()


def test_texts_come_in_pages(browser: Browser) -> None:
    shown = state("reveal", host(), question=asked("text"), reveal=told(dict.fromkeys(TEXTS, 1), more=980))
    with staged(browser, shown, viewport=PROJECTOR) as stage:
        expect(stage.page.locator(".answer")).to_have_count(9)
        expect(stage.page.get_by_text("Page 1 of 3")).to_be_visible()
        expect(stage.page.get_by_text("and 980 more")).to_be_visible()
        assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])
        for _ in range(2):
            stage.page.get_by_role("button", name="Older").click()
        expect(stage.page.locator(".answer")).to_have_count(2)
        expect(stage.page.get_by_role("button", name="Older")).to_be_disabled()
        assert stage.violations() == ""


def _shared(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in ("me", "seq", "game", "pin", "title", "total")}


def test_the_first_vote_stands_in_words_over_the_second(browser: Browser) -> None:
    own = me(first=["stars", "cold"])
    with staged(browser, state("open", own, question=asked(round=2), mode="peer"), viewport=PHONE) as stage:
        expect(stage.page.locator('[data-screen="question"] [data-ref="first"]')).to_contain_text("stars, cold")
