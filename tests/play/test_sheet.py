from typing import Any

import pytest

from quiz.play.correction import Correction
from quiz.play.credit import START_MS
from quiz.play.models import Answer, Game
from quiz.play.options import Options, Ties
from quiz.play.sheet import sheet


@pytest.fixture
def played(open_game: Game, ada: Any, bob: Any, answer: Any) -> Game:
    """Ada was right after 5.375 s, Bob wrong; then Ada right at once, Bob silent. Streaks pay, penalties cost."""
    open_game.options = Options(streak=True, penalty_percent=50, ties=Ties.BROKEN).data()
    open_game.save(update_fields=["options"])
    answer(ada, after_ms=5_375)
    answer(bob, right=False, after_ms=1_000)
    for _ in range(4):
        open_game.next()
    answer(ada)
    open_game.next()
    return open_game


def test_before_the_first_reveal_a_sheet_is_empty(open_game: Game, ada: Any) -> None:
    empty = sheet(ada)
    assert (empty["points"], empty["place"], empty["questions"]) == (0, None, [])
    assert empty["rules"]


def test_a_sheet_adds_up_to_the_points_that_the_player_has(played: Game) -> None:
    for player in played.players.ranked():
        lines = sheet(player)["questions"]
        assert sum(line["points"] for line in lines) == lines[-1]["total"] == player.points
        assert sheet(player)["place"] == player.place


def test_a_line_has_time_formula_points_and_what_was_chosen(played: Game, ada: Any) -> None:
    first, second = sheet(ada)["questions"]
    assert (first["elapsed_ms"], first["limit_ms"], first["points"]) == (5_375, 20_000, 875)
    assert first["formula"] == "1,000 × (1 − 1/2 × 4.875 / 19.500) = 875"
    assert (first["line_ms"], first["credit_ms"], first["counted_ms"]) == (0, 0, 5_375)
    assert (first["right"], first["choice"], first["is_right"]) == (["Jupiter"], ["Jupiter"], True)
    assert (second["earned"], second["streak"], second["streak_bonus"], second["total"]) == (1000, 2, 100, 1975)


def test_what_the_line_took_is_on_the_sheet_and_given_back_in_the_points(
    open_game: Game, ada: Any, bob: Any, answer: Any
) -> None:
    answer(ada, after_ms=5_775)
    answer(bob, after_ms=5_375)
    Answer.objects.filter(player=ada).update(line_ms=400)
    open_game.next()
    [line] = sheet(ada)["questions"]
    assert (line["elapsed_ms"], line["line_ms"], line["credit_ms"], line["counted_ms"]) == (5_775, 400, 400, 5_375)
    assert line["formula"] == "1,000 × (1 − 1/2 × 4.875 / 19.500) = 875"
    ada.refresh_from_db()
    assert (ada.points, ada.place_now(), ada.quota_ms) == (875, 1, START_MS)


def test_what_makes_up_for_the_line_is_used_up_from_question_to_question_and_reckoned_anew(
    open_game: Game, ada: Any, answer: Any
) -> None:
    for _ in range(2):
        while open_game.phase != "open":
            open_game.next()
        answer(ada, after_ms=10_000)
        Answer.objects.filter(player=ada).update(line_ms=1_000)
        open_game.next()

    def credits() -> list[int]:
        ada.refresh_from_db()
        assert ada.points == sheet(ada)["points"]
        return [line["credit_ms"] for line in sheet(ada)["questions"] if not line["voided"]]

    assert (credits(), ada.quota_ms) == ([1_000, 600], 400)
    open_game.correct(open_game.revealed_questions()[0].pk, Correction(voided=True), "author")
    assert (credits(), ada.quota_ms) == ([1_000], 600)


def test_a_line_without_an_answer_says_so(played: Game, bob: Any) -> None:
    second = sheet(bob)["questions"][1]
    assert (second["choice"], second["elapsed_ms"], second["points"], second["words"]) == (
        None,
        None,
        0,
        ["No answer."],
    )


def test_a_question_that_is_still_open_is_not_on_it(played: Game, ada: Any, answer: Any) -> None:
    for _ in range(3):
        played.next()
    answer(ada)
    assert [line["number"] for line in sheet(ada)["questions"]] == [1, 2]


def test_what_the_host_changed_is_marked(played: Game, ada: Any) -> None:
    first, second = played.revealed_questions()
    played.correct(first.pk, Correction(points=500), "author")
    played.correct(second.pk, Correction(voided=True), "author")
    ada.refresh_from_db()
    lines = sheet(ada)["questions"]
    assert [(line["voided"], line["regraded"]) for line in lines] == [(False, True), (True, False)]
    assert sheet(ada)["points"] == ada.points == 438
