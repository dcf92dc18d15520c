"""An answer's way into its row: exactly once, in time, for the question that is open."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, transaction

from quiz.kinds import BadChoice
from quiz.live.slips import round_trip_ms
from quiz.play import allowance, pauses
from quiz.play.credit import grace_ms
from quiz.play.ids import is_id
from quiz.play.judging import judge_alone
from quiz.play.models import Answer, Game, GameQuestion, Opening, Player
from quiz.play.selfpaced.rules import MAX_ELAPSED_MS, deadline
from quiz.play.states import GameError, Phase
from quiz.play.voting import FIRST, SECOND

EARLY_MS = 1_000
"""Between the clocks of two machines of ours at most: what came longer before the opening was no answer to it."""

NOT_A_PLAYER = "not-a-player"
"""The code for a sender who is nobody in that game."""


class AlreadyAnswered(GameError):
    """Another answer of this player to this question is stored; ``answer`` is that first one."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("already-answered")
        self.answer = answer


class BadAnswer(ValueError):
    """Not an answer at all.

    ``code`` is stable: ``bad-answer-id``, ``bad-question``, ``bad-round`` or ``bad-choice``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it came: from which player, its JSON object, and when it reached this server (milliseconds)."""

    player: int
    data: Mapping[str, Any]
    received_at: int


Refused = GameError | BadAnswer
"""What an answer gets that is not stored."""


def take(player: Player, data: Mapping[str, Any], received_at: int) -> Answer:
    """Store the answer in ``data`` (``answer_id``, ``question``, ``choice``, perhaps ``round``), or find it stored.

    ``received_at`` is when it reached this server (milliseconds). The same answer again returns the first row, and
    so does the same choice under another id (two devices). Raises :class:`BadAnswer`, :class:`AlreadyAnswered`, and
    :class:`GameError` ``question-not-open``, ``removed``, ``you-are-out`` or ``not-a-player``.
    """
    (outcome,) = take_all(player.game_id, [Sent(player.pk, data, received_at)])
    if isinstance(outcome, Answer):
        return outcome
    raise outcome


def take_all(game_id: int, sent: Sequence[Sent]) -> list[Answer | Refused]:
    """Take answers to one game in one transaction: each one's row, or what :func:`take` would raise, in order."""
    with transaction.atomic():
        book = _Book(held(game_id), sent)
        outcomes = [_outcome(one, book) for one in sent]
        new = [outcome for outcome in outcomes if isinstance(outcome, Answer) and outcome._state.adding]
        if not new:
            return outcomes
        # Whoever else stores one of them at this moment is waited for, and was first.
        Answer.objects.bulk_create(_once(new), ignore_conflicts=True)
        first = _first_answers(book.questions, {answer.player_id for answer in new})
        if book.game.is_self_paced:
            judge_alone(book.game, [book.players[id] for id in {answer.player_id for answer in new}])
    return [_settled(outcome, first) for outcome in outcomes]


class _Book:
    """All rows that the answers of one batch are judged by, read at once."""

    def __init__(self, game: Game, sent: Sequence[Sent]) -> None:
        named = {id for one in sent if is_id(id := one.data.get("question"))}
        players = {one.player for one in sent}
        self.game = game
        self.questions = {question.pk: question for question in game.questions.filter(pk__in=named)}
        self.players = {player.pk: player for player in game.players.filter(pk__in=players)}
        self.first = _first_answers(self.questions, players)
        self.openings = _openings(self.questions, players) if game.is_self_paced else {}

    @cached_property
    def pauses(self) -> list[pauses.Pause]:
        """The game's pauses: few answers need to know."""
        return pauses.of_game(self.game)


def _openings(questions: Collection[int], players: Collection[int]) -> dict[tuple[int, int], Opening]:
    found = Opening.objects.filter(question__in=questions, player__in=players)
    return {(opening.player_id, opening.question_id): opening for opening in found}


Place = tuple[int, int, int]
"""Player, question and round: where there is room for one answer."""


def _first_answers(questions: Collection[int], players: Collection[int]) -> dict[Place, Answer]:
    found = Answer.objects.filter(question__in=questions, player__in=players).order_by()
    return {_place(answer): answer for answer in found}


def _place(answer: Answer) -> Place:
    return answer.player_id, answer.question_id, answer.round


def _once(answers: Iterable[Answer]) -> list[Answer]:
    """Without those that stand there twice because they came twice."""
    return list({id(answer): answer for answer in answers}.values())


def _outcome(sent: Sent, book: _Book) -> Answer | Refused:
    try:
        return _judged(sent, book)
    except (GameError, BadAnswer) as refused:
        return refused


