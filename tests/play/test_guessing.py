from dataclasses import replace
from typing import Any

import pytest

from quiz.authoring.models import Quiz
from quiz.play import guessing, joining
from quiz.play.doorkeys import key_of, opens
from quiz.play.guessing import Caller, GameNotFound, TooOften
from quiz.play.models import Game, PinTry
from quiz.play.rates import ALARMING_MISSES, MINUTE_MS, WRONG_PINS

T0 = 1_800_000_000_000
EVE = Caller(address="eve")


def miss(count: int, now: int = T0, caller: Caller = EVE) -> None:
    for _ in range(count):
        with pytest.raises(GameNotFound):
            guessing.find("not a pin", caller, now)


def test_a_right_pin_is_no_guess(game: Game) -> None:
    for _ in range(WRONG_PINS.count + 1):
        assert guessing.find(game.pin, EVE, T0) == game
    assert not PinTry.objects.exists()


def test_who_guessed_too_often_finds_nothing_even_with_the_right_pin(game: Game) -> None:
    miss(WRONG_PINS.count)
    with pytest.raises(TooOften, match="too-many-tries") as often:
        guessing.find(game.pin, EVE, T0 + 1)
    assert often.value.wait_ms > 0
    assert guessing.find(game.pin, Caller(address="other"), T0 + 1) == game
    assert guessing.find(game.pin, Caller(address="eve", unlimited=True), T0 + 1) == game


def test_who_waits_as_long_as_told_is_looked_at_again(game: Game) -> None:
    miss(WRONG_PINS.count)
    assert guessing.find(game.pin, EVE, T0 + MINUTE_MS) == game


def test_wrong_pins_of_a_class_keep_nobody_out_of_the_game_that_it_plays(game: Game) -> None:
    joining.join(game.pin, "Ada", EVE)
    miss(WRONG_PINS.count)
    assert guessing.find(game.pin, EVE, T0 + 1) == game


def test_the_key_of_the_link_opens_that_door_to_whoever_would_have_to_wait(game: Game, quiz: Quiz) -> None:
    miss(WRONG_PINS.count)
    other, key = Game.open_lobby(quiz), key_of(game)
    assert guessing.find(game.pin, replace(EVE, key=key), T0 + 1) == game
    for pin, wrong in ((other.pin, key), (game.pin, key[:-1]), (game.pin, "\ud800"), ("000000", key)):
        with pytest.raises(TooOften):
            guessing.find(pin, replace(EVE, key=wrong), T0 + 2)


def test_a_game_with_another_pin_has_another_key(game: Game) -> None:
    key = key_of(game)
    game.renumber()
    assert not opens(key, game)
    assert opens(key_of(game), game)


def test_a_flood_of_guesses_writes_few_rows(game: Game) -> None:
    miss(WRONG_PINS.count)
    for n in range(50):
        with pytest.raises(TooOften):
            guessing.find("000", EVE, T0 + n)
    assert PinTry.objects.count() < 20


def test_misses_are_counted_over_all_addresses(db: None) -> None:
    for n in range(3):
        miss(1, caller=Caller(address=str(n)))
    assert guessing.misses_since(T0 - 1) == 3
    assert guessing.misses_since(T0) == 0


def test_guessing_from_everywhere_is_an_alarm_in_the_log(db: None, caplog: Any) -> None:
    from quiz.play.presence import Signs
    from quiz.play.referee import Referee

    rows = (PinTry(address_hash=str(n), at=T0, refused=False) for n in range(ALARMING_MISSES))
    PinTry.objects.bulk_create(rows, batch_size=100)
    Referee(lambda: T0 + 1, Signs()).look()
    assert "PINs are being guessed: 1000 wrong ones within a minute" in caplog.text
