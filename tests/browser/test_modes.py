"""A whole game of three phones in each way of playing: they show what the rows say, before and after reloads."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.pages import Host, Party, Phone
from tests.stack import AUTHOR, Stack

LIMIT_S = 60
"""Nobody is so slow: questions close because all have answered."""

AT_ONCE = {"countdown_s": 0, "reading": "fixed", "reading_s": 0}

HALF_GONE = re.compile(r"[1-4]?\d|5[0-8]")
"""What a countdown shows some two seconds after the opening: whoever showed the whole time again would be found out."""

ROWS = """
SELECT nickname, points, 1 + (
  SELECT COUNT(*) FROM play_player AS other WHERE other.game_id = own.game_id
  AND (COALESCE(other.out_at, 99), other.points) > (COALESCE(own.out_at, 99), own.points)
) FROM play_player AS own WHERE game_id = ? ORDER BY id
"""
"""Points and place: who is out later, or has more points, stands before."""

ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}

QUIZZES = """
import json
from django.contrib.auth.models import User
from quiz.authoring.models import Quiz

owner = User.objects.get(username="{author}")
made = []
for title, kinds in (("Kinds", ["choice", "typed", "poll"]), ("Choices", ["choice", "choice"])):
    quiz = Quiz.objects.create(owner=owner, title=title, language="en")
    for n, kind in enumerate(kinds, start=1):
        data = {{"accepted": ["Kepler"]}} if kind == "typed" else {{}}
        question = quiz.questions.create(
            position=n, text=f"Question {{n}}?", kind=kind, data=data, time_limit_s={limit_s}, points=1000
        )
        for m, text in enumerate(["Yes", "No"] if kind != "typed" else [], start=1):
            question.choices.create(position=m, text=text, right=kind == "choice" and text == "Yes")
    made.append(quiz.pk)
print(json.dumps(made))
"""


class Quizzes(NamedTuple):
    """One with three kinds of question, and one of two choices, where "Yes" is right."""

    kinds: int
    choices: int


@pytest.fixture(scope="module")
def quizzes(stack: Stack) -> Quizzes:
    printed = stack.manage("shell", "-c", QUIZZES.format(author=AUTHOR, limit_s=LIMIT_S))
    return Quizzes(*json.loads(printed.splitlines()[-1]))


@pytest.fixture(scope="module")
def ticket(stack: Stack) -> str:
    return stack.manage("ticket", "--user", AUTHOR)


class Table(NamedTuple):
    """A game with its people around it."""

    stack: Stack
    party: Party
    phones: dict[str, Phone]
    ticket: str

    def sit(self, quiz: int, **options: Any) -> None:
        """A new game with these options, its host's page, and three phones that are in."""
        status, game = self.stack.call("/games/", {"quiz": quiz, **AT_ONCE, **options}, self.ticket)
        assert status == 201, game
        self.party.host.open_page(game["game"])
        for name, phone in self.phones.items():
            phone.enter(game["pin"], name)
            phone.shows("start" if options["mode"] == "self" else "lobby")

    def open_question(self) -> None:
        """The host presses on to it."""
        self.party.host.press_on()
        self.party.host.until("open")

    def begin(self, quiz: int, **options: Any) -> tuple[Host, Phone, Phone, Phone]:
        """Sit down, and open the first question: the host, and the phones of Ada, Bob and Cleo."""
        self.sit(quiz, **options)
        self.open_question()
        ada, bob, cleo = self.phones.values()
        return self.party.host, ada, bob, cleo

    def answer(self, **texts: str) -> None:
        """Let each tap the option of that text, and be told that it has come."""
        for name, text in texts.items():
            self.phones[name].option(text).tap()
        for name in list(texts)[:-1]:  # The last one's closes the question.
            self.phones[name].is_received()

    def rows(self) -> dict[str, Any]:
        """Points and place of each player, in the order in which they came."""
        return {name: rest for name, *rest in self.stack.rows(ROWS, self.party.host.game)}

    def points(self) -> dict[str, int]:
        return {name: points for name, (points, _) in self.rows().items()}

    def agree(self) -> None:
        """Points and places that the phones show in the standings are those of the rows."""
        for name, (points, own) in self.rows().items():
            phone = self.phones[name]
            phone.shows("standings")
            expect(phone.page.locator("[data-screen=standings] h1")).to_have_text(f"{ORDINALS[own]} of 3")
            expect(phone.page.locator("[data-points]")).to_contain_text(f"{points:,} points")

    def win(self) -> None:
        """The headlines of the podium, on the phones and on the wall, are the places of the rows."""
        rows = self.rows()
        for name, (_, place) in rows.items():
            won = f"You won, \u2068{name}\u2069!"
            other = f"{ORDINALS[place]} of {len(rows)}, \u2068{name}\u2069!"
            expect(self.phones[name].page.locator("[data-screen=podium] h1")).to_have_text(won if place == 1 else other)
        steps = self.party.host.page.locator("[data-screen=podium]")
        expect(steps.locator(".step li")).to_have_count(len(rows))
        for name, (_, place) in rows.items():
            expect(steps.locator(f'.step[data-place="{place}"] li', has_text=name)).to_be_visible()