def _judged(sent: Sent, book: _Book) -> Answer:
    """The row that is there already, or a new one that is not stored yet."""
    data, player = sent.data, book.players.get(sent.player)
    if player is None or player.left_at is not None:
        raise GameError(NOT_A_PLAYER)
    answer_id, question_id = _answer_id(data.get("answer_id")), _question_id(data.get("question"))
    round = _round(data.get("round"), answer_id, player, book.questions.get(question_id), book)
    if first := book.first.get((player.pk, question_id, round)):
        return _same(first, answer_id, data.get("choice"))
    line_ms = round_trip_ms(data.get("line"), sent.received_at)
    question, opened_at = _open_question(book, question_id, sent.received_at - grace_ms(line_ms), player)
    elapsed_ms = _elapsed_ms(book, opened_at, sent.received_at)
    if player.kicked_at is not None:
        raise GameError("removed")
    if player.out_at is not None:
        raise GameError("you-are-out")
    if round != question.round:
        raise GameError("question-not-open")
    answer = Answer(
        question=question,
        player=player,
        round=round,
        answer_id=answer_id,
        choice=_choice(data.get("choice"), question),
        received_at=sent.received_at,
        elapsed_ms=elapsed_ms,
        line_ms=line_ms,
        allowance=player.allowance,
    )
    book.first[_place(answer)] = answer
    return answer


def _round(value: Any, answer_id: uuid.UUID, player: Player, question: GameQuestion | None, book: _Book) -> int:  # noqa: ANN401
    """The vote that an answer belongs to: the one it names, the one in which it is stored already, or the newest."""
    if value is not None and not (type(value) is int and value in (FIRST, SECOND)):
        raise BadAnswer("bad-round")
    if value is not None or question is None:
        return value or FIRST
    first = book.first.get((player.pk, question.pk, FIRST))
    return FIRST if first and first.answer_id == answer_id else question.round


def _same(first: Answer, answer_id: uuid.UUID, choice: Any) -> Answer:  # noqa: ANN401
    """The first answer, if this is the same one; :class:`AlreadyAnswered`."""
    if first.answer_id == answer_id:
        return first
    try:
        is_same = _choice(choice, first.question) == first.choice
    except BadAnswer:
        is_same = False
    if not is_same:
        raise AlreadyAnswered(first)
    return first


def _settled(outcome: Answer | Refused, first: Mapping[Place, Answer]) -> Answer | Refused:
    """What became of it, now that all are stored."""
    if isinstance(outcome, AlreadyAnswered) and outcome.answer.pk is None:
        stored = first.get(_place(outcome.answer))
        return AlreadyAnswered(stored) if stored else BadAnswer("bad-answer-id")
    if not isinstance(outcome, Answer) or outcome.pk is not None:
        return outcome
    stored = first.get(_place(outcome))
    if stored is None:
        return BadAnswer("bad-answer-id")  # The id belongs to another answer.
    try:
        return _same(stored, outcome.answer_id, outcome.choice)
    except AlreadyAnswered as refused:
        return refused


def held(game_id: int) -> Game:
    """The game's row, held against change until the transaction ends; other answers may hold it too.

    Without it an answer could pass the check while the question is open and be committed after the points were
    computed. SQLite's IMMEDIATE transactions come one after another anyway.
    """
    if connection.vendor == "postgresql":
        return Game.objects.raw("SELECT * FROM play_game WHERE id = %s FOR SHARE", [game_id])[0]
    return Game.objects.get(pk=game_id)


def _open_question(book: _Book, question_id: int, received_at: int, player: Player) -> tuple[GameQuestion, int]:
    game, question = book.game, book.questions.get(question_id)
    if question is None and GameQuestion.objects.filter(pk=question_id).exists():
        raise GameError("question-not-open")  # recorded in another game, perhaps, and played again in this one
    if question is None:
        raise BadAnswer("bad-question")
    if game.is_self_paced:
        return question, _opened_alone(book, question, received_at, player)
    is_open = game.phase == Phase.OPEN and question.position == game.position
    if not is_open or question.opened_at is None or game.phase_ends_at is None:
        raise GameError("question-not-open")
    ends_at = allowance.ends_at(game.phase_ends_at, question.time_limit_ms, player.allowance)
    if ends_at is not None and received_at > ends_at:
        raise GameError("question-not-open")
    return question, question.opened_at


def _elapsed_ms(book: _Book, opened_at: int, received_at: int) -> int:
    """How long an answer took; ``opened_at`` was moved by each pause, also by those that the answer came before."""
    elapsed_ms = received_at - opened_at
    if received_at < book.game.phase_started_at and not book.game.is_self_paced:
        elapsed_ms += pauses.after(book.pauses, received_at)
    if elapsed_ms < -EARLY_MS:
        raise GameError("question-not-open")
    return min(max(elapsed_ms, 0), MAX_ELAPSED_MS)


def _opened_alone(book: _Book, question: GameQuestion, received_at: int, player: Player) -> int:
    """When that player of a self-paced game opened the question, if it is open for this player still."""
    opening, closes_at = book.openings.get((player.pk, question.pk)), book.game.closes_at
    if opening is None or closes_at is None or received_at > deadline(opening.ends_at, closes_at):
        raise GameError("question-not-open")
    return opening.opened_at


def _answer_id(value: Any) -> uuid.UUID:  # noqa: ANN401
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise BadAnswer("bad-answer-id") from None


def _question_id(value: Any) -> int:  # noqa: ANN401
    if not is_id(value):
        raise BadAnswer("bad-question")
    return value


def _choice(value: Any, question: GameQuestion) -> Any:  # noqa: ANN401  # JSON of the question's kind
    try:
        return question.logic.read(value, question.asked)
    except BadChoice:
        raise BadAnswer("bad-choice") from None
