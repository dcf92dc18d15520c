"""Nobody loses a place and no host is the only one: several screens of one person, against real processes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import IN_HAND, ON_THE_WALL, Host, Party, Phone
from tests.stack import AUTHOR, Stack


def second_screen(party: Party, browser: Browser, stack: Stack) -> Host:
    """The same author in another browser, at the same game."""
    second = Host(browser, stack, **ON_THE_WALL)
    second.open_page(party.host.game)
    return second


@pytest.fixture
def party(browser: Browser, stack: Stack) -> Any:
    with Party(browser, stack) as party:
        party.gather(stack.quiz())
        yield party


def test_two_screens_of_a_host_that_press_at_once_go_on_once(party: Party, browser: Browser, stack: Stack) -> None:
    second = second_screen(party, browser, stack)
    second.shows("lobby")
    for screen in (party.host, second):
        screen.page.evaluate("setTimeout(() => document.querySelector('[data-ref=next]').click(), 0)")
    for screen in (party.host, second):
        screen.until_not("lobby")
    party.host.hasten("countdown")
    assert stack.rows("SELECT count(*) FROM live_event WHERE type = 'game.started'") == [(1,)]
    party.host.page.reload()
    party.host.until("open")
    second.page.get_by_text("More", exact=True).click()
    second.page.get_by_role("button", name="Skip this question").click()
    expect(party.host.page.locator("[data-progress]")).to_contain_text("Question 2 of")
    assert second.errors == []
    second.context.close()


def test_a_vanished_phone_blocks_nobody_and_comes_back_as_the_same_player(party: Party) -> None:
    host, ada, bob = party.host, party.ada, party.bob
    expect(host.page.get_by_role("button", name="2 players")).to_be_visible()
    party.host.press_on()
    host.until("open")
    bob.page.goto("about:blank")
    expect(host.page.get_by_text("0 of 1 answered")).to_be_visible()
    bob.page.go_back()
    bob.shows("question")
    expect(host.page.get_by_text("0 of 2 answered")).to_be_visible()
    ada.tap(host.question(), host.question().right)
    ada.is_received()
    bob.tap(host.question(), host.question().wrong)
    host.until("reveal")


def test_the_newer_of_two_devices_plays_with_the_first_ones_answer(party: Party) -> None:
    host, ada = party.host, party.ada
    host.press_on()
    host.until("open")
    question = host.question()
    ada.tap(question, question.right)
    ada.is_received()
    newer = ada.context.new_page()
    newer.goto(ada.page.url)
    ada.shows("moved")
    ada.inspect()
    expect(newer.locator("[data-screen=question] [data-ref=status]")).to_have_attribute("data-mood", "good")
    chosen = newer.get_by_role("button", name=question.texts[question.right[0]], exact=True)
    expect(chosen).to_have_attribute("aria-pressed", "true")
    ada.page.get_by_role("link", name="Play here instead").click()
    ada.is_received()
    expect(newer.locator("[data-screen=moved]")).to_be_visible()


def test_the_same_phones_enter_the_next_lobby_by_themselves(party: Party) -> None:
    host = party.host
    first = host.game
    host.press_on()
    host.until_not("lobby")
    host.hasten("countdown")
    host.page.get_by_text("More", exact=True).click()
    host.page.get_by_role("button", name="Finish…").click()
    host.page.get_by_role("button", name="Finish", exact=True).click()
    host.until("podium").page.get_by_role("button", name="Play again with the same players").click()
    expect(host.page).not_to_have_url(re.compile(f"/games/{first}/$"))
    expect(host.page.locator("[data-screen=lobby]")).to_contain_text("Ada")
    expect(host.page.locator("[data-screen=lobby]")).to_contain_text("Bob")
    for phone in party.phones:
        phone.shows("lobby")
    assert host.state()["game"] != first


def test_a_cohost_by_name_has_the_same_screen(browser: Browser, stack: Stack) -> None:
    stack.manage("shell", "-c", "from django.contrib.auth.models import User; User.objects.create_user('grace')")
    owner, grace = stack.manage("ticket", "--user", AUTHOR), stack.manage("ticket", "--user", "grace")
    _, game = stack.call("/games/", {"quiz": stack.quiz()}, owner)
    phone = Phone(browser, stack, **IN_HAND)
    phone.join(game["pin"], "Ada")
    assert stack.call(f"/games/{game['game']}/start/", {}, grace)[0] == 403
    assert stack.call(f"/games/{game['game']}/cohost/", {"name": "grace"}, owner)[0] == 200
    assert stack.call(f"/games/{game['game']}/start/", {}, grace) == (200, {})
    phone.shows("question")
    phone.context.close()
