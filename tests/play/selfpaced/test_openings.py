from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quiz.play import answering
from quiz.play.judging import judge_again
from quiz.play.models import Answer, Game, Opening, Player
from quiz.play.selfpaced.openings import open_question
from quiz.play.selfpaced.rules import MAX_ELAPSED_MS
from quiz.play.states import GameError
from quiz.play.timing import CLOSING_MS
from tests.play.selfpaced.alone import CLOSES, LIMIT_MS, T0, answer_to, enter, give


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(GameError) as error:
        call()
    return error.value.code


def test_the_clock_of_a_question_starts_once(ada: Player) -> None:
    open_question(ada, 1, T0)
    open_question(ada, 1, T0 + 5_000)
    opening = ada.openings.get()
    assert (opening.opened_at, opening.ends_at) == (T0, T0 + LIMIT_MS)


def test_the_next_question_waits_for_the_answer_or_the_end_of_the_time(ada: Player) -> None:
    open_question(ada, 1, T0)
    assert refusal(lambda: open_question(ada, 2, T0 + LIMIT_MS)) == "not-now"
    open_question(ada, 2, T0 + LIMIT_MS + 1)
    answering.take(ada, answer_to(ada.openings.last().question), T0 + LIMIT_MS + 2)
    open_question(ada, 3, T0 + LIMIT_MS + 3)
    assert [opening.question.position for opening in ada.openings.all()] == [1, 2, 3]


def test_a_player_s_time_is_nobody_else_s(ada: Player, bob: Player) -> None:
    open_question(ada, 1, T0)
    open_question(bob, 1, T0 + 3_600_000)
    assert bob.openings.get().ends_at == T0 + 3_600_000 + LIMIT_MS


def test_a_question_that_was_not_opened_takes_no_answer(game: Game, ada: Player, bob: Player) -> None:
    open_question(bob, 1, T0)
    assert refusal(lambda: answering.take(ada, answer_to(game.questions.first()), T0)) == "question-not-open"


def test_the_deadline_is_the_player_s_own_to_the_millisecond(ada: Player, bob: Player) -> None:
    assert give(ada, 1, T0, after_ms=LIMIT_MS).elapsed_ms == LIMIT_MS
    assert refusal(lambda: give(bob, 1, T0, after_ms=LIMIT_MS + 1)) == "question-not-open"
    bob.refresh_from_db()
    assert bob.points == 0


def test_to_judge_who_has_more_time_takes_no_query_an_answer(
    game: Game, ada: Player, django_assert_num_queries: Any
) -> None:
    Player.objects.update(allowance=200)
    ada.refresh_from_db()
    give(ada, 1, T0)
    with CaptureQueriesContext(connection) as one:
        judge_again(game)
    give(ada, 2, T0 + 1)
    give(ada, 3, T0 + 2)
    with django_assert_num_queries(len(one)):
        judge_again(game)


def test_an_answer_counts_at_once_and_once(game: Game, ada: Player) -> None:
    open_question(ada, 1, T0)
    data = answer_to(game.questions.first())
    first = answering.take(ada, data, T0)
    assert answering.take(ada, data, T0 + 2 * LIMIT_MS) == first
    ada.refresh_from_db()
    assert (Answer.objects.count(), ada.points) == (1, 1000)


def test_nothing_is_taken_or_opened_after_the_closing_date(ada: Player, bob: Player) -> None:
    last = CLOSES - 1_000
    assert give(ada, 1, last, after_ms=1_000).received_at == CLOSES
    assert refusal(lambda: give(bob, 1, last, after_ms=1_001)) == "question-not-open"
    assert refusal(lambda: open_question(ada, 2, CLOSES + 1)) == "game-closed"


def test_an_answer_in_time_is_stored_though_the_closing_date_has_come(game: Game, ada: Player) -> None:
    open_question(ada, 1, CLOSES - 1_000)
    assert not game.close_if_due(CLOSES)  # It may still be on its way to its row.
    answering.take(ada, answer_to(game.questions.first()), CLOSES)
    assert game.close_if_due(CLOSES + CLOSING_MS)
    assert game.players.ranked().get().points > 0


def test_two_devices_that_open_at_once_open_one_question(ada: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.play.selfpaced.rules.is_new", lambda *_: True)
    monkeypatch.setattr("quiz.play.selfpaced.openings._next_of", lambda player, game: game.questions.first())
    open_question(ada, 1, T0)
    open_question(ada, 1, T0 + 1)
    assert Opening.objects.get().opened_at == T0


def test_everybody_has_an_own_order_where_the_author_wants_it(handed_out: Callable[..., Game]) -> None:
    game = handed_out(shuffled=True)
    orders = set()
    for name in ("Ada", "Bob", "Cleo", "Dora", "Emil", "Finn"):
        player = enter(game, name)
        for number in (1, 2, 3):
            give(player, number, T0 + number)
        orders.add(tuple(opening.question.position for opening in player.openings.all()))
    assert len(orders) > 1
    assert all(sorted(order) == [1, 2, 3] for order in orders)


def test_rows_in_a_row_are_those_of_the_player_s_own_order(handed_out: Callable[..., Game]) -> None:
    game = handed_out(shuffled=True, streak=True)
    player = enter(game, "Ada")
    give(player, 1, T0, right=False)
    give(player, 2, T0 + 1)
    give(player, 3, T0 + 2)
    points = [player.answers.get(question=opening.question).points for opening in player.openings.all()]
    assert points == [0, 1000, 1100]


def test_a_question_that_ran_out_of_time_ends_a_row(handed_out: Callable[..., Game]) -> None:
    player = enter(handed_out(streak=True), "Ada")
    give(player, 1, T0)
    open_question(player, 2, T0 + 1)
    assert give(player, 3, T0 + 2 * LIMIT_MS).question.position == 3
    player.refresh_from_db()
    assert (player.points, player.streak) == (2000, 1)


def test_without_time_limits_a_day_costs_nothing(handed_out: Callable[..., Game]) -> None:
    game = handed_out(timed=False)
    player = enter(game, "Ada")
    answer = give(player, 1, T0, after_ms=24 * 3600 * 1000)
    player.refresh_from_db()
    assert (player.points, answer.elapsed_ms, game.chosen.scoring) == (1000, MAX_ELAPSED_MS, "flat")


def test_more_time_in_private_is_more_time_here(ada: Player) -> None:
    ada.allowance = 200
    ada.save(update_fields=["allowance"])
    assert give(ada, 1, T0, after_ms=2 * LIMIT_MS).elapsed_ms == 2 * LIMIT_MS


def test_more_time_does_not_open_again_what_was_over(game: Game, ada: Player) -> None:
    open_question(ada, 1, T0)
    ada.allowance = 1000
    ada.save(update_fields=["allowance"])
    late = answer_to(game.questions.first())
    assert refusal(lambda: answering.take(ada, late, T0 + LIMIT_MS + 1)) == "question-not-open"


def test_a_game_that_is_led_opens_no_own_questions(quiz: Any) -> None:
    led = Game.open_lobby(quiz, T0)
    assert refusal(lambda: open_question(enter(led, "Ada"), 1, T0)) == "not-now"
