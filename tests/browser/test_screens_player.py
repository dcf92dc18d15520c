"""The player's phone in each phase: what it shows, what it sends, how it gets right again."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import samples
from tests.browser.samples import broker, judged, me, question, reveal, standings, state, stored
from tests.browser.stage import PHONE, PROJECTOR, Stage, staged

STATUS = "/games/7/status"
OWN = "/players/7"


def phone(browser: Browser, phase: str, own: Any = None, **changes: Any) -> Any:
    return staged(browser, state(phase, own, **changes), viewport=PHONE)


def shared(phase: str, **changes: Any) -> dict[str, Any]:
    """The data of a status event."""
    apart = ("game", "pin", "title", "total", "seq", "server_time", "me")
    return {key: value for key, value in state(phase, **changes).items() if key not in apart}


def receipt(body: Any) -> tuple[int, Any]:
    """The acknowledgement of an answer."""
    return 200, {**body, "choice": body["choice"], "received_at": 1, "elapsed_ms": 900}


SCREENS = {
    "lobby": lambda: state("lobby", me(place=None, points=0, gap=None)),
    "countdown": lambda: state("countdown"),
    "reading": lambda: state("reading"),
    "open": lambda: state("open"),
    "several": lambda: state("open", question=question(several=True)),
    "received": lambda: state("open", me(answer=stored())),
    "right": lambda: state("reveal", me(answer=judged(right=True), gained=900, place=2)),
    "wrong": lambda: state("reveal", me(answer=judged(right=False, choice="a"))),
    "partly right": lambda: state("reveal", me(answer=judged(right=False, points=500), gained=500, place=2)),
    "unanswered": lambda: state("reveal"),
    "voided": lambda: state("reveal", question=question(voided=True)),
    "standings": lambda: state("standings"),
    "podium": lambda: state("podium"),
    "ended": lambda: state("ended"),
    "paused": lambda: state("paused"),
    "removed": lambda: state("lobby", me(kicked=True)),
}


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_accessible_in_the_dark_and_as_wide_as_its_window(browser: Browser, name: str) -> None:
    """In the light it is swept with all the others (test_sweep.py)."""
    with staged(browser, SCREENS[name](), viewport=PHONE, reduced_motion="reduce", color_scheme="dark") as stage:
        assert stage.violations() == ""
        expect(stage.page.locator("h1:visible")).to_have_count(1)
        for size in (PHONE, PROJECTOR):
            stage.page.set_viewport_size(size)
            assert stage.size()[0] == size["width"]


@pytest.mark.parametrize("name", ["lobby", "open", "right", "standings", "podium"])
def test_the_longest_words_fit_a_phone(browser: Browser, name: str) -> None:
    sample = SCREENS[name]()
    sample["me"]["nickname"] = "W" * 24
    sample["standings"] = [{**line, "nickname": "W" * 24, "points": 123_456} for line in sample["standings"]]
    if sample["question"]:
        sample["question"] |= {"text": "Donaudampfschiff" * 15, "choices": [{"id": "b", "text": "W" * 75}]}
    with staged(browser, sample, viewport=PHONE, reduced_motion="reduce") as stage:
        assert stage.size()[0] == PHONE["width"]


PICTURE = {"url": "/pictures/0.webp", "width": 800, "height": 600, "alt": "A planet"}


@pytest.mark.parametrize(
    ("size", "picture"),
    [(PHONE, PICTURE), ({"width": PHONE["height"], "height": PHONE["width"]}, None)],
    ids=["below a picture", "on its side"],
)
def test_four_options_are_in_sight_on_a_phone(browser: Browser, size: Any, picture: Any) -> None:
    asked = question(text="Which planet is this?", picture=picture)
    asked["choices"][3]["text"] = "Neptune"
    with staged(browser, state("open", question=asked), viewport=size) as stage:
        for name in ("Jupiter", "Saturn", "Uranus", "Neptune"):
            expect(stage.page.get_by_role("button", name=name)).to_be_in_viewport(ratio=0.95)


# The line


def test_every_browser_uses_the_same_subscription_ids(browser: Browser) -> None:
    with phone(browser, "lobby") as stage:
        assert stage.wait_for_subscriptions() == [
            ["/games/7/status", "status"],
            ["/games/7/players", "players"],
            ["/players/7", "me"],
        ]


def test_a_page_speaks_of_its_destinations_as_the_broker_spells_them(browser: Browser, monkeypatch: Any) -> None:
    spelled = broker(state("lobby"))["destinations"]
    spelled = {name: "/topic/" + name.strip("/").replace("/", ".") for name in spelled}
    monkeypatch.setattr(samples, "broker", lambda state: broker(state) | {"destinations": spelled})
    with phone(browser, "lobby") as stage:
        assert ["/topic/games.7.status", "status"] in stage.wait_for_subscriptions()
        stage.send("/topic/games.7.status", "question.opened", shared("open"), seq=1)
        expect(stage.page.get_by_role("button", name="Saturn")).to_be_visible()


def test_a_page_reads_the_state_once_its_line_is_up(browser: Browser) -> None:
    stage = Stage(browser, state("lobby"), viewport=PHONE)
    stage.answers["state"] = lambda _: (200, state("open", seq=18))
    stage.open()
    expect(stage.page.get_by_role("button", name="Saturn")).to_be_visible()
    stage.close()


def test_a_lost_line_is_shown_and_comes_back_with_the_state(browser: Browser) -> None:
    with phone(browser, "open", me(answer=stored())) as stage:
        stage.page.evaluate("testBroker.away = true; testBroker.cut()")
        bar = stage.page.locator("[data-connection]")
        expect(bar).to_contain_text("Connection lost, trying again in")
        expect(bar).to_contain_text("Your answer is safe.")
        assert stage.violations() == ""
        stage.state = state("standings", me(place=2), seq=20)
        stage.page.evaluate("testBroker.away = false; dispatchEvent(new Event('online'))")
        expect(bar).to_have_text("Back.")
        expect(stage.page.get_by_role("heading", name="2nd")).to_be_visible()
        expect(bar).to_be_hidden()


def test_a_server_that_is_late_to_tell_what_was_missed_is_shown_and_asked_again(browser: Browser) -> None:
    with phone(browser, "lobby") as stage:
        stage.wait_for_subscriptions()
        stage.answers["state"] = lambda _: (503, {})
        stage.page.evaluate("testBroker.cut(); dispatchEvent(new Event('online'))")
        bar = stage.page.locator("[data-connection]")
        expect(bar).to_contain_text("The server is slow to answer.")
        stage.answers["state"] = lambda _: (200, state("open", seq=18))
        expect(stage.page.get_by_role("button", name="Saturn")).to_be_visible()
        expect(bar).to_have_text("Back.")
        assert {error.partition(":")[0] for error in stage.errors} == {"Failed to load resource"}
        stage.errors.clear()


def test_a_relay_that_goes_down_says_how_long_to_stay_away(browser: Browser) -> None:
    with phone(browser, "lobby") as stage:
        stage.page.evaluate("testBroker.cut(60_000)")
        seconds = re.compile(r"again in [2-6]\d s")  # without a word it tries after one
        expect(stage.page.locator("[data-connection]")).to_contain_text(seconds)


def test_a_refused_ticket_is_renewed_before_the_next_try(browser: Browser) -> None:
    with phone(browser, "lobby") as stage:
        stage.answers["ticket"] = lambda _: (200, {"ticket": "fresh"})
        stage.page.evaluate("testBroker.refuse = true; testBroker.cut()")
        stage.until(lambda: stage.page.evaluate("testBroker.tickets") == ["ticket", "ticket", "fresh"])


def test_a_network_that_returns_while_a_ticket_is_renewed_opens_no_second_line(browser: Browser) -> None:
    with phone(browser, "lobby") as stage:
        stage.answers["ticket"] = lambda _: (200, {"ticket": "fresh"})
        stage.page.evaluate(
            """const { fetch } = window;
            window.fetch = (...call) => { dispatchEvent(new Event("online")); return fetch(...call); };"""
        )
        stage.page.evaluate("testBroker.refuse = true; testBroker.cut()")
        stage.until(lambda: stage.page.evaluate("testBroker.tickets.includes('fresh')"))
        assert len(stage.bodies("ticket")) == 1


def test_the_game_goes_on_without_live_updates(browser: Browser) -> None:
    with phone(browser, "lobby") as stage:
        stage.page.evaluate("testBroker.away = true; testBroker.cut()")
        stage.state = state("open", seq=18)
        expect(stage.page.get_by_role("button", name="Saturn")).to_be_visible()


def test_missed_events_are_asked_for(browser: Browser) -> None:
    with phone(browser, "lobby") as stage:
        missed = [
            {"v": 1, "type": "question.reading", "seq": 1, "at": 0, "data": shared("reading")},
            {"v": 1, "type": "question.opened", "seq": 2, "at": 0, "data": shared("open")},
        ]
        stage.answers["events"] = lambda _: (200, {"events": missed})
        stage.send(STATUS, "question.opened", shared("open"), seq=2)
        expect(stage.page.get_by_role("button", name="Saturn")).to_be_visible()


def test_somebody_whom_the_server_no_longer_knows_is_told_what_to_do(browser: Browser) -> None:
    stage = Stage(browser, state("lobby"), viewport=PHONE)
    stage.answers["state"] = lambda _: (403, {"error": "not-a-player", "message": "…"})
    stage.open()
    expect(stage.page.get_by_role("heading", name="does not know this browser")).to_be_visible()
    stage.close()


def test_a_player_who_was_removed_is_told_so(browser: Browser) -> None:
    with phone(browser, "lobby") as stage:
        stage.send(OWN, "player.kicked", {})
        expect(stage.page.get_by_role("heading", name="You are no longer in this game")).to_be_visible()


# Answering


def test_a_tap_answers_and_shows_when_it_is_stored(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        stage.answers["answer"] = receipt
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        expect(stage.page.get_by_role("button", name="Saturn")).to_have_attribute("aria-pressed", "true")
        stage.page.get_by_role("button", name="Uranus").click(force=True)
        (body,) = stage.bodies("answer")
        assert (body["question"], body["choice"]) == (31, ["b"])


@pytest.mark.parametrize("key", ["2", "b", "B"])
def test_a_key_answers(browser: Browser, key: str) -> None:
    with phone(browser, "open") as stage:
        stage.answers["answer"] = receipt
        stage.page.locator("main").focus()
        stage.page.keyboard.press(key)
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        assert stage.bodies("answer")[0]["choice"] == ["b"]


def test_several_are_chosen_and_then_sent(browser: Browser) -> None:
    with phone(browser, "open", question=question(several=True)) as stage:
        stage.answers["answer"] = receipt
        stage.page.get_by_role("button", name="Send my answer").click(force=True)
        assert stage.bodies("answer") == []
        for name in ("Jupiter", "Saturn", "Uranus", "Jupiter"):
            stage.page.get_by_role("button", name=name).click()
        stage.page.get_by_role("button", name="Send my answer").click()
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        assert stage.bodies("answer")[0]["choice"] == ["b", "c"]


def test_an_answer_that_did_not_arrive_is_sent_again_as_the_same(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        answers = iter([(503, {}), (429, {}), None])
        stage.answers["answer"] = lambda body: next(answers) or receipt(body)
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        bodies = stage.bodies("answer")
        assert len(bodies) == 3
        assert bodies[0] == bodies[1] == bodies[2]
        stage.errors.clear()  # Chromium logs each failed request


@pytest.fixture
def over_the_line(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let pages send answers over their line, and wait so many ms for a word."""

    def wait(line_ms: int) -> None:
        monkeypatch.setattr("tests.browser.stage.page_of", lambda *a, **b: samples.page(*a, **b) | {"line_ms": line_ms})

    return wait


