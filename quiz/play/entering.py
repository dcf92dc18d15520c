"""What entering a phase does beside the change of phase: its deadline, the question's times, the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quiz.play import timing
from quiz.play.judging import judge
from quiz.play.states import Move, Phase
from quiz.play.voting import FIRST, SECOND

if TYPE_CHECKING:
    from quiz.play.models.game import Game


def enter(game: Game, move: Move, now: int) -> None:
    """Do what belongs to the phase that the game has come to by that move. Stores the question, not the game."""
    if act := _discuss if move is Move.DISCUSS else ENTRY.get(Phase(game.phase)):
        act(game, now)


def reveal(game: Game, now: int) -> None:
    """Judge the question that the game is at."""
    question = game.questions.get(position=game.position)
    game.revealed += 1
    question.revealed_at = now
    question.save(update_fields=["revealed_at"])
    judge(game, question)
    _go_on_by_itself(game, now)


def _count_down(game: Game, now: int) -> None:
    game.phase_ends_at = now + game.chosen.countdown_s * 1000


def _read(game: Game, now: int) -> None:
    game.position += 1
    question = game.questions.get(position=game.position)
    game.phase_ends_at = now + timing.reading_ms(question.text, game.chosen)


def _discuss(game: Game, now: int) -> None:
    if seconds := game.chosen.discuss_s:
        game.phase_ends_at = now + seconds * 1000


def _open(game: Game, now: int) -> None:
    if game.is_self_paced:
        return
    question = game.questions.get(position=game.position)
    question.round = FIRST if question.opened_at is None else SECOND
    question.opened_at = now
    question.save(update_fields=["opened_at", "round"])
    game.phase_ends_at = now + question.time_limit_ms


def _go_on_by_itself(game: Game, now: int) -> None:
    if seconds := game.chosen.advance_s:
        game.phase_ends_at = now + seconds * 1000


def _crown(game: Game, now: int) -> None:
    """Who played alone was judged answer by answer; now all may know of all."""
    if game.is_self_paced:
        game.revealed = game.total
        game.questions.update(revealed_at=now)


def _end(game: Game, now: int) -> None:
    game.ended_at = now


ENTRY = {
    Phase.COUNTDOWN: _count_down,
    Phase.READING: _read,
    Phase.OPEN: _open,
    Phase.REVEAL: reveal,
    Phase.STANDINGS: _go_on_by_itself,
    Phase.PODIUM: _crown,
    Phase.ENDED: _end,
}
"""What entering a phase does beside the change of phase."""
