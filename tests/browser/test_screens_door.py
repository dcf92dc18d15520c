"""The pages before and beside a game: the PIN, the name, and what is not there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.messages.constants import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from playwright.sync_api import Browser, expect

from tests.browser.samples import state
from tests.browser.stage import PHONE, PROJECTOR, Stage

OFFERS = ["Nimble Corona", "Swift Comet", "Calm Nova 2", "Witty Rover"]
KNOCK = {"nickname": "Ada", "refused_at": None}
WAITING = {"urls": {"door": "/games/7/door/"}, "again_in_ms": 60_000}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "pin": ("play/home.html", {}),
    "wrong pin": ("play/home.html", {"pin": "123", "error": "No game with this PIN is running."}),
    "name": ("play/join.html", {"pin": "314159", "title": "The sky above us", "suggestion": "Nimble Corona"}),
    "taken name": (
        "play/join.html",
        {"pin": "314159", "title": "Sky", "nickname": "Ada", "suggestion": "Ada 2", "error": "This name is taken."},
    ),
    "too many": ("play/home.html", {"pin": "123", "error": "Too many wrong PINs came.", "wait_s": 60}),
    "offers": ("play/join.html", {"pin": "314159", "title": "Sky", "offers": OFFERS}),
    "crowded": (
        "play/join.html",
        {
            "pin": "314159",
            "title": "Sky",
            "nickname": "Ada",
            "suggestion": "",
            "error": "Many come.",
            "wait_ms": 60_000,
        },
    ),
    "waiting": ("play/waiting.html", {"knock": KNOCK, "game": {"title": "Sky"}, "page": WAITING}),
    "turned away": ("play/waiting.html", {"knock": {**KNOCK, "refused_at": 1}, "game": {"title": "Sky"}}),
    "not found": ("404.html", {}),
    "forbidden": ("403.html", {}),
    "forged": ("403_csrf.html", {}),
    "broken": ("500.html", {}),
}


@pytest.fixture
def door(browser: Browser) -> Iterator[Stage]:
    stage = Stage(browser, state("lobby"), viewport=PHONE)
    yield stage
    stage.close()
    assert stage.errors == []


def test_what_happened_is_said_on_the_next_page(door: Stage) -> None:
    page = door.show("404.html", messages=[Message(SUCCESS, "Saved."), Message(ERROR, "That did not work.")])
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert door.violations() == ""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "it"])
def test_every_page_is_accessible_and_fits(door: Stage, name: str, language: str) -> None:
    template, values = PAGES[name]
    door.language = language
    page = door.show(template, **values)
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        assert door.violations() == ""
    for size in (PHONE, PROJECTOR):
        page.set_viewport_size(size)
        assert door.size()[0] == size["width"]
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_the_pin_is_one_field_with_the_keyboard_of_a_telephone(door: Stage) -> None:
    template, values = PAGES["wrong pin"]
    page = door.show(template, **values)
    field = page.get_by_label("Game PIN")
    expect(field).to_be_focused()
    expect(field).to_have_value("123")
    expect(field).to_have_attribute("inputmode", "numeric")
    expect(field).to_have_accessible_description("Six digits, on the host’s screen. No game with this PIN is running.")


def test_a_name_is_proposed_before_one_is_typed(door: Stage) -> None:
    template, values = PAGES["name"]
    field = door.show(template, **values).get_by_label("Your name in the game")
    expect(field).to_have_value("Nimble Corona")
    chosen = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
    door.until(lambda: field.evaluate(chosen) == "Nimble Corona")
    door.page.keyboard.type("Ada")
    expect(field).to_have_value("Ada")


def test_a_taken_name_stays_in_its_field_beside_a_free_one(door: Stage) -> None:
    template, values = PAGES["taken name"]
    page = door.show(template, **values)
    expect(page.get_by_label("Your name in the game")).to_have_value("Ada")
    expect(page.get_by_text("Still free: Ada 2")).to_be_visible()


def test_languages_are_named_in_their_own_words(door: Stage) -> None:
    template, values = PAGES["pin"]
    door.language = "it"
    page = door.show(template, **values)
    buttons = page.locator(".languages button")
    expect(buttons).to_have_text(["English", "Italiano"])
    expect(buttons.nth(1)).to_have_attribute("aria-current", "true")


def test_the_first_key_leads_to_the_content(door: Stage) -> None:
    template, values = PAGES["not found"]
    page = door.show(template, **values)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_friendly_name_is_one_press(door: Stage) -> None:
    template, values = PAGES["offers"]
    page = door.show(template, **values)
    expect(page.get_by_role("radio", name="Nimble Corona")).to_be_checked()
    page.get_by_text("Calm Nova 2").click()
    expect(page.get_by_role("radio", name="Calm Nova 2")).to_be_checked()
    expect(page.get_by_label("Your name in the game")).to_have_count(0)


COUNTING = re.compile(r"^Many people are coming in. This page tries again in \d\d s.$")


def test_a_crowded_door_counts_down_and_knocks_again_by_itself(door: Stage) -> None:
    template, values = PAGES["crowded"]
    page = door.show(template, **values)
    expect(page.get_by_role("status")).to_have_text(COUNTING)
    expect(page.get_by_label("Your name in the game")).to_have_value("Ada")
    with page.expect_request("**/join/"):
        door.show(template, **{**values, "wait_ms": 1})


def test_who_waits_goes_on_when_let_in_and_is_told_of_a_lost_line(door: Stage) -> None:
    template, values = PAGES["waiting"]
    door.answers["door"] = lambda _: (0, None)
    page = door.show(template, **{**values, "page": {**WAITING, "again_in_ms": 10}})
    expect(page.get_by_role("status")).to_have_text("Connection lost. This page tries again by itself.")
    door.answers["door"] = lambda _: (200, {"door": "waiting", "again_in_ms": 10})
    expect(page.get_by_role("status")).to_be_empty()
    with page.expect_navigation():
        door.answers["door"] = lambda _: (200, {"door": "open"})
    door.answers["door"] = lambda _: (200, {"door": "waiting", "again_in_ms": 10})
    door.errors.clear()  # Chromium logs each lost request