def answers_over_the_line(stage: Stage) -> list[Any]:
    """Those that the page's broker got, without signs of life."""
    return [body for _, body in stage.page.evaluate("testBroker.sent") if "answer_id" in body]


def test_an_answer_over_the_line_needs_no_call(browser: Browser, over_the_line: Callable[[int], None]) -> None:
    over_the_line(60_000)
    with phone(browser, "open") as stage:
        stage.wait_for_subscriptions()
        expect(stage.page.locator("[data-connection]")).to_be_hidden()
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.get_by_text("Sending…")).to_be_visible()
        (body,) = answers_over_the_line(stage)
        stage.send(OWN, "answer.received", {**body, "received_at": 1, "elapsed_ms": 900})
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        assert (body["question"], body["choice"], stage.bodies("answer")) == (31, ["b"], [])


@pytest.mark.parametrize("trouble", ["silence", "loss", "refusal"])
def test_what_the_line_does_not_take_goes_over_http_as_the_same(
    browser: Browser, over_the_line: Callable[[int], None], trouble: str
) -> None:
    over_the_line(50 if trouble == "silence" else 60_000)
    with phone(browser, "open") as stage:
        stage.answers["answer"] = receipt
        stage.wait_for_subscriptions()
        expect(stage.page.locator("[data-connection]")).to_be_hidden()
        stage.page.get_by_role("button", name="Saturn").click()
        stage.until(lambda: bool(answers_over_the_line(stage)))
        (body,) = answers_over_the_line(stage)
        if trouble == "loss":
            stage.page.evaluate("testBroker.away = true; testBroker.cut()")
        elif trouble == "refusal":
            stage.send(OWN, "answer.refused", {"answer_id": body["answer_id"], "error": "question-not-open"})
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        assert stage.bodies("answer") == [body]


