"""Numbers, orders and matchings from their author's form to the results that a host corrects."""

import json
import sqlite3
import uuid
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client

from bench.recount import recount
from quiz.play.models import Game, GameQuestion

NUMBERS = {"time_limit_s": "20", "points": "1000", "explanation": ""}
PLANETS = {"choice_1": "Mercury", "choice_2": "Venus", "choice_3": "Mars"}
PARTNERS = {"partner_1": "messenger", "partner_2": "beauty", "partner_3": "war"}


class Course(NamedTuple):
    """A question as its author posts it, and what is told of a partly right answer and of a correction.

    ``corrected`` are the values of the form's fields ``right``: places of items or partners, or the values themselves.
    """

    kind: str
    form: dict[str, str]
    right: str
    partly: str
    points: int
    counts: list[int]
    corrected: list[Any]
    after: str


COURSES = [
    Course(
        "number",
        {"value": "1,234.5", "tolerance": "1", "range": "10", "unit": "km"},
        "1234.5 ± 1 km",
        "1240.5 km",
        750,
        [1, 1],
        ["1240", "2"],
        "right was 1234.5 ± 1 km, is 1240 ± 2 km",
    ),
    Course(
        "order",
        PLANETS,
        "1. Mercury, 2. Venus, 3. Mars",
        "1. Venus, 2. Mercury, 3. Mars",
        500,
        [1, 1, 2],
        [1, 0, 2],
        "right was 1. Mercury, 2. Venus, 3. Mars, is 1. Venus, 2. Mercury, 3. Mars",
    ),
    Course(
        "match",
        PLANETS | PARTNERS,
        "Mercury → messenger, Venus → beauty, Mars → war",
        "Mercury → beauty, Venus → messenger, Mars → war",
        333,
        [1, 1, 2],
        [1, 0, 2],
        "right was Mercury → messenger, Venus → beauty, Mars → war, is Mercury → beauty, Venus → messenger, Mars → war",
    ),
]


def call(client: Client, url: str, data: Any = None) -> Any:
    return client.post(url, json.dumps(data or {}), content_type="application/json")


def recounted(game: Game) -> list[tuple[int, int]]:
    """Points and places by the second reading of the rules."""
    assert isinstance(connection.connection, sqlite3.Connection)
    return list(recount(connection.connection, game.pk).standings.values())


def wanted(question: GameQuestion, places: list[Any]) -> list[Any]:
    """The answer in which items or partners stand in these of the right places."""
    return [question.right[place] if isinstance(place, int) else place for place in places]


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.kind)
def test_a_course_from_the_form_to_the_correction(course: Course, author: Any, host: Client, open_first: Any) -> None:
    quiz = author.quizzes.create(title="Taste")
    address = f"/quizzes/{quiz.pk}/questions/new/?kind={course.kind}"
    assert host.post(address, {"text": "?", **NUMBERS, **course.form}).status_code == 302
    game, ada, bob = open_first(quiz)
    question = game.question()
    partly = 1240.5 if course.kind == "number" else wanted(question, course.corrected)
    for player, choice in ((ada, "1,234.5" if course.kind == "number" else question.right), (bob, partly)):
        given = {"question": question.pk, "answer_id": str(uuid.uuid4()), "choice": choice}
        assert call(player, f"/games/{game.pk}/answer/", given).status_code == 200
    call(host, f"/games/{game.pk}/next/")
    seen = [player.get(f"/games/{game.pk}/state/").json() for player in (ada, bob)]
    assert [one["me"]["points"] for one in seen] == [1000, course.points]
    assert sorted(recounted(game)) == [(course.points, 2), (1000, 1)]
    assert list(seen[0]["reveal"]["counts"].values()) == course.counts
    sheet = bob.get(f"/games/{game.pk}/sheet/").content.decode()
    assert course.right in sheet
    assert course.partly in sheet
    results = f"/games/{game.pk}/results/"
    assert host.get(results).content.decode().count('name="right"') == len(course.corrected)
    host.post(results, {"question": question.pk, "points": "1000", "right": wanted(question, course.corrected)})
    page = host.get(results).content.decode()
    assert course.after in page
    assert bob.get(f"/games/{game.pk}/state/").json()["me"]["points"] == 1000
    assert b"1000" in host.get(f"/games/{game.pk}/results.csv").content


def test_a_host_accepts_a_spelling_that_nobody_gave(author: Any, host: Client, open_first: Any) -> None:
    quiz = author.quizzes.create(title="Who")
    form = {"text": "Who?", **NUMBERS, "accepted": "Kepler", "near": "on"}
    assert host.post(f"/quizzes/{quiz.pk}/questions/new/?kind=typed", form).status_code == 302
    game, ada, bob = open_first(quiz)
    question = game.question()
    for player, choice in ((ada, "Kepler"), (bob, "Galilei")):
        given = {"question": question.pk, "answer_id": str(uuid.uuid4()), "choice": choice}
        assert call(player, f"/games/{game.pk}/answer/", given).status_code == 200
    call(host, f"/games/{game.pk}/next/")
    results = f"/games/{game.pk}/results/"
    assert 'type="text" name="right"' in host.get(results).content.decode()
    corrected = {"question": question.pk, "points": "1000"}
    for typed, sentence in (("x" * 81, "one line of at most 80"), (" ", "one line of at most 80")):
        answer = host.post(results, {**corrected, "right": ["Kepler", typed]}, follow=True)
        assert sentence in answer.content.decode()
    many = host.post(results, {**corrected, "right": [f"Kepler {n}" for n in range(51)]}, follow=True)
    assert "at most 50 spellings" in many.content.decode()
    assert bob.get(f"/games/{game.pk}/state/").json()["me"]["points"] == 0
    page = host.post(results, {**corrected, "right": ["Kepler", "Galileo"]}, follow=True).content.decode()
    assert "right was Kepler, is Kepler, Galileo" in page
    assert "never given" not in page  # one slip away from it
    assert bob.get(f"/games/{game.pk}/state/").json()["me"]["points"] == 1000
    assert sorted(recounted(game)) == [(1000, 1), (1000, 1)]


@pytest.fixture
def open_first(host: Client) -> Any:
    """Opens the first question of a quiz for two players, in a game in which parts count and speed does not."""

    def start(quiz: Any) -> tuple[Game, Client, Client]:
        game = Game.open_lobby(quiz)
        game.options = {**game.options, "partial": "lenient", "scoring": "flat"}
        game.save()
        players = Client(), Client()
        for player, name in zip(players, ("Ada", "Bob"), strict=True):
            player.post("/join/", {"pin": game.pin, "nickname": name})
        for step in ("start", "next", "next"):
            assert call(host, f"/games/{game.pk}/{step}/").status_code == 200
        game.refresh_from_db()
        return game, *players

    return start
