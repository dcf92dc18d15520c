"""The host's screen in each phase, and what the host can do there."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.samples import NAMES, host, now, question, reveal, standings, state
from tests.browser.stage import PHONE, PROJECTOR, Stage, staged

ALONE = {**host(), "roster": []}
LONG = "According to the general theory of relativity, what happens to a clock at the bottom of a very tall tower, "
LONG += "compared with one of the same make at its top, as both are watched for a year?"
SIX = [
    {"id": id, "text": f"{text}, and nobody has ever measured it"} for id, text in zip("abcdef", NAMES, strict=False)
]

WAITING = [{"knock": 3, "nickname": "Eve"}, {"knock": 4, "nickname": "Mallory"}]
GUARDED = {"approve": True, "waiting": WAITING, "knocks": 2, "swept": 0}

SCREENS = {
    "lobby": lambda: state("lobby", host()),
    "empty": lambda: state("lobby", ALONE, players=0),
    "guarded": lambda: state("lobby", {**host(), "door": GUARDED}),
    "countdown": lambda: state("countdown", host()),
    "reading": lambda: state("reading", host()),
    "open": lambda: state("open", host()),
    "six": lambda: state("open", host(), question=question(text=LONG, choices=SIX)),
    "reveal": lambda: state("reveal", host()),
    "voided": lambda: state("reveal", host(), question=question(voided=True)),
    "standings": lambda: state("standings", host()),
    "podium": lambda: state("podium", host()),
    "shared": lambda: state("podium", host(), standings=standings([9, 9, 7, 6, 5, 4, 3, 2, 1, 0])),
    "nobody": lambda: state("ended", ALONE, standings=[], players=0),
    "ended": lambda: state("ended", host()),
    "paused": lambda: state("paused", host()),
}


def wall(browser: Browser, phase: str, **changes: Any) -> Any:
    return staged(browser, state(phase, changes.pop("own", None) or host(), **changes), viewport=PROJECTOR)


def from_menu(stage: Stage, name: str) -> None:
    """Presses a button of the host's menu."""
    stage.page.locator(".more > summary").click()
    stage.page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_accessible_in_the_dark_and_fits_projector_and_phone(browser: Browser, name: str) -> None:
    """In the light it is swept with all the others (test_sweep.py)."""
    with staged(browser, SCREENS[name](), viewport=PROJECTOR, reduced_motion="reduce", color_scheme="dark") as stage:
        assert stage.violations() == ""
        expect(stage.page.locator("h1:visible")).to_have_count(1)
        assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])
        stage.page.set_viewport_size(PHONE)
        assert stage.size()[0] == PHONE["width"]


@pytest.mark.parametrize("name", ["lobby", "six", "reveal", "standings", "podium"])
def test_the_longest_words_fit_the_projector(browser: Browser, name: str) -> None:
    sample = SCREENS[name]()
    sample["me"]["roster"] = [{"player": n, "nickname": "W" * 24, "here": True} for n in range(12)]
    sample["standings"] = [{**line, "nickname": "W" * 24, "points": 123_456} for line in sample["standings"]]
    if sample["question"]:
        sample["question"]["text"] = "Donaudampfschiff" * 10
        sample["question"]["choices"][0]["text"] = "W" * 75
    with staged(browser, sample, viewport=PROJECTOR, reduced_motion="reduce") as stage:
        assert stage.size()[0] == PROJECTOR["width"]


@pytest.mark.parametrize("phase", ["open", "reveal"])
def test_six_options_of_several_lines_fit_the_projector(browser: Browser, phase: str) -> None:
    choices = [{**choice, "text": (choice["text"] + ", as far as anybody knows. ") * 2} for choice in SIX]
    with wall(browser, phase, question=question(text=LONG + LONG, choices=choices)) as stage:
        assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])


@pytest.mark.parametrize("text", ["Which planet is the largest?", LONG])
def test_a_question_is_read_from_the_last_row(browser: Browser, text: str) -> None:
    with wall(browser, "open", question=question(text=text)) as stage:
        size = "parseFloat(getComputedStyle(document.querySelector('.stage__text')).fontSize)"
        stage.until(lambda: stage.page.evaluate(size) >= 0.04 * PROJECTOR["height"])