def test_a_reload_sends_an_unacknowledged_answer_again_as_the_same(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        stage.answers["answer"] = lambda _: (503, {})
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.get_by_text("Sending…")).to_be_visible()
        stage.answers["answer"] = receipt
        stage.open()
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        bodies = stage.bodies("answer")
        assert {body["answer_id"] for body in bodies} == {bodies[0]["answer_id"]}
        stage.errors.clear()


def test_an_answer_that_another_device_gave_first_is_shown(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        first = {**stored(), "choice": ["c"]}
        stage.answers["answer"] = lambda _: (409, {"error": "already-answered", "message": "…", "answer": first})
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.get_by_role("button", name="Uranus")).to_have_attribute("aria-pressed", "true")
        expect(stage.page.get_by_role("button", name="Saturn")).to_have_attribute("aria-pressed", "false")
        stage.errors.clear()


def test_a_refused_answer_says_why(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        stage.answers["answer"] = lambda _: (409, {"error": "question-not-open", "message": "Too late: it is closed."})
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.locator(".question__status", has_text="Too late: it is closed.")).to_be_visible()
        expect(stage.page.get_by_role("button", name="Saturn")).to_have_attribute("aria-pressed", "false")
        stage.errors.clear()


def test_an_answer_that_never_got_through_does_not_block_the_next_question(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        stage.answers["answer"] = lambda _: (503, {})
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.get_by_text("Sending…")).to_be_visible()
        stage.answers["answer"] = receipt
        stage.send(STATUS, "question.opened", shared("open", question=question(id=32)), seq=18)
        stage.page.get_by_role("button", name="Uranus").click()
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        assert stage.bodies("answer")[-1]["question"] == 32
        stage.errors.clear()