@pytest.fixture
def table(browser: Browser, stack: Stack, ticket: str) -> Iterator[Table]:
    with Party(browser, stack) as party:
        phones = {"Ada": party.ada, "Bob": party.bob, "Cleo": party.invite(browser, stack)}
        yield Table(stack, party, phones, ticket)


def reload(phone: Phone, marked: str | None = None) -> None:
    """In the middle of a question: it is the same player with the same points, answer and time."""
    if marked:
        phone.is_received()
    ring = phone.page.locator("[data-screen=question] [data-ring-seconds]")
    expect(ring).to_have_text(HALF_GONE)
    before, points = phone.state(), phone.page.locator("[data-points]").inner_text()
    phone.page.reload()
    phone.shows("question")
    expect(phone.page.locator("[data-points]")).to_have_text(points)
    expect(ring).to_have_text(HALF_GONE)
    shown, after = phone.seconds_left, phone.state()
    assert seconds_left(after) - 1 <= shown <= seconds_left(before) + 1
    assert {**after["me"], "seat": before["me"]["seat"]} == before["me"]
    if marked:
        phone.is_received()
        expect(phone.option(marked)).to_have_attribute("aria-pressed", "true")


def seconds_left(state: Any) -> float:
    return float(state["me"]["ends_at"] - state["server_time"]) / 1000


def outcome(phone: Phone) -> Locator:
    return phone.page.locator("[data-screen=reveal] [data-outcome]")


def test_a_host_leads_through_a_choice_a_typed_answer_and_a_poll(table: Table, quizzes: Quizzes) -> None:
    host, ada, bob, cleo = table.begin(quizzes.kinds, mode="host")
    table.answer(Ada="Yes", Bob="No")
    reload(ada, marked="Yes")
    reload(cleo)
    cleo.option("Yes").tap()
    host.until("reveal").press_on()
    table.agree()
    on_wall = host.until("standings").page.locator("[data-screen=standings] .standing__points")
    expect(on_wall).to_have_text([f"{points:,}" for points in sorted(table.points().values(), reverse=True)])
    table.open_question()
    for phone, words in ((ada, "kepler"), (bob, "Kepler"), (cleo, "Galileo")):
        phone.page.fill("#typed-answer", words)
        phone.page.keyboard.press("Enter")
    host.until("reveal")
    for phone, found in ((ada, "right"), (bob, "right"), (cleo, "wrong")):
        expect(outcome(phone)).to_have_attribute("data-outcome", found)
    host.press_on()
    table.agree()
    before = table.rows()
    host.until("standings")
    table.open_question()
    table.answer(Ada="Yes", Bob="No", Cleo="No")
    host.until("reveal")
    for phone in table.phones.values():
        expect(outcome(phone)).to_have_attribute("data-outcome", "taken")
    host.press_on()
    host.until("podium")
    assert table.rows() == before
    table.win()


def test_teams_share_the_mean_of_their_members_points(table: Table, quizzes: Quizzes) -> None:
    table.sit(quizzes.choices, mode="teams", teams=2, team_names="Reds, Blues")
    host, (ada, bob, cleo) = table.party.host, table.phones.values()
    cleo.page.get_by_role("button", name="Blues").tap()
    expect(cleo.page.locator("#team-choice-own")).to_contain_text("Blues")
    expect(bob.page.locator("#team-choice-own")).to_contain_text("Blues")
    table.open_question()
    table.answer(Ada="Yes", Bob="Yes")
    reload(bob, marked="Yes")
    cleo.option("No").tap()
    host.until("reveal").press_on()
    host.until("standings")
    teams = {
        name: (points, place)
        for name, points, place in table.stack.rows(
            "SELECT name, points, place FROM play_team WHERE game_id = ?", host.game
        )
    }
    own = table.points()
    assert teams == {"Reds": (own["Ada"], 1), "Blues": (pytest.approx(own["Bob"] / 2, abs=0.5), 2)}
    for phone, team in ((ada, "Reds"), (bob, "Blues"), (cleo, "Blues")):
        phone.shows("standings")
        points, place = teams[team]
        expect(phone.page.locator("[data-screen=standings] h1")).to_have_text(f"{ORDINALS[place]} of 2 teams")
        expect(phone.page.locator("[data-screen=standings] .lead")).to_contain_text(f"{points:,} points")
    table.open_question()
    table.answer(Ada="Yes", Bob="Yes", Cleo="No")
    host.until("reveal").press_on()
    host.until("podium")
    for phone, headline in ((ada, "\u2068Reds\u2069 won!"), (cleo, "2nd of 2, \u2068Blues\u2069!")):
        expect(phone.page.locator("[data-screen=podium] h1")).to_have_text(headline)