# Lobby


def test_the_lobby_says_how_to_get_in(browser: Browser) -> None:
    with wall(browser, "lobby") as stage:
        expect(stage.page.locator(".lobby__address")).to_have_text("quiz.example/join")
        expect(stage.page.get_by_role("heading", name="314 159")).to_be_visible()
        expect(stage.page.get_by_role("img", name="QR code")).to_be_visible()


def test_names_flow_in(browser: Browser) -> None:
    with wall(browser, "lobby", own=ALONE, players=0) as stage:
        expect(stage.page.get_by_role("heading", name="Nobody is here yet")).to_be_visible()
        ada = {"added": [{"player": 5, "nickname": "Ada", "here": True}], "removed": [], "players": 1}
        stage.send("/games/7/host", "roster.changed", ada)
        expect(stage.page.get_by_role("button", name="Ada: rename or remove")).to_be_visible()
        expect(stage.page.get_by_role("heading", name="1 player")).to_be_visible()


def test_names_that_were_missed_are_read(browser: Browser) -> None:
    with wall(browser, "lobby", own=ALONE, players=0) as stage:
        stage.state = state("lobby", host())
        late = {"added": [{"player": 16, "nickname": "Tycho", "here": True}], "removed": [], "players": 12}
        stage.send("/games/7/host", "roster.changed", late)
        expect(stage.page.locator(".lobby .name")).to_have_text(NAMES[::-1])


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (1024, 768), (820, 1180)])
def test_a_crowd_of_names_fits_the_wall(browser: Browser, width: int, height: int) -> None:
    roster = [{"player": n, "nickname": f"Player {n}", "here": True} for n in range(60)]
    own = {**host(), "roster": roster}
    size = {"width": width, "height": height}
    with staged(browser, state("lobby", own, players=60), viewport=size, reduced_motion="reduce") as stage:
        expect(stage.page.get_by_text("and 12 more")).to_be_visible()
        assert stage.size() == (width, height)


def test_of_a_full_hall_the_last_names_are_shown_and_the_rest_counted(browser: Browser) -> None:
    roster = [{"player": n, "nickname": f"Player {n}", "here": True} for n in range(300)]
    with wall(browser, "lobby", own={**host(), "roster": roster}, players=300) as stage:
        names = stage.page.locator("#dialog-players .name")
        expect(stage.page.locator(".lobby .name")).to_have_count(48)
        expect(stage.page.get_by_text("and 252 more")).to_be_visible()
        expect(names).to_have_count(0)  # none is built while their list is closed
        stage.page.get_by_role("button", name="300 players").click()
        expect(names).to_have_count(300)
        names.nth(7).focus()
        late = {"added": [{"player": 300, "nickname": "Late", "here": True}], "removed": [299], "players": 300}
        stage.send("/games/7/host", "roster.changed", late)
        expect(names.first).to_have_text("Late")
        expect(names).to_have_count(300)
        expect(names.nth(7)).to_be_focused()


def test_a_game_starts_only_with_players_and_says_so(browser: Browser) -> None:
    with wall(browser, "lobby", own=ALONE, players=0) as stage:
        start = stage.page.get_by_role("button", name="Start the game")
        expect(start).to_have_attribute("aria-disabled", "true")
        expect(start).to_have_accessible_description("The game can start as soon as somebody is in.")
        start.click(force=True)
        assert stage.bodies("start") == []


# Controls


@pytest.mark.parametrize(
    ("phase", "label", "call"),
    [
        ("lobby", "Start the game", "start"),
        ("countdown", "First question", "next"),
        ("reading", "Show the choices", "next"),
        ("open", "End the question", "next"),
        ("reveal", "Standings", "next"),
        ("standings", "Next question", "next"),
        ("podium", "End the game", "next"),
        ("paused", "Go on", "resume"),
    ],
)
def test_one_button_always_goes_on(browser: Browser, phase: str, label: str, call: str) -> None:
    with wall(browser, phase) as stage:
        stage.page.get_by_role("button", name=label).click()
        stage.until(lambda: stage.bodies(call) == [{"version": 12}])


