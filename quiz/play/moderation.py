"""Answers in people's own words that the host takes out of the room's sight, or lets be seen again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quiz.play import messages
from quiz.play.states import GameError, Move, Phase, after

if TYPE_CHECKING:
    from quiz.play.models.game import Game


def hide(game: Game, question_id: int, entry: str, *, hidden: bool = True, now: int | None = None) -> None:
    """Let nobody read that entry of a revealed question any more, however it is spelled; or, not ``hidden``, again.

    :class:`GameError` ``not-now``, ``no-such-question``, ``no-such-entry``. What players wrote stays on their phones,
    in the host's results and in the file.
    """
    with game.changing(None, now, messages.MODERATED):
        after(Phase(game.phase), Move.HIDE)
        question = game.revealed_questions().filter(pk=question_id).first()
        if question is None:
            raise GameError("no-such-question")
        try:
            question.hide(entry, hidden)
        except LookupError:
            raise GameError("no-such-entry") from None
