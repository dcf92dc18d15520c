"""Nobody opens games without end, and nobody fills another's room with them."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from quiz.play import cohosts, owning
from quiz.play.models import Game
from quiz.play.states import GameError


def test_games_that_have_ended_take_no_room(game: Game) -> None:
    with pytest.raises(GameError, match="too-many-games"):
        owning.ask_for_room(game.owner_id, 1)
    game.finish()
    owning.ask_for_room(game.owner_id, 1)


def test_games_of_others_take_no_room(game: Game, stranger: Any) -> None:
    owning.ask_for_room(User.objects.get(username="stranger").pk, 1)


def test_who_is_given_games_keeps_room_for_own_ones(game: Game, stranger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owning, "MAX_GIVEN", 0)
    with pytest.raises(GameError, match="too-many-games"):
        cohosts.hand_over(game, "stranger")
    game.refresh_from_db()
    assert game.owner.username == "author"
    cohosts.hand_over(game, "author")
    assert owning.MAX_GIVEN < owning.MAX_OPENED
