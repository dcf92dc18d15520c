"""Every screen in every state: axe with its best practices, narrow, enlarged, in the system's colours, without motion.

One page for each state serves all checks (WCAG 2.2: 1.4.4, 1.4.10, 1.4.11, 2.3.3, 2.5.8).
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser import test_screens_arranged as arranged
from tests.browser import test_screens_open as written
from tests.browser import test_screens_selfpaced as alone
from tests.browser.samples import host, judged, me, question, reveal, state, stored, teams
from tests.browser.stage import Stage, staged
from tests.browser.test_screens_door import PAGES

LOOKS = Path(__file__).with_name("looks.js")
NARROW = {"width": 320, "height": 640}
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

FIRST = {"a": 6, "b": 3, "c": 2, "d": 0}
BOTH = {"counts": FIRST, "to_right": 4, "to_wrong": 1}
LETTERS = [{"id": id, "text": ""} for id in "abcdef"]
MUTED = question(text="", choices=LETTERS)
OUT = me(lives=0, out_at=2)
TEXTS = {"question": written.asked("text"), "reveal": written.told(dict.fromkeys(written.TEXTS, 1))}
TALKING: dict[str, Any] = {"mode": "peer", "discussing": True, "question": question()}

State = dict[str, Any]


def crowded() -> State:
    """A host with somebody at the door, somebody away, and a name as long as it can be."""
    own = host()
    own["door"] = {"approve": True, "waiting": [{"knock": 3, "nickname": "W" * 24}], "knocks": 1, "swept": 2}
    own["roster"][0] |= {"nickname": "M" * 24, "here": False, "asks_for_time": True}
    return own


def voted() -> State:
    return state("reading", host() | {"vote": {"question": 31, "counts": FIRST}}, **TALKING)


GAME: dict[str, Callable[[], State]] = {
    "lobby": lambda: state("lobby", me(place=None)),
    "lobby of teams": lambda: state("lobby", me(team=2, place=None), **teams()),
    "countdown": lambda: state("countdown"),
    "reading": lambda: state("reading"),
    "open": lambda: state("open"),
    "open, answered": lambda: state("open", me(answer=stored())),
    "open, letters": lambda: state("open", question=MUTED),
    "open, typed": lambda: state("open", question=question(kind="typed", choices=[], view={"max_chars": 60})),
    "open, number": lambda: state("open", question=arranged.NUMBER),
    "open, order": lambda: state("open", question=arranged.ORDER),
    "open, pairs": lambda: state("open", question=arranged.MATCH),
    "open, words": lambda: state("open", question=written.asked()),
    "open, out": lambda: state("open", OUT, mode="survival", left=3),
    "right": lambda: state("reveal", me(answer=judged(right=True), gained=900)),
    "wrong": lambda: state("reveal", me(answer=judged(right=False, choice="a"))),
    "no answer, letters": lambda: state("reveal", question=MUTED, reveal=reveal(explanation="")),
    "discussing": lambda: state("reading", me(answer=stored()), **TALKING),
    "second vote": lambda: state("open", me(first=["a"]), mode="peer", question=question(round=2)),
    "both votes": lambda: state("reveal", mode="peer", question=question(round=2), reveal=reveal(first=BOTH)),
    "standings": lambda: state("standings"),
    "standings of teams": lambda: state("standings", me(team=2), **teams()),
    "podium": lambda: state("podium", me(place=1)),
    "ended": lambda: state("ended"),
    "paused": lambda: state("paused"),
    "paused, host lost": lambda: state("paused", host_lost=True),
    "removed": lambda: state("open", me(kicked=True)),
    "host's lobby": lambda: state("lobby", crowded()),
    "host's lobby, empty": lambda: state("lobby", host() | {"roster": []}, players=0),
    "host's lobby of teams": lambda: state("lobby", host(), **teams()),
    "host's countdown": lambda: state("countdown", host()),
    "host's question, reading": lambda: state("reading", host()),
    "host's question, open": lambda: state("open", host()),
    "host's question, revealed": lambda: state("reveal", host()),
    "host's question, both votes": lambda: state(
        "reveal", host(), mode="peer", question=question(round=2), reveal=reveal(first=BOTH)
    ),
    "host's discussion": voted,
    "host's texts": lambda: state("reveal", host(), **TEXTS),
    "host's standings": lambda: state("standings", host()),
    "host's podium": lambda: state("podium", host()),
    "host's end": lambda: state("ended", host()),
    "host's pause": lambda: state("paused", host()),
}


def held(stage: Stage) -> None:
    """Hold the page against all that is to be so of every screen; everything that is not is named at once."""
    page, wrong = stage.page, {}
    page.evaluate(LOOKS.read_text())
    wrong["moving"] = page.evaluate("looks.moving()")
    results = Axe().run(page, options=AXE)
    wrong["axe"] = [results.generate_report()] if results.violations_count else []
    wrong["too wide at 320 px"] = page.evaluate("document.documentElement.scrollWidth > 320 ? ['page'] : []")
    wrong["too small"] = page.evaluate("looks.smallTargets()")
    page.evaluate("looks.markShapes()")
    page.emulate_media(forced_colors="active")
    wrong["gone in forced colours"] = page.evaluate("looks.vanished()")
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": 640, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrong["too wide with large text"] = page.evaluate("document.documentElement.scrollWidth > 640 ? ['page'] : []")
    wrong["cut off with large text"] = page.evaluate("looks.cutTexts()")
    assert {check: found for check, found in wrong.items() if found} == {}


REDRAWN = """async () => {
  const found = new MutationObserver(() => {});
  found.observe(document.querySelector("main"), { childList: true, characterData: true, subtree: true });
  const before = testBroker.drawn.length;
  document.dispatchEvent(new Event("visibilitychange"));
  while (testBroker.drawn.length === before) await new Promise((later) => setTimeout(later, 5));
  const elements = found.takeRecords().map(({ target }) => target.parentElement ?? target);
  return elements.filter((one) => !one.closest("[data-ring]")).map((one) => one.outerHTML);
}"""
"""What a page draws anew when it has looked again and nothing has changed, the clock apart."""


@pytest.mark.parametrize("name", GAME)
def test_each_screen_of_a_game(browser: Browser, name: str) -> None:
    stage = Stage(browser, GAME[name](), viewport=NARROW, reduced_motion="reduce")
    try:
        stage.open()
        assert stage.page.evaluate(REDRAWN) == []
        held(stage)
    finally:
        stage.close()


ALONE: dict[str, Callable[[], State]] = {
    "begin": lambda: alone.alone("next", alone.BEGIN, points=0, place=None, gap=None),
    "question": lambda: alone.alone("answer"),
    "revealed": lambda: alone.judged_state(right=True),
    "received": lambda: alone.alone("next", alone.SECRET, answer=stored()),
    "through": lambda: alone.alone("done", {"opened": 12, "done": 12}),
    "closed": lambda: alone.alone("closed"),
}


@pytest.mark.parametrize("name", ALONE)
def test_each_screen_of_who_plays_alone(browser: Browser, name: str) -> None:
    with alone.staged(browser, ALONE[name](), viewport=NARROW) as stage:
        held(stage)


def test_the_page_of_who_handed_a_game_out(browser: Browser) -> None:
    sample = state("open", host(), question=None)
    with alone.staged(browser, sample, "host", viewport=NARROW) as stage:
        stage.page.locator("tbody tr").first.wait_for()
        held(stage)


@pytest.mark.parametrize("name", ["pin", "taken name", "offers", "waiting", "turned away"])
def test_each_page_at_the_door(browser: Browser, name: str) -> None:
    stage = Stage(browser, state("lobby"), viewport=NARROW, reduced_motion="reduce")
    template, values = PAGES[name]
    try:
        stage.show(template, **{**values, "game": SimpleNamespace(pk=7, pin="314159", title="The sky above us")})
        held(stage)
    finally:
        stage.close()


@pytest.mark.parametrize("name", ["dialog-players", "dialog-person", "dialog-times", "dialog-hosts", "dialog-finish"])
def test_each_dialog_of_a_host(browser: Browser, name: str) -> None:
    stage = Stage(browser, state("lobby", crowded()), viewport=NARROW, reduced_motion="reduce")
    try:
        stage.open()
        if name == "dialog-person":
            stage.page.locator("button.name").first.press("Enter")
        elif name == "dialog-players":
            stage.page.locator('[data-controls] [data-ref="players"]').press("Enter")
        else:
            stage.page.evaluate("(name) => document.getElementById(name).showModal()", name)
        held(stage)
    finally:
        stage.close()


def test_a_remote_control(browser: Browser) -> None:
    stage = Stage(browser, state("open", host()), remote=True, viewport=NARROW, reduced_motion="reduce")
    try:
        stage.open()
        held(stage)
    finally:
        stage.close()


@pytest.mark.parametrize("happens", ["cut", "moved"])
def test_a_phone_whose_line_is_lost_or_whose_player_is_elsewhere(browser: Browser, happens: str) -> None:
    with staged(browser, state("open", me(answer=stored())), viewport=NARROW, reduced_motion="reduce") as stage:
        if happens == "cut":
            stage.page.evaluate("testBroker.away = true; testBroker.cut()")
            stage.page.locator("[data-connection]:visible").wait_for()
        else:
            stage.send("/players/7", "player.moved", {"seat": 2})
            stage.page.locator('[data-screen="moved"]:visible').wait_for()
        held(stage)
