from typing import Any

import jwt

from quiz.live import tickets
from quiz.play.models import Game
from quiz.play.rights import MAX_GAMES, rights_of


def test_a_user_reads_what_the_own_running_games_tell_their_host(game: Game, author: Any) -> None:
    read = set(tickets.read(tickets.make_for_user(author, 60)).read)
    assert {f"/games/{game.pk}/{name}" for name in ("status", "players", "host")} <= read


def test_nobody_reads_anothers_game_nor_an_ended_one(game: Game, author: Any, django_user_model: Any) -> None:
    other = django_user_model.objects.create_user("other")
    assert list(rights_of(other).read) == []
    game.finish()
    assert list(rights_of(author).read) == []


def test_the_newest_games_fit_into_a_ticket(quiz: Any, author: Any) -> None:
    games = [Game.open_lobby(quiz) for _ in range(MAX_GAMES + 1)]
    token = tickets.make_for_user(author, 60)
    read = jwt.decode(token, options={"verify_signature": False})["read"]
    assert f"/games/{games[-1].pk}/status" in read
    assert f"/games/{games[0].pk}/status" not in read
