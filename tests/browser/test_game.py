"""Whole games in Chromium against real processes: over WebSockets on lines that fail, and without them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bench.recount import recount
from tests.browser.line import PhoneLine, Upgrades
from tests.browser.pages import IN_HAND, NO_WEBSOCKET, Party, Phone, Question
from tests.stack import AUTHOR, Stack

CUT_MS = 10_000

Answering = Callable[[Party, Question], None]


@pytest.fixture
def line() -> Iterator[PhoneLine]:
    line = PhoneLine()
    yield line
    line.stop()


# How a question is answered. Ada knows everything; Bob is right now and then.


def both_answer(party: Party, question: Question) -> None:
    party.ada.tap(question, question.right)
    bobs = question.right if question.number % 3 == 0 else question.wrong
    party.bob.type(question, bobs)


def seconds_left(state: Any) -> float:
    return float(state["phase_ends_at"] - state["server_time"]) / 1000


def ada_reloads_after_answering(party: Party, question: Question) -> None:
    ada = party.ada
    ada.tap(question, question.right)
    ada.is_received()
    ada.page.wait_for_timeout(2_000)  # so that the whole time would be seen to be wrong
    ada.page.reload()
    ada.is_received()
    for id, text in question.texts.items():
        expect(ada.option(text)).to_have_attribute("aria-pressed", "true" if id in question.right else "false")
    before, shown, after = seconds_left(ada.state()), ada.seconds_left, seconds_left(ada.state())
    assert after - 1 <= shown <= before + 1
    assert before < question.time_limit_s - 1
    party.bob.type(question, question.wrong)


def host_takes_a_break(party: Party, question: Question) -> None:
    both_answer(party, question)
    party.host.until("reveal").press_on()
    party.host.until("standings").page.get_by_role("button", name="Pause").click()
    party.look("paused")
    party.host.page.get_by_role("button", name="Go on").click()
    party.host.until("standings")


def bob_answers_while_he_is_cut_off(party: Party, question: Question, line: PhoneLine) -> None:
    bob = party.bob
    party.ada.tap(question, question.right)
    bob.mark()
    line.fail()
    expect(bob.bar).to_contain_text("Connection lost")
    bob.inspect()
    bob.type(question, question.right)
    expect(bob.page.get_by_text("Sending…")).to_be_visible()
    expect(bob.bar).to_contain_text("Your answer is safe.")
    bob.page.wait_for_timeout(CUT_MS)
    line.mend()
    expect(bob.bar).to_have_text("Back.")
    party.host.until("reveal")
    bob.shows("reveal")
    expect(bob.page.locator("[data-outcome]")).to_have_attribute("data-outcome", "right")
    assert bob.is_marked
    bob.forgive_network_faults()


def ada_is_offline_while_the_game_goes_on(party: Party, question: Question) -> None:
    ada, host = party.ada, party.host
    ada.mark()
    ada.context.set_offline(True)
    expect(ada.bar).to_contain_text("Connection lost")
    party.bob.type(question, question.right)
    party.bob.is_received()
    host.press_on()
    host.until("reveal").press_on()
    host.until("standings").press_on()
    host.until_not("standings")
    ada.shows("question")
    ada.page.wait_for_timeout(CUT_MS)
    ada.context.set_offline(False)
    expect(ada.bar).to_have_text("Back.")
    assert ada.is_marked
    ada.forgive_network_faults()


def ada_waits_for_bob(party: Party, question: Question) -> None:
    party.ada.tap(question, question.right)
    party.ada.is_received()
    party.ada.inspect()
    expect(party.host.page.get_by_text("1 of 2 answered")).to_be_visible()
    party.bob.type(question, question.wrong)


# The game

SCREENS = {"open": "question"}
"""The screens that do not have the name of their phase."""

OWN_PACE = ("countdown", "reading")
"""Phases that end by themselves in a few seconds, perhaps before all have been looked at."""


def play(party: Party, chapters: dict[int, Answering], *, looking: bool) -> None:
    """From the lobby to the podium; ``chapters`` says how some questions are answered.

    ``looking``: each screen is held against the rules for pages when it is seen for the first time, those of a question
    with several right options too.
    """
    host, seen, answered = party.host, set(), set()
    host.press_on()
    while (phase := host.until_not("lobby").phase) != "podium":
        question = host.question() if phase != "countdown" else None
        sight = (phase, question and question.several)
        if looking and sight not in seen:
            seen.add(sight)
            if phase in OWN_PACE:
                host.until_not(phase)
            else:
                party.look(SCREENS.get(phase, phase), host={"reveal": "question"}.get(phase, ""))
        elif phase != "open":
            host.hasten(phase)
        elif question.id not in answered:
            answered.add(question.id)
            chapters.get(question.number, both_answer)(party, question)
        else:
            host.page.wait_for_timeout(50)


def hold_against_the_rows(party: Party) -> None:
    """What the screens show at the end is what the server says, and what a count of the rows gives."""
    with party.host.stack.database() as database:
        count = recount(database, party.host.game)
    assert count.doubled == 0
    for phone in party.phones:
        phone.shows("podium")
        me = phone.state()["me"]
        assert (me["points"], me["place"]) == count.standings[me["player"]]
        phone.has_points(me["points"])
        expect(phone.page.locator("[data-screen=podium] .standing__name")).to_have_text(["Ada", "Bob"])
    expect(party.ada.page.get_by_role("heading", name="You won, \u2068Ada\u2069!")).to_be_visible()
    expect(party.bob.page.get_by_role("heading", name="2nd of 2, \u2068Bob\u2069!")).to_be_visible()
    for place, name in ((1, "Ada"), (2, "Bob")):
        expect(party.host.page.locator(f'.step[data-place="{place}"] li')).to_have_text([name])


def hold_back_what_is_right(party: Party, line: PhoneLine) -> None:
    """Nothing that Bob's browser heard before a reveal tells what is right."""
    reveals = dict(party.host.stack.rows("SELECT id, revealed_at FROM play_gamequestion"))
    for question in party.host.questions():
        heard = line.heard_before(reveals[question.id]).decode(errors="replace")
        assert question.text in heard
        assert spoken(question.explanation) not in heard
        solutions = " ".join(re.findall(r'"right": ?(\[.*?\])', heard))
        assert not any(id in solutions for id in question.texts)
        answers = re.findall(rf'\{{[^{{}}]*"question": ?{question.id}\b[^{{}}]*\}}', heard)
        assert not any(re.search(r'"right": ?(true|false)', answer) for answer in answers)
    assert spoken(question.explanation) in line.heard_before(float("inf")).decode(errors="replace")


