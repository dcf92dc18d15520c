"""A game's weeks: nothing ends it before its date, its date ends it, and what is judged otherwise follows."""

from typing import Any

import pytest

from quiz.play.correction import Correction
from quiz.play.models import Game
from quiz.play.presence import Signs, host_is_here
from quiz.play.referee import Referee
from quiz.play.states import GameError
from quiz.play.timing import ABANDONED_MS, CLOSING_MS
from tests.play.selfpaced.alone import CLOSES, T0, enter, give


def look(now: int) -> None:
    """One look of a referee that has just been started."""
    Referee(lambda: now, Signs()).look()


def test_nobody_leads_it_and_nothing_ends_it_before_its_date(game: Game) -> None:
    enter(game, "Ada")
    host_is_here(game, T0)
    for now in (T0 + ABANDONED_MS, T0 + 3 * ABANDONED_MS, CLOSES, CLOSES + CLOSING_MS - 1):
        look(now)
        game.refresh_from_db()
        assert game.phase == "open"


def test_its_date_closes_it_and_a_day_later_it_ends(game: Game) -> None:
    give(enter(game, "Ada"), 1, T0)
    enter(game, "Bob")
    look(CLOSES + CLOSING_MS)
    game.refresh_from_db()
    assert (game.phase, game.revealed) == ("podium", 3)
    assert [player.place for player in game.players.ranked()] == [1, 2]
    look(CLOSES + CLOSING_MS + ABANDONED_MS)
    game.refresh_from_db()
    assert game.phase == "ended"


def test_who_comes_late_gets_in_also_where_games_that_are_led_have_started(handed_out: Any) -> None:
    assert enter(handed_out(late_join=False), "Ada").pk


def test_what_was_answered_is_judged_otherwise_at_any_time_and_rows_follow(handed_out: Any) -> None:
    game = handed_out(streak=True)
    ada = enter(game, "Ada")
    wrong = give(ada, 1, T0, right=False)
    give(ada, 2, T0 + 1)
    game.correct(wrong.question_id, Correction(right=wrong.choice), "author")
    ada.refresh_from_db()
    assert ada.points == 1000 + 1100
    game.finish()
    game.correct(wrong.question_id, Correction(voided=True), "author")
    ada.refresh_from_db()
    assert ada.points == 1000


def test_closing_now_counts_what_was_answered(
    game: Game, memory_backend: Any, django_capture_on_commit_callbacks: Any
) -> None:
    give(enter(game, "Ada"), 1, T0)
    with django_capture_on_commit_callbacks(execute=True):
        game.finish(now=T0 + 5)
    assert game.phase == "podium"
    assert [message.type for message in memory_backend] == ["podium.shown"]


def test_a_game_that_is_led_has_no_closing_date(quiz: Any) -> None:
    with pytest.raises(GameError, match="not-now"):
        Game.open_lobby(quiz, T0).extend(CLOSES)
