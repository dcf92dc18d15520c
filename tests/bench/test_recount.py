"""A game played with the product's own verbs, then counted by other means."""

import sqlite3
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from bench.recount import Count, recount
from quiz.play import answering

OPENED = 1_800_000_006_000


@pytest.fixture
def played(game: Any, join: Callable[[str], Any]) -> Any:
    """Ada was right after 4.7 s, Bob wrong, Carl right after 20 s, Dora silent; the question is revealed."""
    players = {name: join(name) for name in ("Ada", "Bob", "Carl", "Dora")}
    game.start(now=OPENED - 6_000)
    game.close_if_due(OPENED - 3_000)
    game.close_if_due(OPENED)
    question = game.question()
    wrong = next(id for id in question.choice_ids if id not in question.right)
    for name, choice, after_ms in (
        ("Ada", question.right[0], 4_700),
        ("Bob", wrong, 100),
        ("Carl", question.right[0], 20_000),
    ):
        data = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": choice}
        answering.take(players[name], data, received_at=OPENED + after_ms)
    game.next(now=OPENED + 20_000)
    return game


def count(game: Any) -> Count:
    assert isinstance(connection.connection, sqlite3.Connection)
    return recount(connection.connection, game.pk)


def test_the_rows_give_points_and_places(played: Any) -> None:
    assert sorted(count(played).standings.values()) == [(0, 3), (0, 3), (500, 2), (892, 1)]


def test_the_count_agrees_with_the_product(played: Any) -> None:
    product = {player.pk: (player.points, player.place) for player in played.players.ranked()}
    assert count(played).standings == product


def test_every_answer_is_found_once(played: Any) -> None:
    ids = {str(answer.answer_id) for question in played.questions.all() for answer in question.answers.all()}
    assert (count(played).answer_ids, count(played).doubled) == (ids, 0)
    assert len(ids) == 3


def test_a_voided_question_counts_for_nobody(played: Any) -> None:
    played.void()
    assert set(count(played).standings.values()) == {(0, 1)}


def test_a_removed_player_is_not_counted(played: Any) -> None:
    ada = played.players.get(nickname="Ada")
    played.kick(ada.pk)
    assert sorted(count(played).standings.values()) == [(0, 2), (0, 2), (500, 1)]
