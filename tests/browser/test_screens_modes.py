"""The screens of teams, survival and peer instruction, on a phone and on the wall."""

import re
from typing import Any

from playwright.sync_api import Browser, expect

from tests.browser import samples
from tests.browser.samples import host, judged, me, question, reveal, state, stored, teams
from tests.browser.stage import PHONE, PROJECTOR, staged

FIRST = {"a": 6, "b": 3, "c": 2, "d": 0}
BOTH = {"counts": FIRST, "to_right": 4, "to_wrong": 1}


def in_teams() -> dict[str, Any]:
    """A host in a lobby of teams: everybody is in one."""
    own = host()
    for n, entry in enumerate(own["roster"]):
        entry["team"] = n % 4 + 1
    return own


def fits(stage: Any) -> bool:
    """Whether nothing hangs out at the side."""
    return stage.size()[0] <= stage.page.viewport_size["width"]


def test_a_player_sees_the_teams_and_changes_with_one_tap(browser: Browser) -> None:
    start = state("lobby", me(team=2, place=None), **teams())
    with staged(browser, start, viewport=PHONE) as stage:
        page = stage.page
        stage.answers["team"] = lambda body: (200, body)
        expect(page.locator("#team-choice-own")).to_have_text("Your team: \u2068Lyra\u2069")
        expect(page.locator('.team[aria-pressed="true"]')).to_contain_text("Lyra")
        assert stage.violations() == ""
        assert fits(stage)
        page.get_by_role("button", name="Orion").click()
        expect(page.locator('.team[aria-pressed="true"]')).to_contain_text("Orion")
        assert stage.bodies("team") == [{"team": 1}]


def test_a_full_team_says_so(browser: Browser) -> None:
    with staged(browser, state("lobby", me(team=2), **teams()), viewport=PHONE) as stage:
        stage.answers["team"] = lambda _: (409, {"error": "team-full", "message": "This team is full."})
        stage.page.get_by_role("button", name="Orion").click()
        expect(stage.page.get_by_role("alert")).to_have_text("This team is full.")
        expect(stage.page.locator('.team[aria-pressed="true"]')).to_contain_text("Lyra")
        stage.errors.clear()  # Chromium logs each answer that is no 2xx.


def test_eight_teams_are_in_sight(browser: Browser) -> None:
    eight = [{**line, "team": n + 1} for n, line in enumerate(2 * teams()["teams"])]
    own = host()
    own["roster"] = [{**own["roster"][n % 12], "player": n, "team": n % 8 + 1} for n in range(64)]
    with staged(browser, state("lobby", own, mode="teams", teams=eight), viewport=PROJECTOR) as stage:
        expect(stage.page.locator(".team-column")).to_have_count(8)
        assert stage.size() == (PROJECTOR["width"], PROJECTOR["height"])


def test_members_flow_into_the_teams_on_the_wall(browser: Browser) -> None:
    with staged(browser, state("lobby", in_teams(), **teams()), viewport=PROJECTOR) as stage:
        columns = stage.page.locator(".team-column")
        expect(columns).to_have_count(4)
        expect(columns.nth(0)).to_contain_text("Ada")
        assert stage.violations() == ""
        moved = {"player": 5, "nickname": "Ada", "here": True, "team": 3}
        stage.send("/games/7/host", "roster.changed", {"added": [moved], "removed": [], "players": 12})
        expect(columns.nth(2)).to_contain_text("Ada")
        expect(columns.nth(0)).not_to_contain_text("Ada")


def test_the_host_moves_somebody(browser: Browser) -> None:
    with staged(browser, state("lobby", in_teams(), **teams()), viewport=PROJECTOR) as stage:
        stage.page.get_by_role("button", name="Ada: rename or remove").click()
        dialog = stage.page.locator("#dialog-person")
        expect(dialog.locator('.team[aria-pressed="true"]')).to_contain_text("Orion")
        assert stage.violations() == ""
        dialog.get_by_role("button", name="Swan").click()
        stage.until(lambda: stage.bodies("regroup") == [{"version": 12, "player": 5, "team": 3}])


