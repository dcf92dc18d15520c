"""Small scripts below the screens, run in Chromium without a page: destpatterns.js, backoff.js, uuid.js and others."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

DISPATCH = """(m, [patterns, destination]) => {
  const calls = [];
  const found = new m.DestPatterns((frame) => calls.push(["unmatched", frame.headers.destination]));
  for (const pattern of patterns) found.add(pattern, (body, groups) => calls.push([pattern, groups, body]));
  found.dispatch({ headers: { destination }, body: '{"n":1}' });
  return calls;
}"""


def test_a_pattern_gives_its_handler_the_named_groups_and_the_body(js: Callable[..., Any]) -> None:
    calls = js("live/destpatterns.js", DISPATCH, [["/games/{game}/status"], "/games/7/status"])
    assert calls == [["/games/{game}/status", {"game": "7"}, {"n": 1}]]


def test_the_first_pattern_that_matches_wins(js: Callable[..., Any]) -> None:
    patterns = ["/games/{game}/host", "/games/{game}/{room}", "/games/7/status"]
    assert js("live/destpatterns.js", DISPATCH, [patterns, "/games/7/status"]) == [
        ["/games/{game}/{room}", {"game": "7", "room": "status"}, {"n": 1}]
    ]


@pytest.mark.parametrize(
    "destination", ["/games/7/status/x", "x/games/7/status", "/games//status", "/games/7/8/status", "/gamesX7Xstatus"]
)
def test_what_no_pattern_takes_goes_to_the_fallback(js: Callable[..., Any], destination: str) -> None:
    calls = js("live/destpatterns.js", DISPATCH, [["/games/{game}/status"], destination])
    assert calls == [["unmatched", destination]]


def test_signs_of_regular_expressions_in_a_pattern_mean_themselves(js: Callable[..., Any]) -> None:
    assert js("live/destpatterns.js", DISPATCH, [["/a.b/{x}"], "/aXb/1"]) == [["unmatched", "/aXb/1"]]
    assert js("live/destpatterns.js", DISPATCH, [["/a.b/{x}"], "/a.b/1"]) == [["/a.b/{x}", {"x": "1"}, {"n": 1}]]


def test_waiting_doubles_up_to_its_limit_and_is_never_in_step(js: Callable[..., Any]) -> None:
    code = "(m) => [0, 1, 2, 3, 4, 20].map((tries) => [m.delay(tries, 0), m.delay(tries, 1)])"
    assert js("live/backoff.js", code) == [
        [500, 1_000], [1_000, 2_000], [2_000, 4_000], [4_000, 8_000], [7_500, 15_000], [7_500, 15_000],
    ]  # fmt: skip


def test_an_answers_id_is_a_random_uuid_even_without_https(js: Callable[..., Any]) -> None:
    ids = js("play/uuid.js", "(m) => [m.uuid(), m.uuid()]")
    assert ids[0] != ids[1]
    for id in ids:
        assert uuid.UUID(id).version == 4


def test_lines_move_from_the_places_before(js: Callable[..., Any]) -> None:
    lines = [{"before": 3}, {"before": 1}, {"before": None}, {"before": 2}]
    assert js("play/board.js", "(m, lines) => m.placesBefore(lines)", lines) == [2, 0, 3, 1]


def test_who_shares_a_place_shares_the_step(js: Callable[..., Any]) -> None:
    places = {"a": 1, "b": 1, "c": 3, "d": 4}
    lines = [{"place": place, "points": 10 - place, "nickname": name} for name, place in places.items()]
    steps = js("play/host/podium.js", "(m, lines) => m.steps(lines)", lines)
    names = [(step["place"], [line["nickname"] for line in step["winners"]]) for step in steps]
    assert names == [(1, ["a", "b"]), (3, ["c"])]
