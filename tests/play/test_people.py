from typing import Any

import pytest

from quiz.play import joining, people, snapshot
from quiz.play.guessing import INSIDE, Caller
from quiz.play.models import Door, Game, Knock, Player
from quiz.play.naming import NicknameTaken
from quiz.play.nicknames import NicknameError
from quiz.play.states import GameError


@pytest.fixture
def guarded(game: Game) -> Game:
    people.guard(game, True)
    return game


def knock(game: Game, name: str, caller: Caller = INSIDE) -> tuple[Knock, str]:
    who, token = joining.join(game.pin, name, caller)
    assert isinstance(who, Knock)
    return who, token


def test_newcomers_of_a_guarded_game_wait_and_are_no_players(guarded: Game) -> None:
    knock(guarded, "Eve")
    assert not guarded.players.exists()
    assert snapshot.for_host(guarded)["players"] == 0
    door = snapshot.for_host(guarded)["me"]["door"]
    assert (door["approve"], door["knocks"], door["waiting"][0]["nickname"]) == (True, 1, "Eve")


def test_who_is_let_in_is_a_player_with_the_same_token(guarded: Game) -> None:
    eve, token = knock(guarded, "Eve", Caller(address="home", device="phone", unlimited=True))
    assert joining.resume(token) == eve
    people.admit(guarded, [eve.pk])
    player = joining.resume(token)
    assert isinstance(player, Player)
    assert (player.nickname, player.address_hash, player.device_hash) == ("Eve", "home", "phone")
    assert not Knock.objects.exists()


def test_all_are_let_in_at_once_and_when_the_door_is_opened(guarded: Game) -> None:
    for name in ("Ada", "Bob"):
        knock(guarded, name)
    people.admit(guarded, None)
    knock(guarded, "Cy")
    people.guard(guarded, False)
    assert [player.nickname for player in guarded.players.all()] == ["Ada", "Bob", "Cy"]
    assert isinstance(joining.join(guarded.pin, "Dee")[0], Player)


def test_who_is_turned_away_comes_in_by_no_other_name(guarded: Game) -> None:
    eve, token = knock(guarded, "Eve", Caller(device="phone", unlimited=True))
    people.turn_away(guarded, [eve.pk])
    with pytest.raises(GameError, match="not-a-player"):
        joining.resume(token)
    with pytest.raises(GameError, match="removed"):
        joining.join(guarded.pin, "Mallory", Caller(device="phone", unlimited=True))
    with pytest.raises(NicknameTaken):
        joining.join(guarded.pin, "EVE")
    people.admit(guarded, None)
    assert not guarded.players.exists()


def test_names_are_unique_among_players_and_those_who_wait(guarded: Game) -> None:
    knock(guarded, "Eve")
    with pytest.raises(NicknameTaken) as taken:
        joining.join(guarded.pin, "eve")
    assert taken.value.suggestion == "eve 2"


def test_an_ended_game_lets_nobody_in(guarded: Game) -> None:
    knock(guarded, "Eve")
    guarded.finish()
    with pytest.raises(GameError, match="not-now"):
        people.admit(guarded, None)


def test_the_host_hears_of_the_door(
    guarded: Game, memory_backend: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    from quiz.play import doors

    eve, _ = knock(guarded, "Eve")
    with django_capture_on_commit_callbacks(execute=True):
        doors.tell(1, 1)
        doors.tell(1, 2)  # nothing is new
        people.admit(guarded, [eve.pk])
    told = [message.data for message in memory_backend if message.type == "door.changed"]
    assert [door["knocks"] for door in told] == [1, 0]


def test_a_host_is_told_of_many_knocks_a_few_times_a_second(guarded: Game) -> None:
    knock(guarded, "Eve")
    Door.objects.update(told_at=1_000)
    assert not Door.objects.untold(999).exists()
    assert Door.objects.untold(1_000).exists()


def test_a_new_name_is_told_to_all_and_to_the_player(
    game: Game, ada: Any, memory_backend: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        people.rename(game, ada.pk, "Countess")
    told = {message.type: message.data for message in memory_backend}
    assert told["player.named"] == {"nickname": "Countess"}
    assert told["roster.changed"]["added"][0]["nickname"] == "Countess"
    assert "player.renamed" in told
    assert game.players.get().skeleton


def test_a_name_left_empty_is_a_friendly_one(game: Game, ada: Any) -> None:
    from quiz.play.names import is_friendly

    people.rename(game, ada.pk, "")
    ada.refresh_from_db()
    assert is_friendly(ada.nickname)


def test_a_host_spells_the_same_name_otherwise(game: Game, ada: Any) -> None:
    people.rename(game, ada.pk, "ADA")
    ada.refresh_from_db()
    assert (ada.nickname, ada.nickname_key) == ("ADA", "ada")


@pytest.mark.parametrize(
    ("name", "error"), [("BOB", NicknameTaken), ("Admin", NicknameError), ("\u200b", NicknameError)]
)
def test_a_host_gives_no_name_that_nobody_may_have(
    game: Game, ada: Any, bob: Any, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        people.rename(game, ada.pk, name)
    ada.refresh_from_db()
    assert (ada.nickname, game.version) == ("Ada", 1)


def test_a_sweep_is_one_event_and_restoring_it_brings_the_points_back(open_game: Game, ada: Any, bob: Any) -> None:
    version = open_game.version
    people.sweep(open_game, [ada.pk, bob.pk])
    assert (open_game.version, open_game.players.in_game().count()) == (version + 1, 0)
    people.restore(open_game)
    assert open_game.players.in_game().count() == 2
