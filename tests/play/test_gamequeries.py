"""How games are found: the referee looks ten times a second, and games that are over are kept for years."""

from collections.abc import Callable

import pytest
from django.db import connection, models

from quiz.play import referee
from quiz.play.models import Game

T0 = 1_800_000_000_000

LOOKS: dict[str, Callable[[], models.QuerySet[Game]]] = {
    "running": Game.objects.running,
    "due": lambda: Game.objects.due(T0),
    "complete": lambda: Game.objects.complete(T0),
    "deserted": lambda: Game.objects.deserted(T0),
    "changed": lambda: referee.changed_games(T0),
    "at the door": lambda: Game.objects.running().filter(pin="123456"),
    "on a phone that is loaded again": lambda: Game.objects.filter(pin="123456"),
}


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="others choose by how many rows there are")
@pytest.mark.parametrize("look", LOOKS)
def test_no_look_for_games_goes_through_all_that_are_over(look: str) -> None:
    plan = LOOKS[look]().explain()
    assert "SEARCH play_game USING" in plan
    assert "SCAN play_game\n" not in f"{plan}\n"
