from typing import Any

from quiz.live import metrics
from quiz.play.models import Game


def figures() -> dict[str, float]:
    lines = [line.split() for line in metrics.render().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines if name.startswith("quiz_")}


def test_games_players_and_answers_are_counted(open_game: Game, ada: Any, bob: Any, answer: Any) -> None:
    answer(ada)
    assert figures() == {"quiz_games_active": 1, "quiz_players_active": 2, "quiz_answers_stored_total": 1}


def test_an_ended_game_and_a_removed_player_are_not_active(open_game: Game, ada: Any, bob: Any) -> None:
    open_game.kick(bob.pk)
    assert figures()["quiz_players_active"] == 1
    open_game.finish()
    open_game.finish()
    assert figures()["quiz_games_active"] == 0
    assert figures()["quiz_players_active"] == 0
