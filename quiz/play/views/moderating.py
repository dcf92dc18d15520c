"""What a host hides of people's own words, in the shape of :mod:`quiz.play.views.hosting`."""

from typing import Any

from quiz.play import moderation
from quiz.play.ids import is_id
from quiz.play.models import Game
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal
from quiz.play.views.hosting import step


def _hide(game: Game, body: dict[str, Any], seen: int | None) -> None:
    """Whatever the game is at: what is meant is the same."""
    question, entry, hidden = body.get("question"), body.get("key"), body.get("hidden", True)
    if not isinstance(hidden, bool):
        raise Refusal("bad-json", 400)
    if not is_id(question):
        raise GameError("no-such-question")
    if not isinstance(entry, str):
        raise GameError("no-such-entry")
    moderation.hide(game, question, entry, hidden=hidden)


hide = step(_hide)
