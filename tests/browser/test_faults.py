"""Processes that die in the middle of a question, as players and host see it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import Party, Question
from tests.stack import Stack


@pytest.fixture
def party(browser: Browser, stack: Stack) -> Iterator[Party]:
    """In the first question of a game."""
    stack.start_all()
    with Party(browser, stack) as party:
        party.gather(stack.quiz())
        party.host.press_on()
        party.host.until_not("lobby")
        for phase in ("countdown", "reading"):
            party.host.hasten(phase)
        party.host.until("open")
        for screen in party.screens:
            screen.mark()
        yield party
        assert all(screen.is_marked for screen in party.screens)
        for screen in party.screens:
            screen.forgive_network_faults()


def test_relay_and_broker_die_and_return_in_mid_question(party: Party, stack: Stack) -> None:
    question = party.host.question()
    stack.kill("orbited")
    for screen in party.screens:
        expect(screen.bar).to_contain_text("Connection lost")
    party.bob.tap(question, question.wrong)
    party.bob.is_received()
    stack.start("orbited")
    for screen in party.screens:
        expect(screen.bar).to_contain_text("Back.")
    party.ada.tap(question, question.right)
    party.host.until("reveal")
    outcomes_are(party, ada="right", bob="wrong")
    goes_on(party)


def test_game_goes_on_while_relay_and_broker_are_dead(party: Party, stack: Stack) -> None:
    question = party.host.question()
    stack.kill("orbited")
    party.ada.tap(question, question.right)
    party.bob.tap(question, question.wrong)
    party.host.until("reveal")
    outcomes_are(party, ada="right", bob="wrong")
    goes_on(party)


def test_answer_is_taken_in_while_the_web_process_is_dead(party: Party, stack: Stack) -> None:
    question = party.host.question()
    party.ada.tap(question, question.right)
    stack.kill("web")
    party.bob.tap(question, question.right)
    party.bob.shows("reveal")
    stack.start("web")
    party.host.until("reveal")
    outcomes_are(party, ada="right", bob="right")
    goes_on(party)


def outcomes_are(party: Party, *, ada: str, bob: str) -> None:
    for phone, outcome in ((party.ada, ada), (party.bob, bob)):
        phone.shows("reveal")
        expect(phone.page.locator("[data-outcome]")).to_have_attribute("data-outcome", outcome)
        points = phone.state()["me"]["points"]
        expect(phone.page.locator("[data-points]")).to_have_text(f"{points:,} points")


def goes_on(party: Party) -> None:
    """The next question is asked, answered by both, and closed."""
    host = party.host
    host.press_on()
    host.until("standings").press_on()
    host.until_not("standings")
    host.hasten("reading")
    host.until("open")
    question: Question = host.question()
    for phone in party.phones:
        phone.tap(question, question.right)
    host.until("reveal")
    outcomes_are(party, ada="right", bob="right")
