"""When a game stood still, read from its events: for answers that are taken in long after they came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from quiz import live
from quiz.play import destinations, messages
from quiz.play.states import GameError, Phase

if TYPE_CHECKING:
    from quiz.play.models import Game

Pause = tuple[int, int]
"""When it began and when it was over, in milliseconds."""


def of_game(game: Game) -> list[Pause]:
    """The game's pauses that are over, in order."""
    paused = messages.ENTERED[Phase.PAUSED]
    events = live.events_of(destinations.status(game.pk), (paused, messages.RESUMED))
    began = [event.payload["phase_started_at"] for event in events if event.type == paused]
    over = [event.payload["phase_started_at"] for event in events if event.type == messages.RESUMED]
    return list(zip(began, over, strict=False))  # The last may not be over. Each is left before the next begins.


def after(pauses: Iterable[Pause], at: int) -> int:
    """How long, in ms, these pauses that followed ``at`` took; GameError ``question-not-open`` in one of them."""
    took = 0
    for began, over in pauses:
        if began < at < over:
            raise GameError("question-not-open")
        if at <= began:
            took += over - began
    return took
