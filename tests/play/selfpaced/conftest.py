"""Self-paced games of the sky quiz, and a clock that stands still."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from quiz.play.models import Game, Player
from quiz.play.options import Mode, Options
from quiz.play.selfpaced.assigning import assign
from tests.play.selfpaced.alone import CLOSES, T0, enter


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server's clock: ``clock.now`` is what every part of a game reads."""

    class Clock:
        now = T0

    for module in (
        "quiz.play.views.selfpaced",
        "quiz.play.views.playing",
        "quiz.play.views.hosting",
        "quiz.play.models.game",
        "quiz.play.snapshot",
        "quiz.play.sheet",
        "quiz.play.joining",
    ):
        monkeypatch.setattr(f"{module}.now_ms", lambda: Clock.now)
    return Clock


@pytest.fixture
def handed_out(quiz: Any, clock: Any) -> Callable[..., Game]:
    """Make such a game with these options."""
    return lambda **options: assign(quiz, Options(mode=Mode.SELF, **options), CLOSES, T0)


@pytest.fixture
def game(handed_out: Callable[..., Game]) -> Game:
    return handed_out()


@pytest.fixture
def ada(game: Game) -> Player:
    return enter(game, "Ada")


@pytest.fixture
def bob(game: Game) -> Player:
    return enter(game, "Bob")


@pytest.fixture
def player(game: Game) -> Client:
    """A browser that joined the game as Ada."""
    client = Client()
    client.post("/join/", {"pin": game.pin, "nickname": "Ada"})
    return client
