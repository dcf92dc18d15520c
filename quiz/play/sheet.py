"""The score sheet: how each of a player's points came about, computed again from the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from quiz.live.clock import now_ms
from quiz.play import judging, rulebook, tally
from quiz.play.selfpaced.state import shown_questions

if TYPE_CHECKING:
    from quiz.play.models import Answer, Game, GameQuestion, Player
    from quiz.play.options import Options
    from quiz.play.scoring import Task
    from quiz.play.tally import Score

Data = dict[str, Any]


def sheet(player: Player) -> Data:
    """The player's questions that were revealed, in order, with points, place and the rules."""
    game = player.game
    bonus = judging.speed_bonus(game)
    questions = shown_questions(player, now_ms()) if game.is_self_paced else list(game.revealed_questions())
    last = player.answers.filter(question__in=questions, round=F("question__round")).select_related("question")
    answers = {answer.question_id: answer for answer in last}
    own = [answers.get(question.pk) for question in questions]
    tasks = [question.task(bonus) for question in questions]
    scores = tally.fold(tasks, [answer.given if answer else None for answer in own], game.chosen)
    return {
        "game": game.pk,
        "title": game.title,
        "player": player.pk,
        "nickname": player.nickname,
        "points": scores[-1].total if scores else 0,
        "place": player.place_now() if questions else None,
        "players": game.players.in_game().count(),
        "team": _team(player),
        "out_at": player.out_at,
        "rules": rules_for(player),
        "questions": [_line(*row, game.chosen) for row in zip(questions, own, tasks, scores, strict=True)],
    }


def _team(player: Player) -> str | None:
    if player.team is None:
        return None
    return player.game.teams.values_list("name", flat=True).get(number=player.team)


def rules(game: Game) -> list[str]:
    """The rules of the game in words."""
    kinds = set(game.questions.order_by().values_list("kind", flat=True))
    return rulebook.rules(game.chosen, judging.speed_bonus(game), kinds)


def rules_for(player: Player) -> list[str]:
    """The rules of the player's game in words, and what the player's own time counts."""
    return [*rules(player.game), *rulebook.own_time(player.allowance, player.game.chosen)]


def _line(question: GameQuestion, answer: Answer | None, task: Task, score: Score, options: Options) -> Data:
    given = answer.given if answer else None
    return {
        "question": question.pk,
        "number": question.position,
        "text": question.text,
        "rich": question.rich,
        "right": question.solved(question.right),
        "choice": question.logic.spelled(answer.choice, question.asked) if answer else None,
        "elapsed_ms": answer.elapsed_ms if answer else None,
        "line_ms": answer.line_ms if answer else None,
        "credit_ms": score.credit_ms if answer else None,
        "counted_ms": given.elapsed_ms - score.credit_ms if given else None,
        "limit_ms": question.time_limit_ms,
        "possible": question.points,
        "is_right": score.right,
        "credit": str(score.credit),
        "formula": rulebook.formula(task, given, score, options) if given else "",
        "earned": score.earned,
        "streak": score.streak,
        "streak_bonus": score.streak_bonus,
        "penalty": score.penalty,
        "points": score.change,
        "total": score.total,
        "voided": question.voided,
        "regraded": question.regraded_at is not None,
        "words": rulebook.account(task, given, score),
    }