def test_the_bar_is_gone_with_the_game(browser: Browser) -> None:
    with phone(browser, "podium") as stage:
        stage.page.evaluate("testBroker.away = true; testBroker.cut()")
        expect(stage.page.locator("[data-connection]")).to_be_visible()
        stage.state = state("ended", seq=18)
        expect(stage.page.get_by_text("Thank you for playing!")).to_be_visible()
        expect(stage.page.locator("[data-connection]")).to_be_hidden()


def test_options_close_with_the_time(browser: Browser) -> None:
    soon = state("open")["server_time"] + 700
    with phone(browser, "open", phase_ends_at=soon) as stage:
        expect(stage.page.locator(".question__status", has_text="Time is up. The result comes")).to_be_visible()
        stage.page.get_by_role("button", name="Saturn").click(force=True)
        assert stage.bodies("answer") == []


def test_what_was_picked_survives_a_pause(browser: Browser) -> None:
    several = question(several=True)
    with phone(browser, "open", question=several) as stage:
        stage.page.get_by_role("button", name="Saturn").click()
        stage.send(STATUS, "game.paused", shared("paused", question=several), seq=18)
        expect(stage.page.get_by_role("heading", name="A short break")).to_be_visible()
        stage.send(STATUS, "game.resumed", shared("open", question=several), seq=19)
        expect(stage.page.get_by_role("button", name="Saturn")).to_have_attribute("aria-pressed", "true")