def spoken(text: str) -> str:
    """The text as JSON has it, up to the first character that could be written in two ways."""
    return re.split(r"[^ -~]", json.dumps(text, ensure_ascii=False)[1:-1])[0]


def test_whole_game_over_websockets(browser: Browser, stack: Stack, line: PhoneLine) -> None:
    with Party(browser, stack, bob={"proxy": {"server": line.address}}) as party:
        party.gather(stack.short_quiz())
        party.look("lobby")
        chapters = {
            1: ada_waits_for_bob,
            2: ada_reloads_after_answering,
            3: host_takes_a_break,
            4: lambda party, question: bob_answers_while_he_is_cut_off(party, question, line),
        }
        play(party, chapters, looking=True)
        party.look("podium")
        hold_against_the_rows(party)
        hold_back_what_is_right(party, line)
        party.host.press_on()
        party.host.until("ended")
        expect(party.ada.page.get_by_role("link", name="Join another game")).to_be_visible()
        party.look("podium")
        assert [screen.transports for screen in party.screens[:2]] == [{"websocket"}, {"websocket"}]


def test_whole_game_without_websockets(browser: Browser, stack: Stack, line: PhoneLine) -> None:
    """Host and Ada have none; the proxy in Bob's company refuses them. Ada is offline for a while."""
    line.upgrades = Upgrades.CUT
    with Party(browser, stack, bob={"proxy": {"server": line.address}}) as party:
        for screen in (party.host, party.ada):
            screen.context.add_init_script(NO_WEBSOCKET)
        party.gather(stack.short_quiz())
        play(party, {2: ada_is_offline_while_the_game_goes_on}, looking=False)
        hold_against_the_rows(party)
        party.bob.forgive_network_faults()
        assert [screen.transports for screen in party.screens[:2]] == [{"stream"}, {"stream"}]
        assert party.bob.transports == {"websocket", "stream"}


def test_italian_browser_sees_italian(browser: Browser, stack: Stack) -> None:
    ticket = stack.manage("ticket", "--user", AUTHOR)
    slowly = {"countdown_s": 10, "reading": "fixed", "reading_s": 15}  # so that no phase ends by itself
    _, game = stack.call("/games/", {"quiz": stack.quiz("it"), **slowly}, ticket)
    phone = Phone(browser, stack, locale="it-IT", **IN_HAND)
    page = phone.page
    page.goto("/")
    expect(page.get_by_role("heading", name="Entra in un quiz")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "it")
    phone.inspect()
    phone.enter(game["pin"], "Ada")
    expect(page.get_by_role("heading", name="Sei dentro, Ada")).to_be_visible()
    for step in ("start", "next", "next"):
        assert stack.call(f"/games/{game['game']}/{step}/", {}, ticket) == (200, {})
    expect(page.get_by_text("Domanda 1 di 15")).to_be_visible()
    expect(page.get_by_text("Scegline una.", exact=True)).to_be_visible()
    phone.option("Giove").tap()
    expect(page.get_by_role("heading", name="Giusto!")).to_be_visible()
    phone.inspect()
    assert phone.errors == []
    phone.context.close()