@pytest.mark.parametrize("key", ["Space", "ArrowRight", "PageDown"])
def test_a_presenters_remote_goes_on(browser: Browser, key: str) -> None:
    with wall(browser, "reveal") as stage:
        stage.page.keyboard.press(key)
        stage.until(lambda: stage.bodies("next") == [{"version": 12}])


def test_after_the_last_question_comes_the_podium(browser: Browser) -> None:
    with wall(browser, "reveal", question=question(number=15), last=True) as stage:
        expect(stage.page.get_by_role("button", name="To the podium")).to_be_visible()


def test_a_double_click_goes_on_once(browser: Browser) -> None:
    with wall(browser, "reveal") as stage:
        stage.page.get_by_role("button", name="Standings").dblclick()
        stage.send("/games/7/status", "standings.shown", {"phase": "standings", "version": 13}, seq=18)
        stage.page.get_by_role("button", name="Next question").click()
        stage.until(lambda: stage.bodies("next") == [{"version": 12}, {"version": 13}])


def test_who_was_overtaken_by_another_screen_sees_its_state(browser: Browser) -> None:
    with wall(browser, "reveal") as stage:
        moved = state("standings", host(), seq=18, version=13)
        stage.answers["next"] = lambda _: (409, {"error": "game-has-moved-on", "message": "…", "state": moved})
        stage.page.get_by_role("button", name="Standings").click()
        expect(stage.page.get_by_role("heading", name="Standings")).to_be_visible()
        stage.errors.clear()  # Chromium logs each refused request