def test_an_answer_that_cannot_be_one_is_changed_and_sent_again(browser: Browser) -> None:
    typed = question(kind="typed", choices=[], view={"max_chars": 60})
    words = {"error": "bad-choice", "message": "This cannot be an answer. Change it and send it again."}
    with phone(browser, "open", question=typed) as stage:
        field = stage.page.get_by_label("Your answer")
        send = stage.page.get_by_role("button", name="Send my answer")
        stage.answers["answer"] = lambda body: (400, words) if body["choice"] == "!" else receipt(body)
        field.fill("!")
        send.click()
        expect(stage.page.locator('[data-ref="status"]:visible')).to_have_text(words["message"])
        expect(stage.page.locator("[data-announcer]")).to_have_text(words["message"])
        assert stage.violations() == ""
        field.fill("Kepler")
        send.click()
        expect(stage.page.locator('[data-ref="status"]:visible')).to_contain_text("Received.")
        stage.errors.clear()  # Chromium logs each answer that is no 2xx.


def test_an_answer_that_came_too_late_is_over(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        stage.answers["answer"] = lambda _: (409, {"error": "question-not-open", "message": "It came too late."})
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.locator("[data-announcer]")).to_have_text("It came too late.")
        expect(stage.page.get_by_role("button", name="Jupiter")).to_have_attribute("aria-disabled", "true")
        expect(stage.page.get_by_text("Choose one.")).to_be_hidden()
        stage.errors.clear()  # Chromium logs each answer that is no 2xx.


# What is heard

SPOKEN = {
    "a pause": (lambda: state("paused", host_lost=True), "The host’s line is lost."),
    "several": (
        lambda: state("open", question=question(several=True)),
        re.compile(r"Choose them all, then send\. \d+ seconds left"),
    ),
    "typed": (
        lambda: state("open", question=question(kind="typed", choices=[], view={"max_chars": 60})),
        re.compile(r"Type your answer, then send\. \d+ seconds left"),
    ),
    "second vote": (lambda: state("open", me(first=["a"]), mode="peer", question=question(round=2)), "Jupiter"),
    "standings": (lambda: state("standings"), "1,710 points. 120 points to the place before yours."),
    "a result": (
        lambda: state("reveal", me(answer=judged(right=True), gained=900, place=2)),
        "+900. You are 2nd of 12, with 1,710 points.",
    ),
    "time is up": (lambda: state("open", phase_ends_at=0), "Time is up."),
}


@pytest.mark.parametrize("name", SPOKEN)
def test_each_screen_says_what_its_heading_does_not(browser: Browser, name: str) -> None:
    sample, words = SPOKEN[name]
    with staged(browser, sample(), viewport=PHONE, reduced_motion="reduce") as stage:
        expect(stage.page.locator("[data-announcer]")).to_contain_text(words)


def test_who_is_removed_or_plays_elsewhere_is_not_told_to_choose(browser: Browser) -> None:
    with phone(browser, "open", me(kicked=True)) as stage:
        expect(stage.page.locator("[data-announcer]")).to_be_empty()
    with phone(browser, "open") as stage:
        stage.send(OWN, "player.moved", {"seat": 2})
        expect(stage.page).to_have_title(re.compile("^You are playing on another device"))


def test_who_chose_too_few_hears_that_some_were_missing(browser: Browser) -> None:
    own = me(answer={**judged(right=False), "choice": ["a"]})
    with phone(browser, "reveal", own, question=question(several=True), reveal=reveal(right=["a", "b"])) as stage:
        expect(stage.page.get_by_role("heading", name="Some were missing")).to_be_visible()
    own["answer"]["choice"] = ["a", "c"]
    with phone(browser, "reveal", own, question=question(several=True), reveal=reveal(right=["a", "b"])) as stage:
        expect(stage.page.get_by_role("heading", name="Not this time")).to_be_visible()


def test_a_result_that_was_awaited_is_told_with_its_points(browser: Browser) -> None:
    typed = question(kind="typed", choices=[], view={"max_chars": 60})
    told = reveal(right=["Kepler"], counts={"Kepler": 3})
    with phone(browser, "reveal", me(answer={**stored(), "choice": "Keppler"}), question=typed, reveal=told) as stage:
        expect(stage.page.get_by_role("heading", name="Your result comes in a moment")).to_be_visible()
        own = {**judged(right=False, points=0), "choice": "Keppler"}
        stage.send(OWN, "player.result", {"me": me(answer=own)})
        expect(stage.page.locator("[data-announcer]")).to_contain_text("Not this time. You are 4th of 12")


