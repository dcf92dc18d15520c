from typing import Any

import pytest

from quiz.play import joining, snapshot
from quiz.play.joining import NicknameTaken
from quiz.play.models import Game, Player
from quiz.play.nicknames import NicknameError
from quiz.play.options import Options
from quiz.play.states import GameError


def test_a_pin_may_be_typed_with_blanks(game: Game) -> None:
    assert joining.find(f" {game.pin[:3]} {game.pin[3:]} ") == game


@pytest.mark.parametrize("pin", ["", "000", "abcdef", "１２３", "' OR 1=1", "\0", "\ud800"])
def test_a_wrong_pin_finds_nothing(game: Game, pin: str) -> None:
    with pytest.raises(GameError, match="game-not-found"):
        joining.find(pin)


def test_an_ended_game_looks_like_a_wrong_pin(game: Game) -> None:
    game.finish()
    with pytest.raises(GameError, match="game-not-found"):
        joining.join(game.pin, "Ada")


def test_a_locked_lobby_lets_nobody_in(game: Game) -> None:
    game.lock(True)
    with pytest.raises(GameError, match="game-locked"):
        joining.join(game.pin, "Ada")
    assert not Player.objects.exists()


def test_the_second_ada_is_offered_a_free_name(game: Game) -> None:
    joining.join(game.pin, "Ada")
    joining.join(game.pin, "Ada 2")
    with pytest.raises(NicknameTaken) as taken:
        joining.join(game.pin, "ADA")
    assert taken.value.suggestion == "ADA 3"
    assert Player.objects.count() == 2


def test_the_name_of_a_removed_player_stays_taken(game: Game, ada: Any) -> None:
    game.kick(ada.pk)
    with pytest.raises(NicknameTaken):
        joining.join(game.pin, "Ada")


def test_a_full_game_lets_nobody_in(game: Game, ada: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MAX_PLAYERS", 1)
    with pytest.raises(GameError, match="game-full"):
        joining.join(game.pin, "Bob")


def test_a_bad_nickname_makes_no_player(game: Game) -> None:
    with pytest.raises(NicknameError):
        joining.join(game.pin, "a\x00")
    assert not Player.objects.exists()


def test_late_comers_are_welcome_until_the_podium(open_game: Game) -> None:
    assert joining.join(open_game.pin, "Late")[0].points == 0
    open_game.finish()
    with pytest.raises(GameError, match="game-not-found"):
        joining.join(open_game.pin, "Later")


def test_the_resume_token_brings_the_same_player_back(game: Game) -> None:
    player, token = joining.join(game.pin, "Ada")
    assert joining.resume(token) == player


def test_the_database_does_not_keep_the_token(game: Game) -> None:
    _, token = joining.join(game.pin, "Ada")
    assert token not in str(Player.objects.values().get())


@pytest.mark.parametrize("token", ["", "wrong", "\ud800", "x" * 10_000])
def test_a_wrong_token_brings_nobody_back(game: Game, ada: Any, token: str) -> None:
    with pytest.raises(GameError, match="not-a-player"):
        joining.resume(token)


def test_a_removed_player_does_not_come_back(game: Game) -> None:
    player, token = joining.join(game.pin, "Ada")
    game.kick(player.pk)
    with pytest.raises(GameError, match="not-a-player"):
        joining.resume(token)


@pytest.mark.parametrize("late_join", [True, False])
@pytest.mark.parametrize("phase", ["lobby", "countdown", "reading", "open", "reveal", "standings", "paused", "podium"])
def test_who_comes_late_gets_in_if_the_host_allows_and_until_the_podium(quiz: Any, phase: str, late_join: bool) -> None:
    game = Game.open_lobby(quiz, options=Options(late_join=late_join))
    joining.join(game.pin, "Ada")
    if phase != "lobby":
        game.start()
    while game.phase != phase and phase not in ("paused", "podium"):
        if game.phase != "lobby":
            game.next()
    if phase == "paused":
        game.pause()
    if phase == "podium":
        game.finish()
    refusal = {"lobby": None, "podium": "game-not-found"}.get(phase, None if late_join else "game-has-started")
    if refusal:
        with pytest.raises(GameError, match=refusal):
            joining.join(game.pin, "Bob")
    else:
        bob, _ = joining.join(game.pin, "Bob")
        state = snapshot.for_player(bob)
        assert (state["phase"], state["me"]["points"]) == (phase, 0)
        assert state["phase_ends_at"] == Game.objects.get(pk=game.pk).phase_ends_at
