"""Judge a question: points of its answers, totals of the players, and the results that each of them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from quiz import live
from quiz.play import destinations, messages, scoring
from quiz.play.models.answer import Answer

if TYPE_CHECKING:
    from quiz.play.models.game import Game
    from quiz.play.models.player import Player
    from quiz.play.models.question import GameQuestion

BATCH = 200
"""Rows a statement: SQLite takes no more than a thousand variables in older versions."""


def judge(game: Game, question: GameQuestion) -> None:
    """Compute points and totals anew from the stored answers."""
    answers = list(question.answers.all())
    for answer in answers:
        answer.right = scoring.is_right(answer.choice, question.right)
        counts = answer.right and not question.voided
        answer.points = scoring.points_for(answer.elapsed_ms, question.time_limit_ms, question.points) if counts else 0
    Answer.objects.bulk_update(answers, ["right", "points"], batch_size=BATCH)
    _add_up(game, question)


def _add_up(game: Game, question: GameQuestion) -> None:
    all_answers = Answer.objects.filter(player=OuterRef("pk"), points__isnull=False)
    game.players.update(
        points=_sum_of(all_answers),
        gained=_sum_of(all_answers.filter(question=question)),
    )


def _sum_of(answers: QuerySet[Answer]) -> Coalesce:
    total = answers.order_by().values("player").annotate(total=Sum("points")).values("total")
    return Coalesce(Subquery(total), 0)


def tell_results(game: Game, question: GameQuestion) -> None:
    """Tell each player the own result, after the commit."""
    answer_of = {answer.player_id: answer for answer in question.answers.all()}
    players: list[Player] = list(game.players.ranked())
    gaps = scoring.gaps([player.points for player in players])
    live.send_many(
        (destinations.player(player.pk), messages.RESULT, {"me": result(player, gap, answer_of.get(player.pk))})
        for player, gap in zip(players, gaps, strict=True)
    )


def result(player: Player, gap: int | None, answer: Answer | None) -> messages.Data:
    """A ranked player's ``me`` after a reveal."""
    return messages.me(
        player=player.pk,
        nickname=player.nickname,
        points=player.points,
        gained=player.gained,
        place=player.place,
        gap=gap,
        kicked=False,
        answer=own(answer, revealed=True),
    )


def own(answer: Answer | None, *, revealed: bool) -> messages.Data | None:
    """A player's own answer as the player may see it."""
    if answer is None:
        return None
    right, points = (answer.right, answer.points) if revealed else (None, None)
    return messages.judged(answer.acknowledgement(), right=right, points=points)
