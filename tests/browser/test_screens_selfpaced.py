"""A game that everybody plays alone, in a real browser: the player's page and the page of who handed it out."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.samples import host, judged, me, now, question, reveal, state, stored
from tests.browser.stage import PHONE, PROJECTOR, Stage

DAY_MS = 24 * 3_600_000
RULES = ["A right answer earns all its points, however long it takes."]


def alone(step: str, own: dict[str, Any] | None = None, **mine: Any) -> dict[str, Any]:
    """The state of a player at that step; ``mine`` goes into ``me``, ``own`` into ``me.own``."""
    running = step == "answer"
    base = {"step": step, "opened": 5, "done": 4 if running else 5, "known": True, "timed": True}
    base |= {"question": None, "answered": 0, "reveal": None, **(own or {})}
    if running:
        base["question"] = question(number=5)
    ends_at = now() + 80_000 if running else None
    closed = step == "closed"
    common = {"phase_ends_at": None if closed else now() + 3 * DAY_MS, "question": None}
    sample = state("podium" if closed else "open", me(), **common, total=12)
    sample["me"] |= {"own": base, "ends_at": ends_at, "allowance": 100, "asks_for_time": False, **mine}
    return sample


def judged_state(*, right: bool, **own: Any) -> dict[str, Any]:
    done = {"question": question(number=5), "reveal": reveal(), "answered": 11, **own}
    return alone("next", done, answer=judged(right=right), gained=900 if right else 0)


BEGIN = {"opened": 0, "done": 0}
SECRET = {"known": False, "question": question(number=5)}
SCREENS = {
    "begin": lambda: alone("next", BEGIN, points=0, place=None, gap=None),
    "overview": lambda: alone("next"),
    "question": lambda: alone("answer"),
    "untimed": lambda: alone("answer", ends_at=None),
    "through": lambda: alone("done", {"opened": 12, "done": 12}),
    "closed": lambda: alone("closed"),
}


@contextmanager
def staged(browser: Browser, sample: dict[str, Any], template: str = "player", **context: Any) -> Iterator[Stage]:
    """A stage with that page of a self-paced game; at the end it must have logged no error."""
    stage = Stage(browser, sample, **{"viewport": PHONE, "reduced_motion": "reduce", **context})
    stage.template = f"play/selfpaced/{template}.html"
    stage.more = {"rules": RULES, "game": SimpleNamespace(pk=7)}
    if template == "host":
        stage.answers["own_progress"] = lambda _: (200, progress())
        stage.screen = "[data-own-host]"
    try:
        stage.open()
        yield stage
        assert stage.errors == []
    finally:
        stage.close()


def shown(stage: Stage) -> str:
    return stage.page.evaluate("document.body.dataset.screenShown")


def progress(**changes: Any) -> dict[str, Any]:
    names = ["Ada", "Grace", "Blaise", "W" * 24, "Niels"]
    lines = [
        {
            "player": n,
            "nickname": name,
            "here": n < 3,
            "opened": 12 - 3 * n,
            "done": 12 - 3 * n,
            "points": 9_000 - 2_000 * n,
        }
        for n, name in enumerate(names)
    ]
    lines = [
        {**line, "place": n + 1, "opened": max(line["opened"], 0), "done": max(line["done"], 0)}
        for n, line in enumerate(lines)
    ]
    base = {"version": 2, "phase": "open", "closes_at": now() + 3 * DAY_MS, "server_time": now(), "total": 12}
    return {**base, "players": 5, "waiting": 1, "under_way": 3, "through": 1, "lines": lines, **changes}


def become(stage: Stage, sample: dict[str, Any]) -> tuple[int, Any]:
    """What the server says next, also when the state is asked for."""
    stage.state = sample
    return 200, sample


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_accessible_in_the_dark_and_fits(browser: Browser, name: str) -> None:
    """In the light it is swept with all the others (test_sweep.py)."""
    with staged(browser, SCREENS[name](), color_scheme="dark") as stage:
        assert stage.violations() == ""
        expect(stage.page.locator("h1:visible")).to_have_count(1)
        assert stage.size()[0] == PHONE["width"]


def test_question_after_question_by_keyboard(browser: Browser) -> None:
    begin = alone("next", BEGIN, points=0, place=None, gap=None)
    with staged(browser, begin, timezone_id="Europe/Rome") as stage:
        page = stage.page
        expect(page.locator("[data-screen=start]")).to_contain_text("GMT+1")
        expect(page).to_have_title("The sky above us · Orbit Quiz")
        page.get_by_role("button", name="Sounds are off").click()
        expect(page.get_by_role("button", name="Sounds are on")).to_be_visible()
        stage.answers["own_next"] = lambda _: become(stage, alone("answer", {"opened": 1, "done": 0}))
        stage.answers["answer"] = lambda body: (become(stage, judged_state(right=True)), (200, receipt(body)))[1]
        page.get_by_role("button", name="Start").focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-screen=question] h1")).to_be_focused()
        expect(page.locator("[data-announcer]")).to_contain_text("seconds")
        page.keyboard.press("2")
        expect(page.locator("[data-screen=reveal]")).to_contain_text("Right!")
        assert stage.violations() == ""
        stage.answers["own_next"] = lambda _: become(stage, alone("answer", {"opened": 6, "done": 5}))
        page.get_by_role("button", name="Next question").click()
        expect(page.locator("[data-screen=question]")).to_be_visible()
        assert stage.bodies("own_next") == [{"number": 1}, {"number": 6}]
        assert stage.bodies("answer")[0]["choice"] == ["b"]


def receipt(body: Any) -> dict[str, Any]:
    """The acknowledgement of an answer."""
    return {**body, "received_at": now(), "elapsed_ms": 900}


def test_a_question_whose_opening_got_lost_is_asked_for_again_by_its_number(browser: Browser) -> None:
    with staged(browser, alone("next")) as stage:
        stage.answers["own_next"] = lambda _: (503, {})
        stage.page.get_by_role("button", name="Next question").click()
        expect(stage.page.locator("[data-screen=start] [data-ref=status]")).to_contain_text("tries again")
        stage.answers["own_next"] = lambda _: become(stage, alone("answer"))
        expect(stage.page.locator("[data-screen=question]")).to_be_visible()
        tries = stage.bodies("own_next")
        assert tries == [{"number": 6}] * max(2, len(tries))
        stage.errors.clear()  # The browser notes the answer of 503.


def test_when_the_time_is_up_the_page_looks_and_shows_what_was_right(browser: Browser) -> None:
    with staged(browser, alone("answer", ends_at=now() + 1_500)) as stage:
        stage.state = judged_state(right=False) | {"seq": 18}
        stage.state["me"]["answer"] = None
        expect(stage.page.locator("[data-screen=reveal]")).to_contain_text("No answer this time")


def test_a_secret_solution_stays_one(browser: Browser) -> None:
    with staged(browser, alone("answer", {"known": False})) as stage:
        secret = alone("next", SECRET, answer=stored(), points=0, place=None, gap=None)
        stage.answers["answer"] = lambda body: (become(stage, secret), (200, receipt(body)))[1]
        stage.page.get_by_role("button", name="Jupiter").click()
        expect(stage.page.get_by_role("heading", name="Your answer is in")).to_be_visible()
        expect(stage.page.locator("[data-points]")).to_be_empty()
        stage.page.get_by_role("button", name="Overview").click()
        expect(stage.page.locator("[data-screen=start]")).to_contain_text("5 of 12 done")


def test_the_line_tells_that_the_game_has_closed(browser: Browser) -> None:
    with staged(browser, alone("next")) as stage:
        stage.until(lambda: len(stage.page.evaluate("testBroker.subscriptions")) == 2)
        stage.state = alone("closed")
        stage.send("/games/7/status", "podium.shown", {}, seq=18)
        expect(stage.page.get_by_role("heading", name="4th of 12")).to_be_visible()


def test_the_own_link_is_made_when_it_is_asked_for(browser: Browser) -> None:
    with staged(browser, alone("next")) as stage:
        stage.answers["own_link"] = lambda _: (200, {"url": "http://quiz.example/games/7/own/back/#5:key"})
        assert stage.bodies("own_link") == []
        stage.page.get_by_text("Go on with another device").click()
        expect(stage.page.get_by_label("Your own link")).to_have_value("http://quiz.example/games/7/own/back/#5:key")
        assert stage.violations() == ""


def test_the_own_link_hides_its_key_from_the_address(browser: Browser) -> None:
    stage = Stage(browser, alone("next"), viewport=PHONE)
    try:
        stage.show("play/selfpaced/back.html", game=SimpleNamespace(title="The sky above us"), wrong=True)
        stage.page.evaluate("location.hash = '5:key'")
        stage.page.reload()
        expect(stage.page.locator("[data-key]")).to_have_value("5:key")
        assert "#" not in stage.page.url
        assert stage.violations() == ""
    finally:
        stage.close()


def test_a_host_sees_the_progress_and_moves_the_closing_date(browser: Browser) -> None:
    sample = state("open", host(), phase_ends_at=now() + 3 * DAY_MS, question=None)
    with staged(browser, sample, "host", timezone_id="Europe/Rome") as stage:
        page = stage.page
        expect(page.get_by_role("row", name="Grace")).to_contain_text("9 of 12")
        for size, colours in ((PHONE, "light"), (PHONE, "dark"), (PROJECTOR, "light")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=colours)
            assert stage.violations() == ""
            assert stage.size()[0] == size["width"]
        page.get_by_label("Open until").fill("2030-01-02T18:00")
        page.get_by_role("button", name="Move the closing date").click()
        expect(page.get_by_text("The closing date has been moved.")).to_be_visible()
        assert stage.bodies("own_closing") == [{"version": 2, "closes_at": 1_893_603_600_000}]
        page.get_by_role("button", name="Close now…").click()
        page.get_by_role("button", name="Not yet").click()
        assert stage.bodies("finish") == []
        closed = progress(phase="podium", closes_at=None)
        stage.answers["own_progress"] = lambda _: (200, closed)
        page.get_by_role("button", name="Close now…").click()
        page.get_by_role("button", name="Close now", exact=True).click()
        expect(page.get_by_text("This game has closed.")).to_be_visible()
        expect(page.get_by_label("Open until")).to_be_hidden()
        assert stage.bodies("finish") == [{"version": 2}]


def test_the_host_reaches_the_people_from_the_page_of_the_progress(browser: Browser) -> None:
    sample = state("open", host(), phase_ends_at=now() + DAY_MS, question=None)
    with staged(browser, sample, "host", viewport=PROJECTOR) as stage:
        stage.page.get_by_role("button", name="12 players").press("Enter")
        stage.page.get_by_role("button", name="Ada: rename or remove").press("Enter")
        dialog = stage.page.get_by_role("dialog", name="Ada")
        dialog.get_by_label("Time to answer").select_option("200")
        dialog.get_by_role("button", name="Set the time").press("Enter")
        stage.until(lambda: [body["allowance"] for body in stage.bodies("allow")] == [200])
        assert stage.violations() == ""


def test_a_host_page_asks_less_often_while_nothing_answers_and_never_while_nobody_looks(browser: Browser) -> None:
    sample = state("open", host(), phase_ends_at=now() + DAY_MS, question=None)
    with staged(browser, sample, "host") as stage:
        page = stage.page
        page.clock.install()
        page.goto("/")
        expect(page.get_by_role("row", name="Grace")).to_be_visible()
        stage.stop_clock()
        stage.answers["own_progress"] = lambda _: (503, {})
        lost = page.get_by_text("Connection lost. This page tries again by itself.")
        while not lost.is_visible():  # A look may have been under way; the next is the one that fails.
            page.clock.run_for(250)
        before = len(stage.bodies("own_progress"))
        stage.answers["own_progress"] = lambda _: (200, progress())
        page.clock.run_for(9_000)
        assert len(stage.bodies("own_progress")) == before, "the second try came as soon as the first"
        page.clock.run_for(1_000)
        expect(page.locator("[data-own-host] > [role=status]")).to_have_text("")
        assert len(stage.bodies("own_progress")) == before + 1
        look_away = "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        look_away += " document.dispatchEvent(new Event('visibilitychange')); }"
        page.evaluate(look_away, True)
        page.clock.run_for(120_000)
        page.evaluate(look_away, False)
        stage.until(lambda: len(stage.bodies("own_progress")) >= before + 2)
        assert len(stage.bodies("own_progress")) == before + 2, "it was asked while nobody looked"
        stage.errors.clear()  # The browser notes the answer of 503.
