"""Who leaves the lobby and comes back, another PIN, and doors that are asked while the game is held."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from quiz.live.clock import now_ms
from quiz.play import answering, following, joining, people, presence, snapshot
from quiz.play.models import Game
from quiz.play.states import GameError

T0 = 1_800_000_000_000


def post(client: Client, url: str, body: Any = None) -> Any:
    return client.post(url, json.dumps(body or {}), content_type="application/json")


# Leaving


def test_who_leaves_the_lobby_is_counted_no_more_and_comes_back_by_the_token(game: Game) -> None:
    player, token = joining.join(game.pin, "Ada")
    people.leave(player)
    assert (game.counted().players_now, snapshot.for_host(game)["me"]["roster"]) == (0, [])
    back = joining.resume(token)
    presence.arrived(back, T0, presence.PRESENT_MS)
    assert (game.counted().players_now, back.pk) == (1, player.pk)


def test_the_host_hears_who_left_and_who_is_back(
    game: Game, ada: Any, memory_backend: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        people.leave(ada)
        ada.refresh_from_db()
        presence.arrived(ada, T0, presence.PRESENT_MS)
    rosters = [json.loads(m.body)["data"] for m in memory_backend if b"roster.changed" in m.body]
    assert [(len(data["added"]), data["removed"]) for data in rosters] == [(0, [ada.pk]), (1, [])]


def test_nobody_leaves_a_running_game(open_game: Game, ada: Any) -> None:
    with pytest.raises(GameError, match="not-now"):
        people.leave(ada)


def test_who_has_left_does_nothing_in_the_game_that_closes_or_counts_for_others(
    game: Game, host: Client, player: Client, join: Any
) -> None:
    join("Bob")
    post(player, f"/games/{game.pk}/leave/")
    for _ in range(3):
        game.start() if game.phase == "lobby" else game.next()
    question = game.question()
    answer = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.choice_ids[:1]}
    for name, body in (("answer", answer), ("team", {"team": 1}), ("ask", {}), ("follow", {}), ("practice", {})):
        refused = post(player, f"/games/{game.pk}/{name}/", body)
        assert (refused.status_code, refused.json()["error"]) == (403, "not-a-player")
    ghost = game.players.get(nickname="Ada")
    with pytest.raises(GameError, match="not-a-player"):
        answering.take(ghost, answer, now_ms())
    assert game.counted().answered_now == 0
    player.get(f"/play/{game.pin}/")
    assert post(player, f"/games/{game.pk}/answer/", answer).status_code == 200


def test_only_a_player_leaves(game: Game, host: Client, player: Client, stranger: Client) -> None:
    url = f"/games/{game.pk}/leave/"
    assert [post(who, url).status_code for who in (host, stranger, player)] == [403, 403, 200]
    assert game.counted().players_now == 0
    assert player.get(f"/play/{game.pin}/").status_code == 200
    assert game.counted().players_now == 1


# The PIN


def test_the_old_pin_leads_nobody_in_and_players_back_to_their_seats(
    game: Game, host: Client, player: Client, stranger: Client
) -> None:
    old, url = game.pin, f"/games/{game.pk}/renumber/"
    assert [post(who, url).status_code for who in (player, stranger, host)] == [403, 403, 200]
    game.refresh_from_db()
    assert game.pin != old
    with pytest.raises(GameError, match="game-not-found"):
        joining.join(old, "Eve")
    assert stranger.get(f"/play/{old}/").status_code == 302
    assert [player.get(f"/play/{pin}/").status_code for pin in (old, game.pin)] == [200, 200]
    assert joining.join(game.pin, "Bob")


def test_an_old_pin_rests_as_long_as_its_game_runs(game: Game, monkeypatch: Any) -> None:
    old = game.pin
    game.renumber()
    pins = iter([int(old), 123456])
    monkeypatch.setattr("quiz.play.models.gamequeries.secrets.randbelow", lambda _: next(pins))
    assert Game.objects.free_pin(T0) == "123456"


def test_a_game_that_is_over_has_no_new_pin(game: Game, ada: Any) -> None:
    game.start()
    game.finish()
    with pytest.raises(GameError, match="not-now"):
        game.renumber()


# Doors that close while somebody is on the way in


def before_holding(monkeypatch: pytest.MonkeyPatch, happens: Any) -> None:
    """Something that another process does after the PIN was found and before the game is held."""
    hold = Game.hold

    def held(game: Game) -> None:
        monkeypatch.setattr(Game, "hold", hold)
        happens(Game.objects.get(pk=game.pk))
        hold(game)

    monkeypatch.setattr(Game, "hold", held)


@pytest.mark.parametrize(
    ("happens", "error"),
    [
        (lambda game: game.lock(True), "game-locked"),
        (lambda game: game.finish(), "game-not-found"),
        (lambda game: game.renumber(), "game-not-found"),
    ],
)
def test_a_door_that_closes_in_between_is_closed(game: Game, monkeypatch: Any, happens: Any, error: str) -> None:
    before_holding(monkeypatch, happens)
    with pytest.raises(GameError, match=error):
        joining.join(game.pin, "Eve")
    assert not game.players.exists()


def test_the_last_place_is_given_once(game: Game, monkeypatch: Any) -> None:
    monkeypatch.setattr(joining, "MAX_PLAYERS", 1)
    before_holding(monkeypatch, lambda game: joining.join(game.pin, "Bob"))
    with pytest.raises(GameError, match="game-full"):
        joining.join(game.pin, "Eve")


def test_a_game_that_follows_is_full_at_the_same_number(game: Game, ada: Any, bob: Any, monkeypatch: Any) -> None:
    game.start()
    game.finish()
    game.replay()
    monkeypatch.setattr(joining, "MAX_PLAYERS", 1)
    players = list(Game.objects.get(pk=game.pk).players.order_by("pk"))
    following.follow(players[0])
    with pytest.raises(GameError, match="game-full"):
        following.follow(players[1])
    assert following.follow(players[0])[0].nickname == "Ada"


def test_a_pause_says_whether_the_host_is_lost(open_game: Game) -> None:
    Game.objects.filter(pk=open_game.pk).update(host_due_at=T0)
    assert open_game.pause_if_deserted(T0 + 7_000)
    assert snapshot.for_host(open_game)["host_lost"] is True
    open_game.resume(now=T0 + 8_000)
    open_game.pause(now=T0 + 9_000)
    assert snapshot.for_host(open_game)["host_lost"] is False