def test_who_survives_plays_on_and_the_others_watch(table: Table, quizzes: Quizzes) -> None:
    host, ada, bob, cleo = table.begin(quizzes.choices, mode="survival")
    table.answer(Ada="Yes", Cleo="No")
    reload(ada, marked="Yes")
    bob.option("Yes").tap()
    host.until("reveal")
    expect(cleo.page.locator("[data-screen=reveal] h1")).to_have_text("You are out")
    host.press_on()
    table.agree()
    expect(host.page.locator("[data-screen=standings] .lead")).to_have_text("2 still in")
    table.open_question()
    status = cleo.page.locator("[data-screen=question] [data-ref=status]")
    expect(status).to_have_text("You are out in question 1: 3rd place.")
    cleo.page.reload()
    expect(status).to_have_text("You are out in question 1: 3rd place.")
    expect(cleo.option("Yes")).to_have_attribute("aria-disabled", "true")
    table.answer(Ada="Yes", Bob="No")
    host.until("reveal").press_on()
    host.until("podium")
    assert [place for _, place in table.rows().values()] == [1, 2, 3]
    table.win()


def test_peers_vote_discuss_and_vote_again(table: Table, quizzes: Quizzes) -> None:
    host, ada, bob, cleo = table.begin(quizzes.choices, mode="peer")
    table.answer(Ada="Yes", Bob="No", Cleo="No")
    for phone in (ada, bob):
        expect(phone.page.locator(".question__hint")).to_contain_text("Discuss with your neighbours.")
    bob.page.reload()
    expect(bob.option("No")).to_have_attribute("aria-pressed", "true")
    expect(bob.page.locator(".question__hint")).to_contain_text("Discuss with your neighbours.")
    host.page.get_by_role("button", name="Vote again").click()
    host.until("open")
    expect(bob.page.locator("[data-screen=question] [data-ref=first]")).to_contain_text("No")
    table.answer(Ada="Yes", Bob="Yes")
    reload(bob, marked="Yes")
    cleo.option("No").tap()
    host.until("reveal")
    expect(host.page.locator(".votes__swing")).to_have_text("1 changed from wrong to right, 0 from right to wrong.")
    counts = host.page.locator(".vote__count")
    expect(counts).to_have_text(["1", "2", "2", "1"])  # of "Yes" and of "No", in the first vote and in the second
    for phone, found in ((ada, "right"), (bob, "right"), (cleo, "wrong")):
        expect(outcome(phone)).to_have_attribute("data-outcome", found)
    host.press_on()
    table.agree()
    own = table.points()
    assert own["Bob"] > 0 == own["Cleo"]


def test_three_play_alone_and_meet_at_the_end(table: Table, quizzes: Quizzes) -> None:
    table.sit(quizzes.choices, mode="self")
    host, (ada, bob, cleo) = table.party.host, table.phones.values()
    for phone, texts in ((ada, ("Yes", "Yes")), (bob, ("Yes", "No")), (cleo, ("No", "No"))):
        phone.page.get_by_role("button", name="Start").tap()
        for n, text in enumerate(texts):
            expect(phone.option(text)).to_be_visible()
            if phone is bob and n == 1:
                reload(bob)
            phone.option(text).tap()
            expect(outcome(phone)).to_have_attribute("data-outcome", "right" if text == "Yes" else "wrong")
            if n == 0:
                phone.page.get_by_role("button", name="Next question").tap()
        phone.page.get_by_role("button", name="Overview").tap()
        expect(phone.page.locator("[data-screen=start] [data-ref=far]")).to_have_text("2 of 2 done")
    expect(host.page.locator("[data-ref=through]")).to_have_text("3")
    ranked = sorted(table.points().items(), key=lambda row: -row[1])
    lines = host.page.locator(".own-table tbody tr")
    expect(lines.locator("[data-ref=name]")).to_have_text([name for name, _ in ranked])
    expect(lines.locator("[data-ref=points]")).to_have_text([f"{points:,}" for _, points in ranked])
    host.page.get_by_role("button", name="Close now…").click()
    host.page.get_by_role("button", name="Close now", exact=True).click()
    expect(host.page.get_by_text("This game has closed.")).to_be_visible()
    for phone in table.phones.values():
        phone.page.reload()
    for name, (_, place) in table.rows().items():
        headline = f"You won, \u2068{name}\u2069!" if place == 1 else f"{ORDINALS[place]} of 3, \u2068{name}\u2069!"
        expect(table.phones[name].page.locator("[data-screen=podium] h1")).to_have_text(headline)
    assert [place for _, place in table.rows().values()] == [1, 2, 3]
