"""Handing a quiz out: a game that is open until a closing date."""

from dataclasses import replace

from django.db import transaction

from quiz.authoring.models import Quiz
from quiz.live.clock import now_ms
from quiz.play.models import Game
from quiz.play.options import Options, Preset


def assign(quiz: Quiz, options: Options, closes_at: int, now: int | None = None) -> Game:
    """A new self-paced game of ``quiz``, open from now on; :class:`GameError` ``quiz-empty``.

    Where questions have no time limit speed counts nothing, whatever preset was chosen.
    """
    now = now_ms() if now is None else now
    with transaction.atomic():
        game = Game.open_lobby(quiz, now, options if options.timed else replace(options, scoring=Preset.FLAT))
        if not options.timed:
            game.questions.update(time_limit_ms=0)
        game.assign(closes_at, now)
    return game
