"""What an author sees of a question as a phone will show it, while it is being written."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, expect

from quiz.authoring import editors
from tests.browser.samples import state
from tests.browser.stage import PROJECTOR, Stage

QUIZ = SimpleNamespace(title="The sky above us", formatted=False, get_absolute_url="/quizzes/1/")
ITEMS = ("Mercury", "Venus", "Earth")


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("choice", ["AMercury", "BVenus", "CEarth"]),
        ("order", ["1Mercury▲▼", "2Venus▲▼", "3Earth▲▼"]),
        ("match", ["MercuryChoose…", "VenusChoose…", "EarthChoose…"]),
        ("number", []),
    ],
)
def test_an_author_sees_what_a_phone_will_show(browser: Browser, kind: str, rows: list[str]) -> None:
    form = editors.named(kind)
    assert form
    stage = Stage(browser, state("open"), viewport=PROJECTOR)
    try:
        values = {"quiz": QUIZ, "form": form(), "question": None, "number": 1, "editors": editors.forms()}
        page = stage.show("authoring/question.html", **values)
        page.locator("[data-preview]").wait_for()
        page.locator("[name=text]").fill("Which of them?")
        for place, text in enumerate(ITEMS[: len(rows)], 1):
            page.locator(f"[name=choice_{place}]").fill(text)
        expect(page.locator("[data-preview-text]")).to_have_text("Which of them?")
        expect(page.locator("[data-preview-options] > :visible")).to_have_text(rows)
        assert stage.violations() == ""
        assert stage.errors == []
    finally:
        stage.close()