def test_standings_are_of_teams_with_the_own_one_marked(browser: Browser) -> None:
    with staged(browser, state("standings", me(team=2), **teams()), viewport=PHONE) as stage:
        page = stage.page
        expect(page.locator('[data-screen="standings"] h1')).to_have_text("2nd of 4 teams")
        expect(page.locator('[data-screen="standings"] .standing--own')).to_contain_text("Lyra")
        expect(page.locator('[data-screen="standings"] .lead')).to_contain_text("1,980 points")
        expect(page.locator('[data-screen="standings"] .lead')).to_contain_text("1,710 points")
        assert stage.violations() == ""
        assert fits(stage)


def test_an_empty_team_is_not_ranked(browser: Browser) -> None:
    shown = teams()
    shown["teams"][3] |= {"members": 0, "place": None}
    with staged(browser, state("standings", host(), **shown), viewport=PROJECTOR) as stage:
        expect(stage.page.locator('[data-screen="standings"] .standing')).to_have_count(3)
        assert stage.violations() == ""


def test_teams_stand_on_the_podium(browser: Browser) -> None:
    with staged(browser, state("podium", host(), **teams()), viewport=PROJECTOR) as stage:
        expect(stage.page.locator('.step[data-place="1"]')).to_contain_text("Orion")
        expect(stage.page.locator('.step[data-place="2"] li')).to_have_text(["Lyra", "Swan"])
    with staged(browser, state("podium", me(team=1), **teams()), viewport=PHONE) as stage:
        expect(stage.page.locator('[data-screen="podium"] h1')).to_have_text("\u2068Orion\u2069 won!")


def test_who_is_out_watches_on(browser: Browser) -> None:
    out = me(lives=0, out_at=2, place=12)
    with staged(browser, state("open", out, mode="survival", left=7), viewport=PHONE) as stage:
        page = stage.page
        expect(page.locator(".question__status")).to_have_text("You are out in question 2: 12th place.")
        expect(page.locator('.option[aria-disabled="true"]')).to_have_count(4)
        expect(page.locator("[data-points]")).to_have_text("0 lives · 1,710 points")
        page.locator(".question .option").first.click(force=True)
        assert stage.bodies("answer") == []
        assert stage.violations() == ""


def test_the_reveal_says_that_one_is_out(browser: Browser) -> None:
    out = me(lives=0, out_at=3, place=9, answer=judged(right=False, choice="a"))
    with staged(browser, state("reveal", out, mode="survival", left=8), viewport=PHONE) as stage:
        expect(stage.page.locator('[data-screen="reveal"] h1')).to_have_text("You are out")
        expect(stage.page.locator(".verdict__place")).to_have_text("You are out in question 3: 9th place.")
        expect(stage.page).to_have_title(re.compile("^You are out"))
        assert stage.violations() == ""


def test_the_reveal_says_how_many_lives_are_left(browser: Browser) -> None:
    own = me(lives=1, answer=judged(right=False, choice="a"))
    with staged(browser, state("reveal", own, mode="survival", left=8), viewport=PHONE) as stage:
        expect(stage.page.locator(".verdict__gained")).to_have_text("1 life left")


def test_who_came_late_has_no_place_yet(browser: Browser) -> None:
    own = me(place=None, points=0, gap=None)
    with staged(browser, state("standings", own), viewport=PHONE) as stage:
        expect(stage.page.get_by_role("heading", name="No place yet")).to_be_visible()
        expect(stage.page.get_by_text("Nobody has more points than you.")).to_be_hidden()


def test_the_wall_says_how_many_are_still_in(browser: Browser) -> None:
    shown = state("standings", host(), mode="survival", left=7)
    shown["standings"][9]["out_at"] = 3
    with staged(browser, shown, viewport=PROJECTOR) as stage:
        expect(stage.page.locator('[data-screen="standings"] .lead')).to_have_text("7 still in")
        expect(stage.page.locator(".standing").nth(9)).to_contain_text("out in question 3")
        assert stage.violations() == ""