# Phases


def test_events_lead_from_screen_to_screen_and_the_focus_follows(browser: Browser) -> None:
    with phone(browser, "countdown") as stage:
        stage.send(STATUS, "question.reading", shared("reading"), seq=18)
        heading = stage.page.get_by_role("heading", name="Which planet")
        expect(heading).to_be_focused()
        expect(stage.page.get_by_role("button")).to_have_count(0)
        stage.send(STATUS, "question.opened", shared("open"), seq=19)
        expect(stage.page.get_by_role("button", name="Saturn")).to_be_visible()
        expect(stage.page.get_by_role("status")).to_contain_text("Choose one.")


def test_the_result_shows_right_at_once_and_points_when_they_come(browser: Browser) -> None:
    with phone(browser, "open", me(answer=stored())) as stage:
        stage.send(STATUS, "question.closed", shared("reveal"), seq=18)
        expect(stage.page.get_by_role("heading", name="Right!")).to_be_focused()
        result = me(answer=judged(right=True), gained=900, points=2610, place=2)
        stage.send(OWN, "player.result", {"me": result})
        expect(stage.page.get_by_text("+900", exact=True)).to_be_visible()
        expect(stage.page.get_by_text("You are 2nd of 12, with 2,610 points.").first).to_be_visible()


def test_a_result_that_does_not_come_is_read(browser: Browser) -> None:
    with phone(browser, "open", me(answer=stored())) as stage:
        stage.state = state("reveal", me(answer=judged(right=True), gained=900, points=2610, place=2), seq=18)
        stage.send(STATUS, "question.closed", shared("reveal"), seq=18)
        expect(stage.page.get_by_text("+900", exact=True)).to_be_visible()


def test_the_reveal_names_right_and_own_in_words_with_numbers(browser: Browser) -> None:
    with phone(browser, "reveal", me(answer=judged(right=False, choice="a"))) as stage:
        options = stage.page.locator(".reveal .option")
        expect(options.nth(0)).to_contain_text("✗ Your choice")
        expect(options.nth(0).locator(".option__count")).to_have_text("4")
        expect(options.nth(1)).to_contain_text("✓ Right")
        expect(stage.page.get_by_text("Saturn overtook Jupiter")).to_be_visible()


def test_the_standings_show_own_place_and_gap(browser: Browser) -> None:
    with phone(browser, "standings", me(place=2, gap=240, points=2610)) as stage:
        expect(stage.page.get_by_role("heading", name="2nd of 12")).to_be_visible()
        expect(stage.page.get_by_text("240 points to the place before yours.", exact=True)).to_be_visible()
        expect(stage.page.locator(".standing--own")).to_contain_text("Blaise")


def test_a_shared_place_is_shown_as_shared(browser: Browser) -> None:
    with phone(browser, "standings", me(place=2), standings=standings()) as stage:
        places = stage.page.locator("[data-screen=standings] .standing__place")
        expect(places).to_have_text(["1", "2", "2", "4", "5"])


def test_text_of_players_and_authors_is_text(browser: Browser) -> None:
    attack = "<img src=x onerror=alert(1)>"
    hostile = question(text=attack, choices=[{"id": "a", "text": attack}, {"id": "b", "text": "</script>"}])
    with phone(browser, "reveal", me(nickname=attack), question=hostile, reveal=reveal(explanation=attack)) as stage:
        expect(stage.page.locator("[data-screen=reveal] .option").first).to_contain_text(attack)
        expect(stage.page.locator("img[src=x]")).to_have_count(0)


def test_the_page_speaks_italian(browser: Browser) -> None:
    with staged(browser, state("lobby"), viewport=PHONE, language="it") as stage:
        expect(stage.page.locator("html")).to_have_attribute("lang", "it")
        expect(stage.page.get_by_text("12 giocatori")).to_be_visible()


SMALL = {"width": 360, "height": 640}
SIX = [
    {"id": id, "text": text} for id, text in zip("abcdef", ["One", "Two", "Three", "Four", "Five", "Six"], strict=True)
]


