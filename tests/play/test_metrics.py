from pathlib import Path
from typing import Any

import pytest

from quiz.live import metrics
from quiz.live.clock import now_ms
from quiz.play.models import Game, PinTry


def figures() -> dict[str, float]:
    lines = [line.split() for line in metrics.render().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines if name.startswith("quiz_")}


def test_games_players_and_answers_are_counted(open_game: Game, ada: Any, bob: Any, answer: Any) -> None:
    answer(ada)
    assert figures() == {
        "quiz_games_active": 1,
        "quiz_players_active": 2,
        "quiz_answers_stored": 1,
        "quiz_wrong_pins_last_minute": 0,
        "quiz_alarm_pin_guessing": 0,
    }


def test_many_wrong_pins_within_a_minute_are_an_alarm(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.play.metrics.ALARMING_MISSES", 2)
    PinTry.objects.create(address_hash="one", at=now_ms(), refused=False)
    assert figures()["quiz_alarm_pin_guessing"] == 0
    PinTry.objects.create(address_hash="other", at=now_ms(), refused=True)
    assert (figures()["quiz_alarm_pin_guessing"], figures()["quiz_wrong_pins_last_minute"]) == (1, 2)


def test_an_ended_game_and_a_removed_player_are_not_active(open_game: Game, ada: Any, bob: Any) -> None:
    open_game.kick(bob.pk)
    assert figures()["quiz_players_active"] == 1
    open_game.finish()
    open_game.finish()
    assert figures()["quiz_games_active"] == 0
    assert figures()["quiz_players_active"] == 0


def test_operating_names_each_figure(db: None) -> None:
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
    names = [line.split()[2] for line in metrics.render().decode().splitlines() if line.startswith("# HELP")]
    assert [name for name in names if f"`{name}`" not in page] == []
    assert len(names) == 7
