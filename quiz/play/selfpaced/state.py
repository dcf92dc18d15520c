"""Where a player of a self-paced game is, read from the rows, and what may be known there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quiz.play.options import Solutions
from quiz.play.selfpaced import rules
from quiz.play.selfpaced.rules import Step

if TYPE_CHECKING:
    from quiz.play.models import Answer, Game, GameQuestion, Opening, Player


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """``last`` is the question opened last and ``answer`` what the player gave to it; none when the game is closed."""

    step: Step
    opened: int
    done: int
    known: bool
    last: Opening | None
    answer: Answer | None

    @property
    def revealed(self) -> Opening | None:
        """The question of which the player may see what was right: done with, and no secret."""
        return self.last if self.known and self.step is not Step.ANSWER else None


def of_player(player: Player, game: Game, now: int) -> Whereabouts:
    """Where the player is at that time."""
    openings = list(player.openings.select_related("question"))
    answers = {answer.question_id: answer for answer in player.answers.all()}
    opened = [each.opened(answered=each.question_id in answers) for each in openings]
    step = rules.step(opened, game.total, game.closes_at, now)
    last = openings[-1] if openings and step is not Step.CLOSED else None
    return Whereabouts(
        step=step,
        opened=len(opened),
        done=sum(step is Step.CLOSED or each.is_over(now) for each in opened),
        known=is_known(game),
        last=last,
        answer=answers.get(last.question_id) if last else None,
    )


def is_known(game: Game) -> bool:
    """Whether players may know what was right of what they have done: at once, or when the game has closed."""
    return game.chosen.solutions is Solutions.EACH or game.closes_at is None


def shown_questions(player: Player, now: int) -> list[GameQuestion]:
    """Those of which the player may see what was right, in that player's order; when the game has closed, all."""
    game = player.game
    at = of_player(player, game, now)
    if not at.known:
        return []
    opened = [opening.question for opening in player.openings.select_related("question")]
    if at.step is not Step.CLOSED:
        return opened[: at.done]
    return [*opened, *game.questions.exclude(pk__in=[question.pk for question in opened])]
