"""More time in private, on the phone and at the host's: who asks, who gives, who hears of it; what is said aloud."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.samples import host, me, now, standings, state, stored
from tests.browser.stage import PHONE, PROJECTOR, Stage, staged

OWN = "/players/7"
LIVE = "[data-announcer]"


def phone(browser: Browser, phase: str, own: Any = None, **changes: Any) -> Any:
    return staged(browser, state(phase, own, **changes), viewport=PHONE, reduced_motion="reduce")


def waiting(**changes: Any) -> dict[str, Any]:
    return me(place=None, points=0, gap=None, **changes)


def at_host(browser: Browser, own: Any = None, phase: str = "lobby", **changes: Any) -> Any:
    return staged(browser, state(phase, own or host(), **changes), viewport=PROJECTOR, reduced_motion="reduce")


# The player


def test_a_player_asks_for_more_time_with_one_press_and_takes_it_back(browser: Browser) -> None:
    with phone(browser, "lobby", waiting()) as stage:
        ask = stage.page.get_by_role("button", name="I need more time")
        ask.click()
        expect(ask).to_have_attribute("aria-pressed", "true")
        expect(stage.page.get_by_text("The host knows. Nobody else sees it.")).to_be_visible()
        ask.click()
        expect(ask).to_have_attribute("aria-pressed", "false")
        assert stage.bodies("ask") == [{"asks": True}, {"asks": False}]
        assert stage.violations() == ""


def test_a_wish_that_does_not_arrive_is_seen_and_heard(browser: Browser) -> None:
    with phone(browser, "lobby", waiting()) as stage:
        stage.answers["ask"] = lambda _: (0, None)
        stage.page.get_by_role("button", name="I need more time").click()
        expect(stage.page.locator("[data-notice]")).to_have_text("That did not arrive. Please try again.")
        expect(stage.page.locator(LIVE)).to_have_text("That did not arrive. Please try again.")
        stage.errors.clear()  # Chromium logs the failed request


def test_who_has_more_time_sees_the_own_clock_and_can_answer_after_the_others(browser: Browser) -> None:
    with phone(browser, "open", me(), phase_ends_at=now() - 1_000) as stage:
        expect(stage.page.locator(".question__status", has_text="Time is up. The result comes")).to_be_visible()
        stage.send(OWN, "player.time", {"allowance": 1000, "asks_for_time": False})
        nine_times = re.compile(r"^[78]\d\d$")
        expect(stage.page.locator("[data-ring-seconds]:visible")).to_have_text(nine_times)
        stage.page.get_by_role("button", name="Saturn").click()
        stage.until(lambda: len(stage.bodies("answer")) == 1)


def test_without_a_deadline_there_is_no_clock(browser: Browser) -> None:
    with phone(browser, "open", me(allowance=0), phase_ends_at=now() - 1_000) as stage:
        expect(stage.page.locator(".question [data-ring]")).to_be_hidden()
        expect(stage.page.locator(LIVE)).to_have_text("Choose one. You have as long as you need.")
        stage.page.get_by_role("button", name="Saturn").click()
        stage.until(lambda: len(stage.bodies("answer")) == 1)


def test_who_has_answered_is_not_told_to_choose_after_a_reload(browser: Browser) -> None:
    with phone(browser, "open", me(answer=stored())) as stage:
        expect(stage.page.locator(".question__status", has_text="Received.")).to_be_visible()
        expect(stage.page.locator(LIVE)).to_have_text("")


def test_who_leaves_the_lobby_frees_the_place(browser: Browser) -> None:
    with phone(browser, "lobby", waiting()) as stage:
        stage.page.get_by_role("button", name="Leave").click()
        stage.until(lambda: stage.bodies("leave") == [{}])


def test_a_pause_without_a_host_is_told_as_such(browser: Browser) -> None:
    with phone(browser, "paused", host_lost=True) as stage:
        expect(stage.page.locator(".screen .lead", has_text="The host’s line is lost.")).to_be_visible()
        expect(stage.page.locator(".screen .lead", has_text="The host has stopped the clock.")).to_be_hidden()


def test_nobody_wins_with_nothing(browser: Browser) -> None:
    with phone(browser, "podium", me(place=1, points=0), standings=standings([0] * 10)) as stage:
        expect(stage.page.get_by_role("heading", name="The game is over")).to_be_visible()
        expect(stage.page.locator("[data-screen=podium] .medal")).to_be_hidden()
        expect(stage.page.locator("[data-screen=podium] .standing")).to_have_count(0)


def test_who_played_a_game_without_a_result_is_told_why_and_what_comes(browser: Browser) -> None:
    with phone(browser, "podium", me(place=None), standings=[]) as stage:
        screen = stage.page.locator("[data-screen=podium]")
        expect(screen.get_by_text("The game ended before its first result: nobody has points.")).to_be_visible()
        expect(screen.get_by_text("Stay on this page: if the host plays again, you are in it.")).to_be_visible()
        expect(screen.get_by_role("link", name="Your score sheet")).to_be_hidden()


def test_who_is_let_back_in_need_press_nothing(browser: Browser) -> None:
    with phone(browser, "lobby", waiting()) as stage:
        stage.page.clock.install()
        stage.send(OWN, "player.kicked", {})
        expect(stage.page.get_by_role("heading", name="You are no longer in this game")).to_be_visible()
        with stage.page.expect_navigation():
            stage.page.clock.run_for(7_000)
        expect(stage.page.get_by_role("heading", name="You’re in")).to_be_visible()


def test_who_was_removed_asks_no_more_often_for_looking_again(browser: Browser) -> None:
    with phone(browser, "lobby", waiting()) as stage:
        stage.page.clock.install()
        stage.stop_clock()
        stage.answers["state"] = lambda _: (403, {"error": "removed", "message": "You were removed."})
        stage.send(OWN, "player.kicked", {})
        stage.page.clock.run_for(100)
        expect(stage.page.get_by_role("heading", name="You are no longer in this game")).to_be_visible()
        for _ in range(3):
            known = stage.drawn("state")
            stage.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            stage.wait_until_drawn("state", known)  # two looks at once share one answer
            expect(stage.page.get_by_role("heading", name="You are no longer in this game")).to_be_visible()
        before = len(stage.bodies("state"))
        stage.page.clock.run_for(6_100)
        stage.until(lambda: len(stage.bodies("state")) > before)
        stage.page.evaluate("fetch('/games/7/after-all/')")
        stage.until(lambda: stage.bodies("after-all") != [])
        assert len(stage.bodies("state")) == before + 1, "each look began another round of questions"
        stage.errors.clear()  # Chromium logs the refusals


# The host


def test_a_host_gives_time_with_one_press_more(browser: Browser) -> None:
    with at_host(browser) as stage:
        stage.page.get_by_role("button", name="Ada: rename or remove").click()
        dialog = stage.page.get_by_role("dialog", name="Ada")
        dialog.get_by_label("Time to answer").select_option("200")
        assert stage.violations() == ""
        dialog.get_by_role("button", name="Set the time").click()
        stage.until(lambda: [body["allowance"] for body in stage.bodies("allow")] == [200])


def test_no_name_of_who_asks_is_on_the_wall_until_the_host_looks(browser: Browser) -> None:
    own = host()
    own["roster"][2] |= {"asks_for_time": True}
    with at_host(browser, own) as stage:
        expect(stage.page.get_by_text("Blaise asks for more time")).to_be_hidden()
        stage.page.get_by_role("button", name="12 players").click()
        stage.page.get_by_role("button", name="More time… (1)").click()
        stage.page.get_by_role("button", name="Blaise asks for more time").click()
        expect(stage.page.get_by_role("dialog", name="Blaise").get_by_text("Asks for more time.")).to_be_visible()


def test_the_menu_is_worked_by_keyboard_and_gives_the_focus_back(browser: Browser) -> None:
    with at_host(browser, phase="open") as stage:
        menu = stage.page.locator(".more > summary")
        menu.focus()
        stage.page.keyboard.press("Enter")
        assert stage.violations() == ""
        stage.page.keyboard.press("Tab")
        expect(stage.page.get_by_role("button", name="Lock the door")).to_be_focused()
        stage.page.keyboard.press("Escape")
        expect(menu).to_be_focused()
        expect(stage.page.get_by_role("button", name="Lock the door")).to_be_hidden()
        stage.page.keyboard.press("Space")
        stage.page.get_by_role("button", name="Finish…").press("Enter")
        stage.page.get_by_role("dialog").get_by_role("button", name="Go on playing").press("Enter")
        expect(menu).to_be_focused()
        assert stage.bodies("next") == stage.bodies("finish") == []


def test_a_new_pin_is_asked_for_and_shown_with_its_code(browser: Browser) -> None:
    with at_host(browser) as stage:
        code = stage.page.get_by_role("img", name="QR code that opens the page to join")
        stage.answers["renumber"] = lambda _: (200, stage.state.update(pin="161803") or {})  # whoever asks reads it
        stage.page.locator(".more > summary").click()
        stage.page.get_by_role("button", name="New PIN…").click()
        stage.page.get_by_role("dialog").get_by_role("button", name="New PIN").click()
        stage.until(lambda: len(stage.bodies("renumber")) == 1)
        stage.send("/games/7/host", "pin.changed", {"pin": "161803"})
        expect(stage.page.get_by_role("heading", name="161 803")).to_be_visible()
        expect(code).to_have_attribute("src", re.compile("161803"))


@pytest.mark.parametrize(("owner", "offered"), [("author", 1), ("somebody", 0)])
def test_only_the_owner_can_hand_the_game_over(browser: Browser, owner: str, offered: int) -> None:
    own = {**host(), "hosts": [owner, "grace"]}
    with at_host(browser, own) as stage:
        stage.answers["handover"] = lambda _: (200, {"hosts": ["grace", "author"]})
        open_hosts(stage)
        button = stage.page.get_by_role("button", name="Hand the game over to grace")
        expect(button).to_have_count(offered)
        if offered:
            button.click()
            stage.page.get_by_role("dialog", name="Hand the game over to grace?").get_by_text("Hand over").click()
            stage.until(lambda: stage.bodies("handover") == [{"name": "grace"}])


def open_hosts(stage: Stage) -> None:
    stage.page.locator(".more > summary").click()
    stage.page.get_by_role("button", name="Hosts…").click()


def test_time_is_said_at_few_moments(browser: Browser) -> None:
    with phone(browser, "lobby", waiting()) as stage:
        said = "async () => (await import('/static/play/player/timecalls.js')).moments"
        assert stage.page.evaluate(f"async () => (await ({said})())(20000)") == [10_000, 5_000]
        assert stage.page.evaluate(f"async () => (await ({said})())(60000)") == [30_000, 10_000, 5_000]
        assert stage.page.evaluate(f"async () => (await ({said})())(8000)") == [4_000]
