"""A game at the points that tests start from; T0 is when its lobby opened."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.play.calls import call

T0 = 1_800_000_000_000
COUNTDOWN_ENDS = T0 + 3_000
OPENED = COUNTDOWN_ENDS + 3_000
DEADLINE = OPENED + 20_000


@pytest.fixture
def ada(join: Callable[[str], Any]) -> Any:
    return join("Ada")


@pytest.fixture
def bob(join: Callable[[str], Any]) -> Any:
    return join("Bob")


@pytest.fixture
def open_game(game: Any, ada: Any, bob: Any) -> Any:
    """Ada and Bob in the lobby, the first question open since OPENED."""
    game.start(now=T0)
    game.close_if_due(COUNTDOWN_ENDS)
    game.close_if_due(OPENED)
    assert game.phase == "open"
    return game


@pytest.fixture
def answer() -> Callable[..., Any]:
    """Let a player answer the question that the game is at: right or wrong, so many ms after the opening."""
    from quiz.play import answering

    def give(player: Any, *, right: bool = True, after_ms: int = 0, **more: Any) -> Any:
        game = player.game
        game.refresh_from_db()
        question = game.question()
        wrong = [id for id in question.choice_ids if id not in question.right]
        data = {
            "answer_id": str(uuid.uuid4()),
            "question": question.pk,
            "choice": question.right if right else wrong[:1],
            **more,
        }
        return answering.take(player, data, received_at=question.opened_at + after_ms)

    return give


@pytest.fixture
def admitted(game: Any) -> dict[str, Any]:
    """What a program gets that joined as Bob."""
    answer = call(Client(), "/join/", {"pin": game.pin, "nickname": "Bob"})
    assert answer.status_code == 201
    return answer.json()
