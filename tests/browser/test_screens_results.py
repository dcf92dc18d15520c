"""The score sheet and the results in a real browser: readable on a phone, by keyboard, by everybody."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.paginator import Paginator
from playwright.sync_api import Browser, expect

from tests.browser.samples import me, state
from tests.browser.stage import PHONE, PROJECTOR, Stage, staged

RULES = ["A right answer earns all its points, however long it takes.", "No answer costs nothing."]
GAME = SimpleNamespace(pk=7, pin="314159", title="The sky above us", language="en")


def line(number: int, **changes: Any) -> dict[str, Any]:
    """One question on a sheet."""
    base = {
        "question": number,
        "number": number,
        "text": "Which planet is the largest?",
        "right": ["Jupiter"],
        "choice": ["Jupiter"],
        "elapsed_ms": 5_775,
        "credit_ms": 400,
        "counted_ms": 5_375,
        "formula": "1,000 × (1 − 1/2 × 4.875 / 19.500) = 875",
        "streak_bonus": 0,
        "points": 875,
        "total": 875,
        "voided": False,
        "regraded": False,
        "words": ["Right after 5.775 seconds.", "0.400 seconds of that are the line’s and do not count."],
    }
    return {**base, **changes}


SHEET = {
    "title": GAME.title,
    "nickname": "W" * 24,
    "points": 1975,
    "place": 1,
    "players": 12,
    "rules": RULES,
    "questions": [
        line(1, regraded=True),
        line(2, text="Donaudampfschiff" * 15, streak_bonus=100, points=1100, total=1975),
        line(3, choice=None, formula="", points=0, total=1975, words=["No answer."]),
        line(4, voided=True, formula="", points=0, total=1975, words=["This question does not count."]),
    ],
}
QUESTION = {
    "question": 31,
    "number": 1,
    "text": "Which planet is the largest?",
    "points": 1000,
    "voided": False,
    "regraded": True,
    "judged": True,
    "look": "choice",
    "answered": 2,
    "right": 1,
    "choices": [
        {"id": "a", "text": "Mars", "right": False, "count": 1},
        {"id": "b", "text": "W" * 75, "right": True, "count": 2},
    ],
}
TYPED = {**QUESTION, "question": 33, "number": 3, "look": "typed", "view": {"max_chars": 80}}
JUDGED = {"right": ["Jupiter"], "points": 1000, "voided": False}
PAST = SimpleNamespace(pk=7, title="W" * 75, ended_at=1_763_665_090_000, players_now=1200)
PLAYER = {"player": 5, "nickname": "W" * 24, "place": 1, "points": 123_456, "right": 12, "right_ms": 123_456}
RESULTS = {
    "game": GAME,
    "players": [PLAYER],
    "page": Paginator([PLAYER], 100).page(1),
    "questions": [QUESTION, {**QUESTION, "question": 32, "number": 2, "voided": True}, TYPED],
    "corrections": [
        {"at": 1_763_665_090_000, "by": "demo", "number": 1, "before": JUDGED, "after": {**JUDGED, "points": 500}}
    ],
    "rules": RULES,
}
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "sheet": ("play/sheet.html", {"sheet": SHEET, "game": GAME, "own": True}),
    "empty sheet": ("play/sheet.html", {"sheet": {**SHEET, "place": None, "questions": []}, "game": GAME, "own": True}),
    "results": ("play/results.html", RESULTS),
    "past games": ("play/past.html", {"page": Paginator([PAST] * 3, 2).page(1)}),
    "no past games": ("play/past.html", {"page": Paginator([], 2).page(1)}),
    "no results": ("play/results.html", {**RESULTS, "players": [], "questions": [], "corrections": []}),
}


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    stage = Stage(browser, state("lobby"), viewport=PHONE, reduced_motion="reduce")
    yield stage
    stage.close()
    assert stage.errors == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "it"])
def test_every_page_is_accessible_and_fits(stage: Stage, name: str, language: str) -> None:
    template, values = PAGES[name]
    stage.language = language
    page = stage.show(template, **values)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        assert stage.violations() == ""
    for size in (PHONE, PROJECTOR):
        page.set_viewport_size(size)
        assert stage.size()[0] == size["width"]
    expect(page.locator("h1")).to_have_count(1)


def test_a_sheet_shows_each_question_with_its_reckoning(stage: Stage) -> None:
    template, values = PAGES["sheet"]
    page = stage.show(template, **values)
    first = page.get_by_role("region", name="1. Which planet is the largest?")
    expect(first).to_contain_text("1,000 × (1 − 1/2 × 4.875 / 19.500) = 875")
    expect(first).to_contain_text("Corrected by the host")
    expect(page.get_by_role("region", name="4. Which planet")).to_contain_text("This question does not count.")


def test_the_rules_open_by_keyboard(stage: Stage) -> None:
    template, values = PAGES["sheet"]
    page = stage.show(template, **values)
    page.locator(".rules summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(RULES[1])).to_be_visible()


def test_a_host_corrects_by_keyboard(stage: Stage) -> None:
    template, values = PAGES["results"]
    page = stage.show(template, **values)
    page.locator(".correct summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Mars").first).to_be_checked()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Judge anew").first).to_be_focused()


@pytest.mark.parametrize("phase", ["standings", "podium"])
def test_a_player_finds_the_way_to_the_own_sheet(browser: Browser, phase: str) -> None:
    with staged(browser, state(phase), viewport=PHONE) as stage:
        link = stage.page.get_by_role("link", name="Your score sheet")
        expect(link).to_be_visible()
        expect(link).to_have_attribute("href", "/games/7/sheet/")


def test_a_player_is_told_of_a_correction_until_the_next_screen(browser: Browser) -> None:
    with staged(browser, state("standings"), viewport=PHONE) as stage:
        stage.wait_for_subscriptions()
        result = {"me": me(points=1950, place=2), "corrected": True}
        stage.send("/players/7", "player.result", result)
        notice = stage.page.get_by_text("The host has corrected a question. You have 1,950 points now: 2nd place.")
        expect(notice.first).to_be_visible()
        assert stage.violations() == ""


def test_a_result_that_was_made_before_a_receipt_takes_no_answer_back(browser: Browser) -> None:
    with staged(browser, state("open"), viewport=PHONE) as stage:
        stage.wait_for_subscriptions()
        receipt = {"answer_id": "one", "question": stage.state["question"]["id"], "round": 1, "choice": ["b"]}
        stage.send("/players/7", "answer.received", {**receipt, "received_at": 1, "elapsed_ms": 900})
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        stage.send("/players/7", "player.result", {"me": me(points=1950), "corrected": True})
        expect(stage.page.locator("[data-points]")).to_contain_text("1,950")
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()


def end(stage: Stage) -> None:
    """The host ends the game."""
    apart = ("game", "pin", "title", "total", "seq", "server_time", "me")
    ended = {key: value for key, value in state("ended").items() if key not in apart}
    stage.send("/games/7/status", "game.ended", ended, seq=stage.state["seq"] + 1)
    expect(stage.page.get_by_text("Thank you for playing!")).to_be_visible()


def test_a_correction_is_told_after_the_end_too(browser: Browser) -> None:
    with staged(browser, state("podium"), viewport=PHONE) as stage:
        stage.wait_for_subscriptions()
        end(stage)
        stage.send("/players/7", "player.result", {"me": me(points=1950, place=1), "corrected": True})
        expect(stage.page.locator("[data-points]")).to_contain_text("1,950")


def test_with_the_game_over_a_lost_line_is_let_go_without_a_word(browser: Browser) -> None:
    with staged(browser, state("podium"), viewport=PHONE) as stage:
        stage.wait_for_subscriptions()
        end(stage)
        stage.page.evaluate("testBroker.cut()")
        expect(stage.page.locator("[data-connection]")).to_be_hidden()
