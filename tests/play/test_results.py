import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quiz.play import results
from quiz.play.correction import Correction
from quiz.play.models import Game


@pytest.fixture
def played(open_game: Game, ada: Any, bob: Any, answer: Any) -> Game:
    """One question: Ada was right after 1.5 s, Bob wrong."""
    answer(ada, after_ms=1_500)
    answer(bob, right=False)
    open_game.next()
    return open_game


def test_players_come_by_place_with_their_right_answers(played: Game, ada: Any, bob: Any) -> None:
    assert results.players(played) == [
        {
            "player": ada.pk,
            "nickname": "Ada",
            "place": 1,
            "points": 974,
            "right": 1,
            "right_ms": 1_500,
            "team": None,
            "out_at": None,
        },
        {
            "player": bob.pk,
            "nickname": "Bob",
            "place": 2,
            "points": 0,
            "right": 0,
            "right_ms": 0,
            "team": None,
            "out_at": None,
        },
    ]


def test_right_answers_to_a_voided_question_do_not_count(played: Game) -> None:
    played.void()
    assert [line["right"] for line in results.players(played)] == [0, 0]


def test_a_question_shows_how_it_went(played: Game) -> None:
    [question] = results.questions(played)
    assert (question["answered"], question["right"]) == (2, 1)
    shown = [(choice["text"], choice["right"], choice["count"]) for choice in question["choices"]]
    assert shown == [("Mars", False, 1), ("Jupiter", True, 1), ("Venus", False, 0)]


def test_an_answer_of_who_was_removed_is_not_in_the_results(played: Game, bob: Any) -> None:
    played.kick(bob.pk)
    [question] = results.questions(played)
    assert (question["answered"], question["right"]) == (1, 1)
    assert [choice["count"] for choice in question["choices"]] == [0, 1, 0]


def test_a_long_game_is_read_by_as_many_queries_as_a_short_one(
    played: Game, host: Any, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as short:
        host.get(f"/games/{played.pk}/results/")
    while played.phase != "podium":
        played.next()
    with django_assert_num_queries(len(short)):
        host.get(f"/games/{played.pk}/results/")


def test_corrections_are_listed_in_words(played: Game) -> None:
    question = played.question()
    played.correct(None, Correction(right=[question.choice_ids[0]]), "author")
    [line] = results.corrections(played)
    assert (line["by"], line["number"]) == ("author", 1)
    assert (line["before"]["right"], line["after"]["right"]) == (["Jupiter"], ["Mars"])


def test_the_table_has_a_row_a_player_and_a_column_a_question(played: Game) -> None:
    rows = list(results.table(played))
    assert rows == [
        ["place", "name", "points", "right", "right_s", "q1"],
        [1, "Ada", 974, 1, 1.5, 974],
        [2, "Bob", 0, 0, 0.0, 0],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_of_a_player_becomes_a_formula(start: str) -> None:
    assert results.neutral([f"{start}1+1", "Ada", -5]) == [f"'{start}1+1", "Ada", -5]


def test_a_dangerous_name_is_neutral_in_the_file(played: Game, host: Any, ada: Any) -> None:
    played.players.filter(pk=ada.pk).update(nickname='=HYPERLINK("http://evil")')
    answer = host.get(f"/games/{played.pk}/results.csv")
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert list(csv.reader(io.StringIO(text)))[1][1] == '\'=HYPERLINK("http://evil")'
