from typing import Any

import pytest

from quiz.authoring.pictures import Picture
from quiz.live.models import Cut, Event
from quiz.play import retention
from quiz.play.models import Door, Game, PinTry
from quiz.play.rates import HOUR_MS
from quiz.play.retention import DAY_MS, Forgotten

T0 = 1_800_000_000_000


@pytest.fixture
def past(game: Game, ada: Any) -> Game:
    game.kick(ada.pk, now=T0)
    game.finish(now=T0)
    return game


def test_a_running_game_is_kept_whatever_its_age(game: Game, ada: Any) -> None:
    assert not retention.sweep(T0 + 1_000 * DAY_MS)
    assert game.players.exists()


def test_events_and_cuts_of_a_past_game_go_first_and_once(past: Game) -> None:
    assert Cut.objects.exists()
    assert retention.sweep(T0 + 7 * DAY_MS) == Forgotten(games=0, traces=1, events=2)
    assert not retention.sweep(T0 + 7 * DAY_MS)
    assert (Event.objects.count(), Cut.objects.count(), Door.objects.count()) == (0, 0, 0)
    assert past.players.exists()


def test_days_may_be_other_than_the_settings(past: Game) -> None:
    assert retention.sweep(T0 + DAY_MS, events_days=1, games_days=1).games == 1
    assert not Game.objects.exists()


def test_zero_days_keep_games_for_good(past: Game, settings: Any) -> None:
    settings.GAMES_KEPT_DAYS = 0
    retention.sweep(T0 + 10_000 * DAY_MS)
    assert Game.objects.exists()


def test_wrong_pins_go_after_an_hour(db: None) -> None:
    PinTry.objects.create(address_hash="a", at=T0, refused=False)
    retention.sweep(T0 + HOUR_MS - 1)
    assert PinTry.objects.exists()
    retention.sweep(T0 + HOUR_MS)
    assert not PinTry.objects.exists()


def test_a_sweep_holds_the_database_for_a_moment_only(quiz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "GAMES_A_SWEEP", 1)
    for _ in range(2):
        Game.open_lobby(quiz, now=T0).finish(now=T0)
    assert [retention.sweep(T0 + 200 * DAY_MS).games for _ in range(3)] == [1, 1, 0]


def test_pictures_that_nobody_uses_are_forgotten_too(author: Any) -> None:
    Picture.objects.create(owner=author, content=b"x", size=1, width=1, height=1)
    assert retention.sweep(T0) == Forgotten(pictures=1)
    assert not retention.sweep(T0)