def test_six_short_options_are_on_a_small_phone_at_once(browser: Browser) -> None:
    with staged(browser, state("open", question=question(text="How many?", choices=SIX)), viewport=SMALL) as stage:
        expect(stage.page.get_by_role("button", name="Six")).to_be_in_viewport(ratio=1)


def test_the_clock_stays_in_sight_and_nothing_covers_an_option(browser: Browser) -> None:
    choices = [{**choice, "text": choice["text"] * 40} for choice in SIX]
    with staged(browser, state("open", question=question(choices=choices)), viewport=SMALL) as stage:
        expect(stage.page.locator("[data-ref=status]").locator("..")).not_to_have_css("position", "sticky")
        stage.page.locator("button.option").last.scroll_into_view_if_needed()
        expect(stage.page.get_by_role("timer").filter(visible=True)).to_be_in_viewport(ratio=1)


def test_a_cancelled_question_is_told_on_the_standings(browser: Browser) -> None:
    with phone(browser, "standings") as stage:
        told = shared("standings", question=question(voided=True))
        stage.send(STATUS, "question.voided", told, seq=stage.state["seq"] + 1)
        expect(stage.page.get_by_text("This question does not count.").filter(visible=True)).to_have_count(2)


# Elsewhere, and again

NEXT = {"phase": "ended", "next": {"game": 8, "pin": "271828"}, "version": 13}


def test_an_older_page_says_that_another_plays_and_stops(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        stage.send("/players/7", "player.moved", {"seat": 2})
        expect(stage.page.get_by_role("heading", name="You are playing on another device")).to_be_visible()
        assert stage.violations() == ""
        assert stage.size()[0] == PHONE["width"]
        stage.page.get_by_role("link", name="Play here instead").click()
        stage.page.locator("[data-screen=question]:not([hidden])").wait_for()


def test_the_newest_page_is_not_disturbed(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        stage.send("/players/7", "player.moved", {"seat": 1})
        expect(stage.page.locator("[data-screen=question]")).to_be_visible()


def test_phones_come_to_the_next_game_by_themselves(browser: Browser) -> None:
    with phone(browser, "podium") as stage:
        tries = iter([(503, {}), (200, {"url": "/"})])
        stage.answers["follow"] = lambda _: next(tries)
        stage.state = state("ended")
        with stage.page.expect_navigation():
            stage.send("/games/7/status", "game.replayed", NEXT, seq=18)
        assert len(stage.bodies("follow")) == 2
        stage.errors.clear()  # Chromium logs the 503 that was meant.


def test_a_phone_that_may_not_follow_says_why(browser: Browser) -> None:
    with phone(browser, "podium") as stage:
        stage.answers["follow"] = lambda _: (409, {"error": "game-locked", "message": "The host has locked this game."})
        stage.send("/games/7/status", "game.replayed", NEXT, seq=18)
        expect(stage.page.get_by_text("The host has locked this game.")).to_be_visible()
        stage.errors.clear()


def test_a_page_that_is_seen_gives_signs_of_life_and_says_when_it_is_left(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        stage.until(lambda: ["/games/7/answers", {"here": True}] in stage.page.evaluate("testBroker.sent"))
        stage.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
        stage.until(lambda: "away" in [name for name, _ in stage.calls])


def test_who_answered_just_as_the_game_was_paused_may_answer_when_it_goes_on(browser: Browser) -> None:
    with phone(browser, "open") as stage:
        closed = {"error": "question-not-open", "message": "This question is closed."}
        answers = iter([(409, closed), receipt({"answer_id": "x", "question": 31, "choice": ["b"]})])
        stage.answers["answer"] = lambda _: next(answers)
        stage.page.get_by_role("button", name="Saturn").click()
        expect(stage.page.locator(".question__status", has_text="This question is closed.")).to_be_visible()
        stage.send("/games/7/status", "game.paused", shared("paused"), seq=18)
        stage.send("/games/7/status", "game.resumed", shared("open"), seq=19)
        stage.page.get_by_role("button", name="Saturn").click()
        stage.until(lambda: len(stage.bodies("answer")) == 2)
        stage.errors.clear()  # Chromium logs the 409 that was meant.
