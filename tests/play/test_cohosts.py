"""Several hosts of one game."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quiz.authoring.models import Quiz
from quiz.live.models import Cut
from quiz.play import cohosts
from quiz.play.models import Game
from quiz.play.rights import rights_of
from quiz.play.states import GameError, Stale
from quiz.play.templatetags import running_games


def call(client: Client, game: Game, name: str, data: Any = None) -> Any:
    return client.post(f"/games/{game.pk}/{name}/", json.dumps(data or {}), content_type="application/json")


@pytest.fixture
def other(stranger: Client) -> User:
    """The user who is logged in in the stranger's browser."""
    return User.objects.get(username="stranger")


def test_a_cohost_may_do_what_the_owner_may(game: Game, ada: Any, host: Client, stranger: Client, other: User) -> None:
    assert call(stranger, game, "start").status_code == 403
    answer = call(host, game, "cohost", {"name": "stranger"})
    assert (answer.status_code, answer.json()) == (200, {"hosts": ["author", "stranger"]})
    assert call(stranger, game, "start").status_code == 200
    assert stranger.get(f"/games/{game.pk}/").status_code == 200
    assert stranger.get(f"/games/{game.pk}/state/").json()["me"]["hosts"] == ["author", "stranger"]
    assert call(stranger, game, "ticket").status_code == 200
    assert f"/games/{game.pk}/host" in rights_of(other).read


def test_who_hosts_a_running_game_finds_it_above_the_own_quizzes(
    game: Game, host: Client, stranger: Client, other: User, quiz: Quiz
) -> None:
    way_back = f'href="/games/{game.pk}/"'
    assert way_back in host.get("/quizzes/").content.decode()
    assert way_back not in stranger.get("/quizzes/").content.decode()
    cohosts.add(game, "stranger")
    assert way_back in stranger.get("/quizzes/").content.decode()
    game.finish()
    assert way_back not in host.get("/quizzes/").content.decode()


def test_a_page_leads_back_to_the_newest_games_by_one_query(
    game: Game, host: Client, quiz: Quiz, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(running_games, "SHOWN", 2)
    newest = [Game.open_lobby(quiz) for _ in range(2)]
    with django_assert_num_queries(1):
        shown = running_games.running_games(game.owner)
    assert shown == newest[::-1]


def test_a_cohost_who_was_taken_out_hosts_no_more(game: Game, host: Client, stranger: Client, other: User) -> None:
    cohosts.add(game, "stranger")
    assert call(host, game, "cohost", {"name": "stranger", "hosts": False}).json() == {"hosts": ["author"]}
    assert call(stranger, game, "lock").status_code == 403
    assert stranger.get(f"/games/{game.pk}/").status_code == 404
    assert not rights_of(other).read
    assert [cut.subject for cut in Cut.objects.all()] == [f"user:{other.pk}"]  # pages that are open hear no more


def test_only_the_owner_hands_the_game_over_and_stays_a_cohost(
    game: Game, host: Client, stranger: Client, other: User
) -> None:
    cohosts.add(game, "stranger")
    assert call(stranger, game, "handover", {"name": "stranger"}).status_code == 403
    assert call(host, game, "handover", {"name": "stranger"}).json() == {"hosts": ["stranger", "author"]}
    game.refresh_from_db()
    assert game.owner == other
    assert call(host, game, "lock").status_code == 200


def test_of_two_hand_overs_at_once_the_second_is_refused(game: Game, other: User) -> None:
    third = User.objects.create_user("third")
    seen_by_both = Game.objects.get(pk=game.pk)
    cohosts.hand_over(game, "stranger")
    with pytest.raises(Stale):
        cohosts.hand_over(seen_by_both, "third")
    game.refresh_from_db()
    assert game.owner == other
    assert not game.cohosts.contains(third)


def test_the_owner_can_neither_be_added_nor_taken_out(game: Game) -> None:
    cohosts.add(game, "author")
    cohosts.remove(game, "author")
    cohosts.hand_over(game, "author")
    game.refresh_from_db()
    assert (game.owner.username, game.cohosts.count()) == ("author", 0)


@pytest.mark.parametrize("name", ["nobody", "", None, 7, "x" * 151, "a\x00", ["stranger"]])
def test_a_name_that_nobody_has_is_refused(game: Game, host: Client, name: Any) -> None:
    for step in ("cohost", "handover"):
        answer = call(host, game, step, {"name": name})
        assert (answer.status_code, answer.json()["error"]) == (404, "no-such-user")


def test_a_game_has_so_many_hosts_and_no_more(game: Game, other: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cohosts, "MAX_COHOSTS", 0)
    with pytest.raises(GameError, match="too-many-hosts"):
        cohosts.add(game, "stranger")


@pytest.mark.parametrize("step", ["here", "cohost", "handover"])
def test_strangers_and_players_are_no_hosts(step: str, game: Game, player: Client, stranger: Client) -> None:
    for who in (player, stranger):
        assert call(who, game, step, {"name": "stranger"}).status_code == 403
    game.refresh_from_db()
    assert (game.host_due_at, game.cohosts.count()) == (None, 0)


def test_the_remote_control_and_its_code_are_for_hosts(
    game: Game, host: Client, stranger: Client, client: Client
) -> None:
    for path in (f"/games/{game.pk}/remote/", f"/games/{game.pk}/remote/qr.svg"):
        assert host.get(path).status_code == 200
        assert stranger.get(path).status_code == 404
        assert client.get(path).status_code == 302
