"""Formatted texts, formulas and pictures on phone and wall, under the site's own Content-Security-Policy."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from quiz.authoring.richtext import parse, parse_line
from tests.browser.samples import host, judged, me, question, reveal, state
from tests.browser.stage import PHONE, PROJECTOR, Stage, staged

TEXT = "What is **true** of $x^2+\\frac{1}{2}$?\n\n```\nfor i in range(3):\n    print(i)\n```"
CHOICES = ["$\\sqrt{2}$ is *irrational*", "`<b>code</b>`", "$\\undefined$", "plain"]
TRICKS = [
    r"\def\a{\a\a}\a",
    r"\rule{9999em}{9999em}",
    r"\href{javascript:alert(1)}{x}",
    r"\htmlStyle{position:fixed}{x}",
    r"\includegraphics{https://example.org/a.png}",
    "{" * 249 + "}" * 249,
    r"\kern-999em x",
]


def picture(number: int, alt: str = "") -> dict[str, Any]:
    return {"url": f"/pictures/{number}.webp", "width": 800, "height": 600, "alt": alt}


def formatted(**changes: Any) -> dict[str, Any]:
    pairs = zip("abcd", CHOICES, strict=True)
    choices = [{"id": id, "text": text, "rich": parse_line(text)} for id, text in pairs]
    return question(**{"text": "What is true?", "rich": parse(TEXT), "choices": choices, **changes})


def pictured(**changes: Any) -> dict[str, Any]:
    choices = [
        {"id": "a", "text": "A red star", "picture": picture(1, "A red star")},
        {"id": "b", "text": "Saturn", "picture": picture(2, "Rings")},
        {"id": "c", "text": "A white dwarf", "picture": picture(3, "A white dwarf")},
        {"id": "d", "text": "None of these"},
    ]
    return question(**{"picture": picture(0, "Four places in the sky"), "choices": choices, **changes})


def told() -> dict[str, Any]:
    return reveal(rich=parse("Because $\\sqrt{2}$ is:\n\n- real\n- not rational"))


SCREENS = {
    "formatted": lambda: ("open", {"question": formatted()}),
    "formatted reveal": lambda: ("reveal", {"question": formatted(), "reveal": told()}),
    "pictured": lambda: ("open", {"question": pictured()}),
    "pictured reveal": lambda: ("reveal", {"question": pictured()}),
}


def settled(stage: Stage) -> None:
    """Waits until every picture is there, and every formula has been drawn or given up."""
    stage.until(
        lambda: stage.page.evaluate(
            "Array.from(document.images).every((image) => image.complete) && "
            "!document.querySelector('.formula:not(:has(.katex), .formula--bad)')"
        )
    )


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize(("role", "size"), [("player", PHONE), ("host", PROJECTOR)], ids=["phone", "wall"])
def test_every_screen_is_accessible_and_fits(browser: Browser, name: str, role: str, size: Any) -> None:
    phase, changes = SCREENS[name]()
    own = host() if role == "host" else me(answer=judged(right=True) if phase == "reveal" else None)
    with staged(browser, state(phase, own, **changes), viewport=size, reduced_motion="reduce") as stage:
        settled(stage)
        assert stage.violations() == ""
        width, height = stage.size()
        assert width == size["width"]
        assert role == "player" or height == size["height"]
        expect(stage.page.locator("h1:visible")).to_have_count(1)


def test_a_formatted_question_has_a_heading_a_body_a_title_and_no_element_but_ours(browser: Browser) -> None:
    with staged(browser, state("open", question=formatted()), viewport=PHONE) as stage:
        settled(stage)
        heading, options = stage.page.locator(".question h1"), stage.page.locator(".question .option")
        expect(heading.locator("strong")).to_have_text("true")
        expect(heading.locator("math")).to_have_count(1)
        expect(stage.page.locator(".question pre")).to_have_text("for i in range(3):\n    print(i)")
        expect(stage.page).to_have_title(re.compile("^What is true\\? · "))
        expect(options.nth(1).locator("code")).to_have_text("<b>code</b>")
        bad = options.nth(2).locator(".formula--bad")
        expect(bad).to_have_text("\\undefined")
        expect(bad).to_have_attribute("title", re.compile("Undefined control sequence"))
        refused = stage.page.evaluate(
            "import('/static/rich/rich.js').then(({ showText }) => "
            "showText(document.createElement('p'), '', [['script', 'alert(1)']])).catch((error) => error.message)"
        )
        assert refused == "no tag of formatted texts: script"


def test_no_formula_does_more_than_be_drawn(browser: Browser) -> None:
    tree = [["p", *(["tex", tex] for tex in TRICKS)]]
    with staged(browser, state("open", question=question(rich=tree)), viewport=PHONE) as stage:
        settled(stage)
        assert stage.size()[0] == PHONE["width"]
        expect(stage.page.locator(".question h1 :is(a, img, script, [style*=fixed])")).to_have_count(0)


def test_who_sees_no_formula_loads_nothing_for_it(browser: Browser) -> None:
    with staged(browser, state("open"), viewport=PHONE) as stage:
        loaded = stage.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
        assert not [name for name in loaded if "katex" in name or "formulas" in name]


def test_a_picture_says_its_words_once(browser: Browser) -> None:
    with staged(browser, state("open", question=pictured()), viewport=PHONE) as stage:
        settled(stage)
        options = stage.page.locator(".question .options button")
        expect(options.nth(0)).to_have_accessible_name("A red star")
        expect(options.nth(1)).to_have_accessible_name("Saturn Rings")


def test_the_place_of_a_picture_is_kept_before_it_is_there(browser: Browser) -> None:
    with staged(browser, state("countdown"), viewport=PHONE) as stage:
        stage.context.route("**/pictures/**", lambda route: None)  # never answered
        opened = state("open", question=pictured())
        for key in ("game", "pin", "title", "total", "seq", "server_time", "me"):
            del opened[key]
        stage.send("/games/7/status", "question.opened", opened, seq=18)
        place = stage.page.locator(".question__picture img")
        place.wait_for()
        box = place.bounding_box()
        assert box
        assert box["height"] > 100
        assert abs(box["width"] / box["height"] - 800 / 600) < 0.02
