from typing import Any

import pytest
from django.db import connection

from quiz.play.models import Game
from quiz.play.prepared import Prepared
from quiz.play.referee import CHANGED, COMPLETE, DESERTED, DUE, changed_games

OPENED = 1_800_000_006_000
DEADLINE = OPENED + 20_000


def test_the_same_rows_as_the_query_set_with_what_is_reckoned(open_game: Game, ada: Any, answer: Any) -> None:
    answer(ada)
    for now in (OPENED, DEADLINE, DEADLINE + 100, DEADLINE + 10**9):
        assert DUE[True](now=now) == list(Game.objects.due(now))
        assert DUE[False](now=now) == list(Game.objects.due(now, all_players=True))
        assert COMPLETE[True](now=now) == list(Game.objects.complete(now))
        assert COMPLETE[False](now=now) == list(Game.objects.complete(now, all_players=True))
        assert DESERTED(now=now) == list(Game.objects.deserted(now))
        assert CHANGED(now=now) == list(changed_games(now))


def test_annotations_and_json_come_along(open_game: Game, ada: Any, answer: Any) -> None:
    answer(ada)
    counted = open_game.counted(OPENED)
    assert (counted.pk, counted.players_now, counted.answered_now) == (open_game.pk, 2, 1)
    assert counted.options == open_game.options


def test_parameters_keep_apart(game: Game, join: Any) -> None:
    players = [join(name) for name in ("Ada", "Bob", "Cleo")]
    between = Prepared(
        lambda low, high: game.players.filter(pk__gt=low - 1, pk__lte=high).order_by("pk"), "low", "high"
    )
    assert between(low=players[1].pk, high=players[2].pk) == players[1:]
    assert between(high=players[0].pk, low=0) == players[:1]


@pytest.mark.django_db
def test_sql_is_written_once(django_assert_num_queries: Any) -> None:
    made = []

    def due(now: int) -> Any:
        made.append(now)
        return Game.objects.due(now)

    prepared = Prepared(due, "now")
    with django_assert_num_queries(2, connection=connection):
        prepared(now=1)
        prepared(now=2)
    assert len(made) == 1