def test_what_the_game_refuses_is_told(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        stage.answers["next"] = lambda _: (409, {"error": "not-now", "message": "That is not possible now."})
        stage.page.get_by_role("button", name="End the question").click()
        expect(stage.page.locator(".controls__hint")).to_have_text("That is not possible now.")
        stage.errors.clear()


def test_an_action_that_does_not_arrive_is_told(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        stage.answers["next"] = lambda _: (0, None)
        stage.page.get_by_role("button", name="End the question").click()
        expect(stage.page.locator(".controls__hint")).to_have_text("That did not arrive. Please try again.")
        stage.errors.clear()


def test_finishing_is_asked_first(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        from_menu(stage, "Finish…")
        expect(stage.page.get_by_role("dialog", name="Finish the game?")).to_be_visible()
        assert stage.violations() == ""
        stage.page.keyboard.press("Escape")
        from_menu(stage, "Finish…")
        stage.page.get_by_role("button", name="Go on playing").click()
        assert stage.bodies("finish") == []
        from_menu(stage, "Finish…")
        stage.page.get_by_role("button", name="Finish", exact=True).click()
        stage.until(lambda: stage.bodies("finish") == [{"version": 12}])


def test_a_name_is_removed_after_a_question(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        stage.page.get_by_role("button", name="12 players").click()
        assert stage.violations() == ""
        stage.page.get_by_role("button", name="Niels: rename or remove").click()
        expect(stage.page.get_by_role("dialog", name="Niels")).to_be_visible()
        assert stage.violations() == ""
        stage.page.get_by_role("button", name="Remove", exact=True).click()
        stage.until(lambda: stage.bodies("kick") == [{"version": 12, "player": 9}])


@pytest.mark.parametrize(("typed", "nickname"), [("Nils", "Nils"), ("", "")])
def test_somebody_gets_another_name_with_one_press(browser: Browser, typed: str, nickname: str) -> None:
    with wall(browser, "lobby") as stage:
        stage.answers["rename"] = lambda _: (200, rename(stage.state["me"]["roster"], player=9, nickname="Nils"))
        stage.page.get_by_role("button", name="Niels: rename or remove").click()
        stage.page.get_by_label("New name").fill(typed)
        stage.page.get_by_role("button", name="Rename", exact=True).click()
        stage.until(lambda: stage.bodies("rename") == [{"version": 12, "player": 9, "nickname": nickname}])
        renamed = {"added": [{"player": 9, "nickname": "Nils", "here": True}], "removed": [], "players": 12}
        stage.send("/games/7/host", "roster.changed", renamed)
        expect(stage.page.get_by_role("button", name="Nils: rename or remove")).to_be_visible()
        expect(stage.page.locator(".lobby .name")).to_have_count(12)


def rename(roster: list[Any], player: int, nickname: str) -> dict[str, Any]:
    """What the server does: whoever asks from now on reads the new name."""
    roster[:] = [{**entry, "nickname": nickname} if entry["player"] == player else entry for entry in roster]
    return {}


def test_a_name_that_is_refused_is_told_where_the_host_looks(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        stage.answers["rename"] = lambda _: (400, {"error": "nickname-empty", "message": "Pick a nickname."})
        stage.page.get_by_role("button", name="12 players").click()
        stage.page.get_by_role("button", name="Niels: rename or remove").click()
        stage.page.keyboard.press("Shift+Tab")
        stage.page.keyboard.press("Shift+Tab")
        stage.page.keyboard.press("Enter")
        expect(stage.page.get_by_role("alert")).to_have_text("Pick a nickname.")
        stage.errors.clear()  # Chromium logs each refused request


def test_the_last_fifty_are_shown_removed_and_brought_back(browser: Browser) -> None:
    roster = [{"player": n, "nickname": f"Bot {n}", "here": True} for n in range(1, 121)]
    last = list(range(120, 70, -1))
    with wall(browser, "lobby", own={**host(), "roster": roster}, players=120) as stage:
        stage.page.get_by_role("button", name="120 players").click()
        stage.page.get_by_role("button", name="The last 50…").click()
        expect(stage.page.get_by_role("dialog", name="Remove the last 50?")).to_be_visible()
        assert stage.violations() == ""
        expect(stage.page.locator("#dialog-sweep .name")).to_have_count(50)
        stage.page.get_by_role("button", name="Remove them").click()
        stage.until(lambda: stage.bodies("sweep") == [{"version": 12, "players": last}])
        stage.send("/games/7/status", "player.removed", {"version": 13, "players": 70}, seq=1)
        stage.send("/games/7/host", "roster.changed", {"added": [], "removed": last, "players": 70})
        stage.send("/games/7/host", "door.changed", {"approve": False, "waiting": [], "knocks": 0, "swept": 50})
        stage.page.get_by_role("button", name="Bring 50 back").click()
        stage.until(lambda: stage.bodies("restore") == [{"version": 13}])


def test_who_waits_at_the_door_is_let_in_one_by_one_or_all(browser: Browser) -> None:
    with wall(browser, "lobby", own={**host(), "door": GUARDED}) as stage:
        expect(stage.page.get_by_role("button", name="12 players · 2 are waiting to be let in")).to_be_visible()
        assert stage.violations() == ""
        stage.page.get_by_role("button", name="One by one…").click()
        assert stage.violations() == ""
        stage.page.get_by_role("button", name="Let Eve in").press("Enter")
        stage.page.get_by_role("button", name="Turn Mallory away").press("Enter")
        stage.until(lambda: stage.bodies("refuse") == [{"version": 12, "knocks": [4]}])
        stage.until(lambda: stage.bodies("admit") == [{"version": 12, "knocks": [3]}])
        stage.page.get_by_role("button", name="Newcomers wait at the door").click()
        stage.until(lambda: stage.bodies("guard") == [{"version": 12, "approve": False}])
        stage.page.get_by_role("button", name="Close").click()
        stage.page.locator(".lobby__door").get_by_role("button", name="Let all in").click()
        stage.until(lambda: stage.bodies("admit")[1:] == [{"version": 12, "knocks": "all"}])


def test_a_name_from_right_to_left_turns_nothing_beside_it(browser: Browser) -> None:
    arabic = "\u0645\u062d\u0645\u062f"
    own = {**host(), "roster": [{"player": 5, "nickname": arabic, "here": True}]}
    for phase, place in (("lobby", ".lobby .name"), ("standings", ".standing__name"), ("podium", ".step__names li")):
        line = [{**line, "nickname": arabic} for line in standings()]
        with wall(browser, phase, own=own, players=1, **({} if phase == "lobby" else {"standings": line})) as stage:
            expect(stage.page.locator(place).first).to_have_css("unicode-bidi", re.compile("^(isolate|plaintext)$"))


def test_keys_in_a_dialog_do_not_move_the_game(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        from_menu(stage, "Finish…")
        stage.page.keyboard.press("ArrowRight")
        assert stage.bodies("next") == []


def test_the_door_is_locked_and_opened(browser: Browser) -> None:
    with wall(browser, "lobby") as stage:
        from_menu(stage, "Lock the door")
        stage.until(lambda: stage.bodies("lock") == [{"version": 12, "locked": True}])
        stage.send("/games/7/status", "lobby.locked", {"locked": True, "version": 13}, seq=1)
        expect(stage.page.get_by_text("Locked: nobody new gets in.")).to_be_visible()
        from_menu(stage, "Let people in")
        stage.until(lambda: stage.bodies("lock")[1:] == [{"version": 13, "locked": False}])


# Questions and ends


def test_the_count_of_answers_is_live(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        expect(stage.page.get_by_text("7 of 12 answered")).to_be_visible()
        stage.send("/games/7/players", "counts.changed", {"players": 12, "expected": 12, "answered": 9, "question": 31})
        expect(stage.page.get_by_text("9 of 12 answered")).to_be_visible()


def test_options_keep_their_places_through_the_reveal(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        option = stage.page.locator(".option--stage").nth(3)
        stage.settle()  # a screen slides in
        before = option.bounding_box()
        told = {"phase": "reveal", "reveal": reveal(), "phase_ends_at": None, "answered": 11}
        stage.send("/games/7/status", "question.closed", told, seq=18)
        expect(stage.page.locator(".option--right")).to_have_count(1)
        stage.settle()
        after = option.bounding_box()
        assert abs(before["x"] - after["x"]) + abs(before["y"] - after["y"]) <= 2


def test_the_reveal_says_right_in_words_and_counts_in_numbers(browser: Browser) -> None:
    with wall(browser, "reveal") as stage:
        options = stage.page.locator(".option--stage")
        expect(options.nth(1).get_by_text("Right", exact=True)).to_be_visible()
        expect(options.nth(0).get_by_text("Right", exact=True)).to_be_hidden()
        expect(stage.page.locator(".option--stage .option__count")).to_have_text(["4", "6", "1", "0"])
        expect(stage.page.get_by_text("Saturn overtook Jupiter")).to_be_visible()


COUNT_MOVES = """() => {
  const { animate } = Element.prototype;
  globalThis.moves = 0;
  Element.prototype.animate = function (...how) { moves += 1; return animate.apply(this, how); };
}"""


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", 10), ("reduce", 0)])
def test_standings_move_unless_less_motion_is_wanted(browser: Browser, motion: Any, moves: int) -> None:
    with staged(browser, state("reveal", host()), viewport=PROJECTOR, reduced_motion=motion) as stage:
        stage.page.evaluate(COUNT_MOVES)
        stage.send("/games/7/status", "standings.shown", {"phase": "standings", "version": 13}, seq=18)
        expect(stage.page.get_by_role("heading", name="Standings")).to_be_visible()
        assert stage.page.evaluate("moves") == moves


def test_a_shared_first_place_is_one_step_with_two_names(browser: Browser) -> None:
    with staged(browser, SCREENS["shared"](), viewport=PROJECTOR, reduced_motion="reduce") as stage:
        steps = stage.page.locator(".step")
        expect(steps).to_have_count(2)
        expect(steps.nth(0).locator(".step__names li")).to_have_text(["Ada", "Grace"])
        expect(steps.nth(1).locator(".step__place")).to_have_text("3rd")


def test_a_place_that_ten_share_is_in_sight(browser: Browser) -> None:
    with wall(browser, "podium", standings=standings([9] * 10), beyond=30, players=40) as stage:
        expect(stage.page.locator(".step").get_by_text("and 30 more")).to_be_visible()
        expect(stage.page.locator(".step__names li")).to_have_count(10)
        assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1024, 768)])
def test_a_game_without_a_result_says_so_and_who_was_there(browser: Browser, width: int, height: int) -> None:
    own = {**host(), "roster": [{"player": n, "nickname": f"Player {n}", "here": True} for n in range(60)]}
    size = {"width": width, "height": height}
    with staged(browser, state("podium", own, standings=[], players=60), viewport=size) as stage:
        screen = stage.page.locator("[data-screen=podium]")
        expect(screen.get_by_text("The game ended before its first result: nobody has points.")).to_be_visible()
        expect(screen.get_by_text("60 players were here.")).to_be_visible()
        expect(screen.get_by_text("Player 59", exact=True)).to_be_visible()
        expect(screen.get_by_text("and 12 more")).to_be_visible()
        expect(screen.get_by_text("The same players can play again at once.")).to_be_visible()
        assert stage.size() == (width, height)


def test_nobody_stands_on_the_podium_of_a_game_without_points(browser: Browser) -> None:
    with wall(browser, "ended", standings=standings([0] * 10)) as stage:
        expect(stage.page.get_by_text("Nobody has points this time. Thank you all for playing!")).to_be_visible()
        expect(stage.page.locator(".gathered .name").first).to_have_text("Tycho")
        expect(stage.page.locator(".step")).to_have_count(0)
        assert stage.violations() == ""


def test_the_end_leads_on(browser: Browser) -> None:
    with wall(browser, "ended") as stage:
        expect(stage.page.get_by_role("button", name="Play again")).to_be_visible()
        expect(stage.page.get_by_role("link", name="Results")).to_be_visible()
        expect(stage.page.get_by_role("link", name="My quizzes")).to_be_visible()
        form = stage.page.locator("form", has=stage.page.get_by_role("button", name="Play again"))
        expect(form).to_have_attribute("action", "/games/")
        expect(form).to_have_attribute("method", "post")
        expect(form.locator("[name=quiz]")).to_have_value("1")
        expect(form.locator("[name=scoring]")).to_have_value("calm")  # the options are chosen anew each time


def test_somebody_who_logged_out_is_told_what_to_do(browser: Browser) -> None:
    stage = Stage(browser, state("lobby", host()), viewport=PROJECTOR)
    stage.answers["state"] = lambda _: (403, {"error": "login-required", "message": "…"})
    stage.open()
    expect(stage.page.get_by_role("heading", name="not yours to host")).to_be_visible()
    stage.close()


@pytest.mark.parametrize("phase", ["reading", "open"])
def test_a_question_that_is_not_revealed_can_be_skipped(browser: Browser, phase: str) -> None:
    with wall(browser, phase) as stage:
        from_menu(stage, "Skip this question")
        stage.until(lambda: stage.bodies("skip") == [{"version": 12}])


def test_a_game_that_goes_on_by_itself_says_so_and_counts_down(browser: Browser) -> None:
    with wall(browser, "reveal", phase_ends_at=now() + 8_000) as stage:
        expect(stage.page.get_by_text("Goes on by itself in a moment.")).to_be_visible()
        expect(stage.page.get_by_role("timer")).to_be_visible()
        expect(stage.page.get_by_role("button", name="Skip this question")).to_be_hidden()


def test_the_same_players_play_again_and_every_hosts_screen_comes_along(browser: Browser) -> None:
    with wall(browser, "podium") as stage:
        stage.page.get_by_role("button", name="Play again with the same players").click()
        stage.until(lambda: stage.bodies("replay") == [{"version": 12}])
        over = {"phase": "ended", "next": {"game": 8, "pin": "271828"}, "version": 13}
        with stage.page.expect_request("**/games/8/"):
            stage.send("/games/7/status", "game.replayed", over, seq=18)


def test_a_hosts_screen_gives_signs_of_life(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        stage.until(lambda: stage.bodies("here") != [])


def test_the_host_sees_who_is_away_and_whom_the_question_waits_for(browser: Browser) -> None:
    with wall(browser, "open", expected=12) as stage:
        expect(stage.page.get_by_text("7 of 12 answered")).to_be_visible()
        stage.send("/games/7/host", "presence.changed", {"away": [5, 6], "back": []})
        counts = {"players": 12, "expected": 10, "answered": 7, "question": 31}
        stage.send("/games/7/players", "counts.changed", counts)
        expect(stage.page.get_by_text("7 of 10 answered")).to_be_visible()
        stage.page.get_by_role("button", name="12 players").click()
        expect(stage.page.locator(".name--away:visible")).to_have_count(2)
        stage.send("/games/7/host", "presence.changed", {"away": [], "back": [5]})
        expect(stage.page.locator(".name--away:visible")).to_have_count(1)
        assert stage.violations() == ""


def moved_on(state: Any, then: tuple[int, Any]) -> Any:
    """An answer that first says that the game has moved on to ``state``."""
    body = {"error": "game-has-moved-on", "message": "The game has moved on since you looked.", "state": state}
    answers = iter([(409, body), then])
    return lambda _: next(answers)


def test_what_is_meant_at_any_time_is_done_though_the_game_has_moved_on(browser: Browser) -> None:
    with wall(browser, "open") as stage:
        stage.answers["lock"] = moved_on(state("reveal", host(), version=13, seq=18), (200, {}))
        from_menu(stage, "Lock the door")
        stage.until(lambda: [body["version"] for body in stage.bodies("lock")] == [12, 13])
        stage.errors.clear()  # Chromium logs the 409 that was meant.


def test_a_question_is_not_cancelled_in_the_place_of_another(browser: Browser) -> None:
    with wall(browser, "standings") as stage:
        stage.answers["void"] = moved_on(state("reading", host(), version=13, seq=18), (200, {}))
        from_menu(stage, "Cancel this question")
        stage.page.get_by_role("dialog").get_by_role("button", name="Cancel the question").click()
        expect(stage.page.get_by_text("The game has moved on since you looked.").first).to_be_visible()
        assert len(stage.bodies("void")) == 1
        stage.errors.clear()


# Other hosts


@pytest.mark.parametrize("name", ["lobby", "open", "reveal", "standings", "podium", "paused"])
def test_a_phone_as_remote_control_has_big_buttons_and_little_else(browser: Browser, name: str) -> None:
    with staged(browser, SCREENS[name](), viewport=PHONE, reduced_motion="reduce", remote=True) as stage:
        assert stage.size()[0] == PHONE["width"]
        onward = stage.page.locator("[data-controls] [data-ref=next]")
        expect(onward).to_be_visible()
        assert onward.bounding_box()["height"] >= 64
        expect(stage.page.locator(".option:visible, .standing:visible, .lobby__qr:visible")).to_have_count(0)
        expect(stage.page.locator("h1:visible")).to_have_count(1)
        assert stage.violations() == ""
        onward.click()
        stage.until(lambda: any(stage.bodies(call) for call in ("start", "next", "resume")))


def test_a_remote_control_names_the_winners_best_first(browser: Browser) -> None:
    with staged(browser, SCREENS["shared"](), viewport=PHONE, reduced_motion="reduce", remote=True) as stage:
        names = stage.page.locator(".step__names")
        expect(names).to_contain_text(["Grace", "Blaise"])
        stage.until(lambda: names.nth(0).bounding_box()["y"] < names.nth(1).bounding_box()["y"])


def test_a_host_calls_in_another_by_name_and_shows_the_way_to_the_remote_control(browser: Browser) -> None:
    with wall(browser, "lobby") as stage:
        names = iter([(200, {"hosts": ["author", "turing"]}), (200, {"hosts": ["author"]})])
        stage.answers["cohost"] = lambda _: next(names)
        from_menu(stage, "Hosts…")
        expect(stage.page.get_by_role("img", name="QR code that opens the remote control")).to_be_visible()
        stage.page.get_by_label("User name of a co-host").fill("turing")
        stage.page.keyboard.press("Enter")
        stage.page.get_by_role("button", name="turing: hosts no longer").click()
        expect(stage.page.get_by_text("turing")).to_have_count(0)
        assert [body["hosts"] for body in stage.bodies("cohost")] == [True, False]
        assert stage.violations() == ""


def test_a_cohost_whom_nobody_knows_is_said_beside_the_field(browser: Browser) -> None:
    with wall(browser, "lobby") as stage:
        unknown = {"error": "no-such-user", "message": "Nobody here has this user name."}
        stage.answers["cohost"] = lambda _: (404, unknown)
        from_menu(stage, "Hosts…")
        stage.page.get_by_label("User name of a co-host").fill("nobody")
        stage.page.get_by_role("button", name="Let host").click()
        expect(stage.page.get_by_text("Nobody here has this user name.")).to_be_visible()
        stage.errors.clear()  # Chromium logs the 404 that was meant.
