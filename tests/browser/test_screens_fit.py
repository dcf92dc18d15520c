"""The wall without scrolling: whatever an author writes is on it at once, and no larger than need be smaller."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from quiz.authoring.richtext import parse, parse_line
from tests.browser.samples import host, judged, me, question, reveal, standings, state
from tests.browser.stage import PHONE, PROJECTOR, staged

OLD = {"width": 1024, "height": 768}

LONG = "According to the general theory of relativity, what happens to a clock at the bottom of a very tall tower, "
LONG += "compared with one of the same make at its top, as both are watched for a year from halfway up the stairs?"
WORDY = ["It runs more slowly than the one at the top, by a tiny but measurable amount"] * 4 + ["Nothing", "It stops"]
EXPLANATION = (
    "Gravity slows clocks: the deeper in the field, the slower they run. Satellites gain 45 microseconds a day "
)
EXPLANATION += (
    "from this and lose 7 to their speed; without the correction positions would be off by ten kilometres a day."
)
FORMULAS = ["It grows with $m$", "It is the same for every $m$", r"$v \propto \frac{r^2}{M}$"]
FORMULAS += [r"$\int_0^\infty e^{-x^2}\,dx$", r"$\sqrt{\frac{M}{r}}$", "`print(v)`"]
ASKED = "Which is the **escape velocity**?\n\n$$v = \\sqrt{\\frac{2 G M}{r}}$$"
COUNTS = {"a": 4, "b": 6, "c": 1, "d": 0, "e": 2, "f": 0}
FIRST = {"counts": COUNTS, "to_right": 4, "to_wrong": 1}
PICTURE = {"url": "/pictures/0.webp", "width": 500, "height": 400, "alt": "A picture"}
TWICE = {"mode": "peer", "answered": 11}


def wordy(**changes: Any) -> dict[str, Any]:
    return question(
        text=LONG, choices=[{"id": id, "text": text} for id, text in zip("abcdef", WORDY, strict=True)], **changes
    )


def formulas(**changes: Any) -> dict[str, Any]:
    choices = [{"id": id, "text": text, "rich": parse_line(text)} for id, text in zip("abcdef", FORMULAS, strict=True)]
    return question(text="Which is the escape velocity?", rich=parse(ASKED), choices=choices, **changes)


def pictured(number: int) -> dict[str, Any]:
    return question(
        text="Which is red?", choices=[{"id": id, "text": "", "picture": PICTURE} for id in "abcdef"[:number]]
    )


def told(**changes: Any) -> dict[str, Any]:
    return reveal(counts=COUNTS, explanation=EXPLANATION, **changes)


HIGH: dict[str, Callable[[], dict[str, Any]]] = {
    "six wordy options": lambda: state("reveal", host(), question=wordy(), reveal=told()),
    "formulas": lambda: state("reveal", host(), question=formulas(), reveal=told()),
    "two votes": lambda: state("reveal", host(), question=wordy(round=2), reveal=told(first=FIRST), **TWICE),
    "pictures": lambda: state("reveal", host(), question=pictured(6), reveal=told()),
}


@pytest.mark.parametrize("name", HIGH)
def test_all_of_a_reveal_is_on_an_old_projector(browser: Browser, name: str) -> None:
    with staged(browser, HIGH[name](), viewport=OLD, reduced_motion="reduce") as stage:
        stage.until(lambda: stage.size() == (OLD["width"], OLD["height"]))
        stage.page.set_viewport_size(PROJECTOR)
        stage.until(lambda: stage.size() == (PROJECTOR["width"], PROJECTOR["height"]))


def test_what_fits_keeps_its_size(browser: Browser) -> None:
    with staged(browser, state("reveal", host()), viewport=PROJECTOR, reduced_motion="reduce") as stage:
        expect(stage.page.locator("main")).to_have_css("zoom", "1")


def test_a_right_option_is_not_broken_within_a_word(browser: Browser) -> None:
    choices = [{"id": "a", "text": "True"}, {"id": "b", "text": "False"}]
    shown = state(
        "reveal", host(), question=question(text="The Sun is a star.", choices=choices), reveal=reveal(right=["a"])
    )
    with staged(browser, shown, viewport=OLD, reduced_motion="reduce") as stage:
        word = stage.page.locator(".option__text", has_text="True")
        stage.until(lambda: word.evaluate("(it) => it.scrollHeight < 2 * parseFloat(getComputedStyle(it).fontSize)"))


@pytest.mark.parametrize(("number", "least"), [(2, 0.35), (4, 0.2)])
def test_few_pictures_to_choose_from_are_large(browser: Browser, number: int, least: float) -> None:
    with staged(browser, state("open", host(), question=pictured(number)), viewport=PROJECTOR) as stage:
        picture = stage.page.locator(".option__picture img").first
        stage.until(lambda: picture.evaluate("(it) => it.offsetHeight") >= least * PROJECTOR["height"])
        stage.until(lambda: stage.size() == (PROJECTOR["width"], PROJECTOR["height"]))


def test_formulas_are_drawn_in_both_votes_too(browser: Browser) -> None:
    shown = state("reveal", host(), question=formulas(round=2), reveal=told(first=FIRST), **TWICE)
    with staged(browser, shown, viewport=PROJECTOR, reduced_motion="reduce") as stage:
        expect(stage.page.locator(".vote").nth(2).locator(".katex")).to_have_count(1)


def test_all_of_a_lobby_is_in_sight_on_a_phone(browser: Browser) -> None:
    own = me(nickname="Wilhelmine Donaudampf", place=None)
    with staged(browser, state("lobby", own), viewport=PHONE, language="it", reduced_motion="reduce") as stage:
        stage.until(lambda: stage.size() == (PHONE["width"], PHONE["height"]))


def test_options_of_many_words_are_smaller_on_a_phone(browser: Browser) -> None:
    with staged(browser, state("open", question=wordy()), viewport=PHONE) as stage:
        expect(stage.page.locator(".question .option").first).to_have_css("font-size", "17.04px")


def test_names_of_who_is_out_are_whole_on_a_phone(browser: Browser) -> None:
    lines = [{**line, "nickname": "Wilhelmine Donaudampf", "out_at": 12} for line in standings()]
    with staged(browser, state("standings", mode="survival", left=1, standings=lines), viewport=PHONE) as stage:
        names = stage.page.locator(".standing__name")
        stage.until(
            lambda: names.evaluate_all(
                "(all) => all.length > 0 && all.every((one) => one.scrollWidth <= one.clientWidth)"
            )
        )
        assert stage.size()[0] == PHONE["width"]


def test_a_phone_tells_of_both_votes_once(browser: Browser) -> None:
    own = me(first=["a"], answer={**judged(right=True), "round": 2})
    shown = state("reveal", own, question=question(round=2), reveal=reveal(first=FIRST), mode="peer")
    with staged(browser, shown, viewport=PHONE, reduced_motion="reduce") as stage:
        votes = stage.page.locator(".vote")
        expect(votes.nth(0)).to_contain_text("Your first vote")
        expect(votes.nth(1)).to_contain_text("Your second vote")
        expect(stage.page.locator(".reveal .option:visible")).to_have_count(0)
        assert stage.size()[1] < 1.25 * PHONE["height"]
