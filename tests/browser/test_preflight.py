"""The page before a game: through the real relay and broker, and with things that are broken."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from quiz.live.clock import now_ms
from tests.browser.pages import IN_HAND, NO_WEBSOCKET, PATIENCE_MS, Host
from tests.browser.stage import PHONE, Stage
from tests.stack import Stack

WAYS = ["websocket", "stream", "longpoll"]
TRIES = 5
PAGE = {
    "destination": "/preflight/1",
    "ticket": "ticket",
    "relay": {"host": "", "port": 8080, "media_url": "/static/"},
    "broker": {
        "host": "localhost",
        "port": 61613,
        "login": "user:1",
        "virtual_host": "localhost",
        "destinations": {"/preflight/1": "/preflight/1"},
    },
    "urls": {call: f"/preflight/{call}/" for call in ("time", "echo", "capacity")},
}


def moods(page: Page) -> dict[str, str]:
    """How each check ended, once all have."""
    expect(page.locator("[data-again]")).to_be_enabled(timeout=4 * PATIENCE_MS)
    rows = page.locator("[data-check]").evaluate_all("rows => rows.map((row) => [row.dataset.check, row.dataset.mood])")
    return dict(rows)


def at_best(page: Page, wanted: dict[str, str]) -> dict[str, str]:
    """The same, looked at again where something took too long: the page has little patience, a machine may be busy."""
    found = moods(page)
    for _ in range(TRIES):
        if all(found[check] == mood for check, mood in wanted.items()):
            break
        page.locator("[data-again]").click()
        found = moods(page)
    return found


def advice(page: Page, check: str) -> str:
    return page.locator(f"[data-check={check}] [data-ref=advice]").inner_text()


def opened(browser: Browser, stack: Stack, script: str = "") -> Host:
    host = Host(browser, stack, **IN_HAND)
    host.context.add_init_script(script)
    host.page.goto("/quizzes/")
    host.log_in()
    host.page.get_by_role("link", name="Before the game").click()
    return host


@pytest.fixture
def broken(browser: Browser) -> Iterator[Stage]:
    """The page with the test in the server's place; nothing is asked before ``show``."""
    stage = Stage(browser, {"me": {"role": "host"}}, viewport=PHONE)
    stage.answers |= {
        "time": lambda _: (200, {"server_time": now_ms()}),
        "capacity": lambda _: (200, {"players": 120, "bound": "memory"}),
    }
    yield stage
    stage.close()


RELAY_AWAY, BROKER_AWAY = 102, 201
"""Codes with which Orbited.js closes a socket."""


def closing_with(code: int) -> str:
    """A script: every line that the page opens is closed at once."""
    return f"addEventListener('DOMContentLoaded', () => {{ testBroker.away = {code}; }});"


def show(stage: Stage, script: str = "") -> dict[str, Any]:
    stage.context.add_init_script(script)
    stage.show("play/preflight.html", page=PAGE)
    return moods(stage.page)


def test_everything_gets_through(browser: Browser, stack: Stack) -> None:
    host = opened(browser, stack)
    wanted = {"clock": "good"} | dict.fromkeys(WAYS, "good")
    found = at_best(host.page, wanted)
    assert found.pop("capacity") in ("good", "warm")
    assert found.pop("server") in ("good", "warm", "bad")  # how quick this machine is just now
    assert found == wanted
    host.inspect()
    host.context.close()
    assert host.errors == []


def test_the_pages_around_it_are_for_everybody(browser: Browser, stack: Stack) -> None:
    host = opened(browser, stack)
    host.page.goto("/quizzes/")
    host.inspect()
    quiz = host.page.locator(".card__title a").first.get_attribute("href")
    for path in ("/quizzes/import/", str(quiz), f"{quiz}questions/new/?kind=match"):
        host.page.goto(path)
        host.inspect()
    host.page.locator("[data-question-form]").evaluate("form => form.submit()")
    expect(host.page.get_by_role("alert")).to_be_visible()
    host.inspect()
    host.context.close()


def test_without_websockets_games_work_and_the_host_learns_what_to_do(browser: Browser, stack: Stack) -> None:
    host = opened(browser, stack, NO_WEBSOCKET)
    wanted = {"websocket": "warm", "stream": "good", "longpoll": "good"}
    assert wanted.items() <= at_best(host.page, wanted).items()
    assert "Upgrade" in advice(host.page, "websocket")
    expect(host.page.locator("[data-verdict]")).to_have_text("Games work here. One thing or other could be better.")
    host.context.close()


def test_a_broker_that_is_away_is_told_from_a_relay_that_is_away(broken: Stage) -> None:
    found = show(broken, closing_with(BROKER_AWAY))
    assert [found[way] for way in WAYS] == ["bad", "bad", "bad"]
    assert "Is the broker running" in advice(broken.page, "websocket")
    expect(broken.page.locator("[data-verdict]")).to_have_text("Mend what is marked before you begin.")
    assert broken.violations() == ""


def test_a_relay_that_is_away_is_looked_for_on_each_way(broken: Stage) -> None:
    found = show(broken, closing_with(RELAY_AWAY))
    assert [found[way] for way in WAYS] == ["warm", "warm", "bad"]
    for way, what_to_do in zip(WAYS, ("Upgrade", "turn its buffering off", "ORBITED_HOST, ORBITED_PORT"), strict=True):
        assert what_to_do in advice(broken.page, way)
    expect(broken.page.locator("[data-verdict]")).to_have_text("Mend what is marked before you begin.")


def test_a_slow_server_and_a_broker_that_gives_nothing_back_are_told(broken: Stage) -> None:
    broken.answers["echo"] = lambda _: (503, {})
    found = show(broken, "let now = 0; performance.now = () => (now += 700);")
    assert [found[check] for check in ("server", *WAYS)] == ["bad"] * 4
    assert "A cable" in advice(broken.page, "server")
    assert "STOMP_HOST, STOMP_PORT" in advice(broken.page, "websocket")


@pytest.mark.parametrize(
    ("bound", "what_to_do"),
    [("rule", "No game takes more"), ("cpu", "faster processor cores"), ("descriptors", "ulimit -n")],
)
def test_what_keeps_it_from_being_more_is_told(broken: Stage, bound: str, what_to_do: str) -> None:
    broken.answers["capacity"] = lambda _: (200, {"players": 5_000, "bound": bound})
    assert show(broken, closing_with(BROKER_AWAY))["capacity"] == "good"
    assert what_to_do in advice(broken.page, "capacity")


def test_a_wrong_clock_and_a_small_server_are_told(broken: Stage) -> None:
    broken.answers["time"] = lambda _: (200, {"server_time": now_ms() - 60_000})
    found = show(broken, closing_with(BROKER_AWAY))
    assert (found["clock"], found["capacity"]) == ("warm", "warm")
    expect(broken.page.locator("[data-check=clock]")).to_contain_text(re.compile("(59|60|61) s ahead of the server's"))
    expect(broken.page.locator("[data-check=capacity]")).to_contain_text("About 120 players")
    assert "more free memory" in advice(broken.page, "capacity")


def test_a_server_that_does_not_answer_is_told(broken: Stage) -> None:
    broken.answers |= {"time": lambda _: (0, {}), "capacity": lambda _: (503, {})}
    found = show(broken, closing_with(BROKER_AWAY))
    assert (found["server"], found["clock"], found["capacity"]) == ("bad", "bad", "bad")
    assert "still on the network" in advice(broken.page, "server")
