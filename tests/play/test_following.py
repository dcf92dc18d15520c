"""Play again: the same players in the lobby of the next game."""

import json
from typing import Any

import pytest
from django.test import Client

from quiz import live
from quiz.play import destinations, following, naming, snapshot
from quiz.play.models import Game
from quiz.play.options import Mode, Options
from quiz.play.states import GameError


@pytest.fixture
def over(game: Game, ada: Any, bob: Any) -> Game:
    """A game of Ada and Bob at its podium."""
    game.options = Options(countdown_s=7).data()
    game.save(update_fields=["options"])
    game.start()
    game.finish()
    return game


def test_the_next_game_has_the_same_quiz_options_and_hosts(over: Game, stranger: Client) -> None:
    from django.contrib.auth.models import User

    over.cohosts.add(User.objects.get(username="stranger"))
    following_game = over.replay()
    assert (over.phase, following_game.phase) == ("ended", "lobby")
    assert (following_game.quiz, following_game.owner) == (over.quiz, over.owner)
    assert (following_game.chosen.countdown_s, following_game.total) == (7, over.total)
    assert [user.username for user in following_game.cohosts.all()] == ["stranger"]
    assert not following_game.players.exists()


def test_every_player_is_told_where_the_next_game_is(over: Game, ada: Any) -> None:
    state = snapshot.for_player(ada)
    following_game = over.replay()
    [event] = live.events_after(destinations.status(over.pk), state["seq"])
    assert event.type == "game.replayed"
    assert event.payload["next"] == {"game": following_game.pk, "pin": following_game.pin}
    told = {**state, **event.payload, "seq": event.seq}
    now = snapshot.for_player(ada)
    assert {key: told[key] for key in told if key != "server_time"} == {
        key: now[key] for key in now if key != "server_time"
    }


@pytest.mark.parametrize("steps", [0, 1])
def test_only_from_the_podium(game: Game, ada: Any, steps: int) -> None:
    if steps:
        game.start()
    with pytest.raises(GameError, match="not-now"):
        game.replay()
    assert Game.objects.count() == 1


def test_two_hosts_who_press_play_again_open_one_game(over: Game) -> None:
    seen = over.version
    over.replay(seen)
    with pytest.raises(GameError, match="game-has-moved-on"):
        over.replay(seen)
    assert Game.objects.count() == 2


def test_a_player_follows_once_however_often_asked(over: Game, ada: Any) -> None:
    over.replay()
    ada.refresh_from_db()
    first, _ = following.follow(ada)
    second, token = following.follow(ada)
    assert (first.pk, first.nickname, first.game, first.points) == (second.pk, "Ada", over.successor, 0)
    assert first.pk != ada.pk
    assert token


def test_a_name_that_somebody_else_has_taken_meanwhile_gets_a_number(over: Game, ada: Any) -> None:
    from quiz.play import joining

    joining.join(over.replay().pin, "Ada")
    ada.refresh_from_db()
    assert following.follow(ada)[0].nickname == "Ada 2"


def test_a_name_that_only_looks_like_somebody_elses_by_now_gets_a_number(over: Game, ada: Any) -> None:
    from quiz.play import joining

    joining.join(over.replay().pin, "Ad\u0430")  # a Cyrillic letter: another name, which reads the same
    ada.refresh_from_db()
    assert following.follow(ada)[0].nickname == "Ada 2"


def test_who_follows_late_into_a_game_for_survival_has_lost_what_the_others_could_lose(over: Game, ada: Any) -> None:
    over.options = Options(mode=Mode.SURVIVAL).data()
    over.save(update_fields=["options"])
    next_game = over.replay()
    next_game.players.create(**naming.forms("Bob"), resume_hash="b", joined_at=1)
    next_game.start()
    for _ in range(3):
        next_game.next()
    assert next_game.phase == "reveal"
    ada.refresh_from_db()
    assert following.follow(ada)[0].out_at == 1


def test_who_was_removed_does_not_come_back_by_following_in_an_earlier_seat(over: Game, ada: Any) -> None:
    from quiz.play import joining
    from quiz.play.guessing import Caller

    ada.device_hash = "d"
    ada.save(update_fields=["device_hash"])
    next_game = over.replay()
    double, _ = joining.join(next_game.pin, "Carla", Caller(device="d", unlimited=True))
    next_game.kick(double.pk)
    ada.refresh_from_db()
    with pytest.raises(GameError, match="removed"):
        following.follow(ada)


def test_who_was_removed_does_not_come_back_by_following(over: Game, ada: Any) -> None:
    following_game = over.replay()
    ada.refresh_from_db()
    again, _ = following.follow(ada)
    following_game.kick(again.pk)
    with pytest.raises(GameError, match="removed"):
        following.follow(ada)


def test_a_locked_lobby_lets_no_follower_in(over: Game, ada: Any) -> None:
    over.replay().lock(True)
    ada.refresh_from_db()
    with pytest.raises(GameError, match="game-locked"):
        following.follow(ada)


def test_nothing_to_follow(over: Game, ada: Any) -> None:
    with pytest.raises(GameError, match="no-next-game"):
        following.follow(ada)
    over.replay().finish()
    ada.refresh_from_db()
    with pytest.raises(GameError, match="no-next-game"):
        following.follow(ada)


def test_a_page_follows_by_its_session_and_types_nothing(game: Game, host: Client, player: Client) -> None:
    for step in ("start", "finish", "replay"):
        assert host.post(f"/games/{game.pk}/{step}/", "{}", content_type="application/json").status_code == 200
    following_game = Game.objects.get(predecessor=game)
    answer = player.post(f"/games/{game.pk}/follow/", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"url": f"/play/{following_game.pin}/"})
    assert player.get(answer.json()["url"]).context["page"]["state"]["me"]["nickname"] == "Ada"


def test_a_program_follows_by_its_ticket(over: Game, ada: Any, client: Client) -> None:
    over.replay()
    answer = client.post(
        f"/games/{over.pk}/follow/",
        json.dumps({}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {ada.ticket()}"},
    )
    assert answer.status_code == 201
    assert answer.json()["state"]["phase"] == "lobby"
    assert (
        client.post("/resume/", {"resume": answer.json()["resume"]}, content_type="application/json").json()["player"]
        == answer.json()["player"]
    )


def test_strangers_follow_nobody(over: Game, stranger: Client) -> None:
    over.replay()
    answer = stranger.post(f"/games/{over.pk}/follow/", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (403, "not-a-player")
