"""An answer's way into its row: exactly once, in time, for the question that is open."""

import uuid
from typing import Any

from django.db import IntegrityError, connection, transaction

from quiz.play.models import Answer, Game, GameQuestion, Player
from quiz.play.states import GameError, Phase


class AlreadyAnswered(GameError):
    """Another answer of this player to this question is stored; ``answer`` is that first one."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("already-answered")
        self.answer = answer


class BadAnswer(ValueError):
    """Not an answer at all; ``code`` is stable: ``bad-answer-id``, ``bad-question`` or ``bad-choice``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def take(player: Player, data: dict[str, Any], received_at: int) -> Answer:
    """Store the answer in ``data`` (``answer_id``, ``question``, ``choice``), or find it stored already.

    ``received_at`` is when it reached this server (milliseconds). The same answer again returns the first row, and
    so does the same choice under another id (two devices). Raises :class:`BadAnswer`, :class:`AlreadyAnswered`, and
    :class:`GameError` ``question-not-open`` or ``removed``.
    """
    answer_id, question_id = _answer_id(data.get("answer_id")), _question_id(data.get("question"))
    try:
        with transaction.atomic():
            game = held(player.game_id)
            if first := _stored(player, question_id, answer_id, data.get("choice")):
                return first
            question, opened_at = _open_question(game, question_id, received_at)
            player.refresh_from_db()
            if player.kicked_at is not None:
                raise GameError("removed")
            return Answer.objects.create(
                question=question,
                player=player,
                answer_id=answer_id,
                choice=_choice(data.get("choice"), question),
                received_at=received_at,
                elapsed_ms=max(received_at - opened_at, 0),
            )
    except IntegrityError:
        return _lost_race(player, question_id, answer_id, data.get("choice"))


def held(game_id: int) -> Game:
    """The game's row, held against change until the transaction ends; other answers may hold it too.

    Without it an answer could pass the check while the question is open and be committed after the points were
    computed. SQLite's IMMEDIATE transactions come one after another anyway.
    """
    if connection.vendor == "postgresql":
        return Game.objects.raw("SELECT * FROM play_game WHERE id = %s FOR SHARE", [game_id])[0]
    return Game.objects.get(pk=game_id)


def _stored(player: Player, question_id: int, answer_id: uuid.UUID, choice: Any) -> Answer | None:  # noqa: ANN401
    first = Answer.objects.filter(player=player, question=question_id).first()
    if first is None or first.answer_id == answer_id:
        return first
    chosen = _as_list(choice)
    if len(chosen) == len(first.choice) and all(id in chosen for id in first.choice):
        return first
    raise AlreadyAnswered(first)


def _lost_race(player: Player, question_id: int, answer_id: uuid.UUID, choice: Any) -> Answer:  # noqa: ANN401
    first = _stored(player, question_id, answer_id, choice)
    if first is None:
        raise BadAnswer("bad-answer-id")  # the id belongs to another answer
    return first


def _open_question(game: Game, question_id: int, received_at: int) -> tuple[GameQuestion, int]:
    question = game.questions.filter(pk=question_id).first()
    if question is None and GameQuestion.objects.filter(pk=question_id).exists():
        raise GameError("question-not-open")  # recorded in another game, perhaps, and played again in this one
    if question is None:
        raise BadAnswer("bad-question")
    is_open = game.phase == Phase.OPEN and question.position == game.position
    if not is_open or question.opened_at is None or game.phase_ends_at is None or received_at > game.phase_ends_at:
        raise GameError("question-not-open")
    return question, question.opened_at


def _answer_id(value: Any) -> uuid.UUID:  # noqa: ANN401
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise BadAnswer("bad-answer-id") from None


def _question_id(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise BadAnswer("bad-question")
    return value


def _choice(value: Any, question: GameQuestion) -> list[str]:  # noqa: ANN401
    """The chosen ids in the question's order; one for a single question, at least one for several."""
    chosen = _as_list(value)
    known = question.choice_ids
    if not chosen or len(chosen) > len(known) or any(id not in known for id in chosen):
        raise BadAnswer("bad-choice")
    if len(set(chosen)) != len(chosen) or (len(chosen) > 1 and not question.several):
        raise BadAnswer("bad-choice")
    return [id for id in known if id in chosen]


def _as_list(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else [value]