def discussing(own: Any) -> dict[str, Any]:
    return state("reading", own, mode="peer", discussing=True, question=question(), phase_ends_at=None, answered=11)


def test_a_discussion_shows_the_own_choice_and_takes_no_answer(browser: Browser) -> None:
    with staged(browser, discussing(me(answer=stored())), viewport=PHONE) as stage:
        page = stage.page
        expect(page.locator(".question__hint")).to_have_text("Discuss with your neighbours. Then you vote again.")
        expect(page.locator('.option[aria-pressed="true"]')).to_contain_text("Saturn")
        page.locator(".question .option").first.click(force=True)
        assert stage.bodies("answer") == []
        assert stage.violations() == ""


def test_the_second_vote_begins_anew_and_names_its_round(browser: Browser) -> None:
    with staged(browser, discussing(me(answer=stored())), viewport=PHONE) as stage:
        page = stage.page
        again = state("open", mode="peer", question=question(round=2), seq=18, answered=0)
        stage.answers["answer"] = lambda body: (200, {**body, "received_at": samples.now(), "elapsed_ms": 900})
        stage.send("/games/7/status", "question.opened", {k: v for k, v in again.items() if k != "me"}, seq=18)
        expect(page.locator(".question__first")).to_contain_text("Saturn")
        expect(page.locator('.option[aria-pressed="true"]')).to_have_count(0)
        page.locator(".question .option").nth(1).click()
        expect(page.locator(".question__status")).to_contain_text("Received")
        [sent] = stage.bodies("answer")
        assert (sent["round"], sent["choice"]) == (2, ["b"])


def test_the_host_peeks_at_the_first_vote_and_goes_on_either_way(browser: Browser) -> None:
    own = host() | {"vote": {"question": 31, "counts": FIRST}}
    with staged(browser, discussing(own), viewport=PROJECTOR) as stage:
        page = stage.page
        expect(page.locator(".vote")).to_have_count(0)
        page.get_by_role("button", name="Show the first vote").click()
        expect(page.locator(".vote").nth(0)).to_contain_text("6")
        assert stage.violations() == ""
        page.get_by_role("button", name="Show the answer").click()
        stage.until(lambda: stage.bodies("show") == [{"version": 12}])
        expect(page.get_by_role("button", name="Vote again")).to_be_visible()


def test_items_of_an_order_are_counted_and_none_is_called_right(browser: Browser) -> None:
    counts = {"a": 3, "b": 9, "c": 5, "d": 11}
    told = reveal(right=list("badc"), counts=counts, first={**BOTH, "counts": counts})
    shown = {"mode": "peer", "question": question(kind="order", round=2), "reveal": told}
    with staged(browser, state("reveal", host(), **shown), viewport=PROJECTOR) as stage:
        expect(stage.page.locator(".vote__count:visible")).to_have_text(["3", "3", "9", "9", "5", "5", "11", "11"])
        expect(stage.page.locator(".vote__right:visible")).to_have_count(0)


def test_both_votes_are_shown_with_what_was_right_and_who_changed(browser: Browser) -> None:
    shown = {"mode": "peer", "question": question(round=2), "reveal": reveal(first=BOTH)}
    with staged(browser, state("reveal", host(), **shown), viewport=PROJECTOR) as stage:
        page = stage.page
        expect(page.locator(".votes__swing")).to_have_text("4 changed from wrong to right, 1 from right to wrong.")
        expect(page.locator(".vote").nth(1)).to_contain_text("Right")
        expect(page.locator(".vote").nth(1).locator(".vote__count")).to_have_text(["3", "6"])
        assert stage.violations() == ""
        assert stage.size()[1] <= PROJECTOR["height"]
    own = me(first=["a"], answer={**judged(right=True), "round": 2})
    with staged(browser, state("reveal", own, **shown), viewport=PHONE) as stage:
        expect(stage.page.locator(".votes__swing")).to_be_visible()
        assert stage.violations() == ""
        assert fits(stage)
