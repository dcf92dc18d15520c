"""Opening the next question: the row that is stored then starts the player's clock for it, once."""

from django.db import IntegrityError, transaction

from quiz.play import answering
from quiz.play.models import Game, GameQuestion, Player
from quiz.play.selfpaced import rules
from quiz.play.states import GameError


def open_question(player: Player, number: int, now: int) -> None:
    """Open the player's question ``number``, from 1; nothing happens when it was opened before.

    :class:`GameError` ``not-now`` when its turn has not come or the game is not a self-paced one, ``game-closed``.
    """
    try:
        with transaction.atomic():
            game = answering.held(player.game_id)
            if not game.is_self_paced:
                raise GameError("not-now")
            if rules.is_new(number, opened_by(player), game.total, game.closes_at, now):
                _open(player, _next_of(player, game), now)
    except IntegrityError:
        return  # The player's other device was quicker.


def opened_by(player: Player) -> list[rules.Opened]:
    """What the player has opened, in order."""
    answered = set(player.answers.values_list("question", flat=True))
    return [each.opened(answered=each.question_id in answered) for each in player.openings.all()]


def _next_of(player: Player, game: Game) -> GameQuestion:
    questions = {question.pk: question for question in game.questions.all()}
    opened = set(player.openings.values_list("question", flat=True))
    ordered = rules.order(list(questions), game.pk, player.pk, shuffled=game.chosen.shuffled)
    return questions[next(id for id in ordered if id not in opened)]


def _open(player: Player, question: GameQuestion, now: int) -> None:
    ends_at = rules.ends_at(now, question.time_limit_ms, player.allowance)
    player.openings.create(question=question, opened_at=now, ends_at=ends_at)
