"""Judge questions, once or anew: points of answers, totals of players, and the results that each of them is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from quiz import live
from quiz.play import allowance, destinations, messages, modes, ranking, scoring
from quiz.play.models.answer import Answer
from quiz.play.models.opening import Opening
from quiz.play.models.player import Player
from quiz.play.options import Mode, Options, Preset
from quiz.play.rows import rewrite
from quiz.play.states import GameError, Phase, after
from quiz.play.survival import Fate
from quiz.play.tally import Tally
from quiz.play.voting import FIRST

if TYPE_CHECKING:
    from quiz.play.correction import Correction
    from quiz.play.models.game import Game
    from quiz.play.models.question import GameQuestion
    from quiz.play.scoring import Task


FATE = ("lost", "out_at", "out_before")
"""Fields of a player in a game for survival."""


def judge(game: Game, question: GameQuestion) -> None:
    """Score the question that was just revealed, on top of what the players had before it."""
    players = list(game.players.all())
    question.watchers = [player.pk for player in players if player.out_at is not None]
    question.save(update_fields=["watchers"])
    _score(players, question, speed_bonus(game), game.chosen)
    _store(players)


def judge_again(game: Game) -> None:
    """Score all that was revealed anew, in order: streaks, totals and lives depend on the questions before."""
    players = list(game.players.all())
    if game.is_self_paced:
        judge_alone(game, players)
        return
    for player in players:
        player.become(Tally())
        player.become_fated(Fate())
    bonus, options = speed_bonus(game), game.chosen
    for question in game.revealed_questions():
        _score(players, question, bonus, options)
    _store(players)


def judge_alone(game: Game, players: list[Player]) -> None:
    """Score these players of a self-paced game anew, each over the questions in the order of opening them."""
    bonus, options = speed_bonus(game), game.chosen
    tasks = {question.pk: question.task(bonus) for question in game.questions.all()}
    by_id = {player.pk: player for player in players}
    given = Answer.objects.filter(player__in=by_id).prefetch_related("question")
    answers = {(answer.player_id, answer.question_id): answer for answer in given}
    for player in players:
        player.become(Tally())
    for opening in Opening.objects.filter(player__in=by_id):
        answer = answers.get((opening.player_id, opening.question_id))
        _step(by_id[opening.player_id], tasks[opening.question_id], answer, options)
    rewrite(list(answers.values()), ["right", "points"])
    _store(players)


def correct(
    game: Game, question_id: int | None, correction: Correction, by: str, seen: int | None, now: int | None
) -> None:
    """Change how a revealed question is judged, by default the newest one, and note it in the audit.

    ``by`` is the host's name. :class:`GameError` ``not-now``, ``no-such-question``, or ``already-so`` when it is judged
    like that; :class:`BadCorrection`.
    """
    with game.changing(seen, now, correction.event) as now:
        after(Phase(game.phase), correction.move)
        question = _judged_question(game, question_id)
        before = question.judgement
        if not question.correct(correction, now):
            raise GameError("already-so")
        judge_again(game)
        line = messages.correction(
            by=by, question=question.pk, number=question.position, before=before, after=question.judgement
        )
        live.publish(destinations.audit(game.pk), messages.CORRECTED, line, at=now)


def _judged_question(game: Game, question_id: int | None) -> GameQuestion:
    question = game.question() if question_id is None else game.questions.filter(pk=question_id).first()
    if question is None and question_id is not None:
        raise GameError("no-such-question")
    if question is None or (question.revealed_at is None and not game.is_self_paced):
        raise GameError("not-now")
    return question


def speed_bonus(game: Game) -> int:
    """What the preset ``accuracy`` adds at most to a right answer in this game; 0 with the others."""
    if game.chosen.scoring is not Preset.ACCURACY:
        return 0
    return scoring.speed_bonus(list(game.questions.values_list("points", flat=True)))


def _score(players: Iterable[Player], question: GameQuestion, bonus: int, options: Options) -> None:
    answers = {answer.player_id: answer for answer in question.last_answers}
    task = question.task(bonus)
    for player in players:
        _step(player, task, answers.get(player.pk), options)
        if options.mode is Mode.SURVIVAL:
            _survive(player, question, answers.get(player.pk), options)
    _judge_first_votes(question, task, options)
    rewrite(list(answers.values()), ["right", "points"])


def _step(player: Player, task: Task, answer: Answer | None, options: Options) -> None:
    tally, score = player.tally.after(task, answer.given if answer else None, options)
    player.become(tally)
    if answer:
        answer.right = score.right if task.is_judged else None
        answer.points = score.change


def _survive(player: Player, question: GameQuestion, answer: Answer | None, options: Options) -> None:
    survived = bool(answer and answer.right) if question.costs_lives and player.pk not in question.watchers else None
    player.become_fated(player.fate.after(question.position, survived, options.lives))


def _judge_first_votes(question: GameQuestion, task: Task, options: Options) -> None:
    """Right or wrong, for what the discussion has changed; only the second vote earns anything."""
    if question.round == FIRST:
        return
    votes = list(question.answers.filter(round=FIRST))
    for vote in votes:
        vote.right = Tally().after(task, vote.given, options)[1].right
    rewrite(votes, ["right"])


def _store(players: list[Player]) -> None:
    rewrite(players, ["points", "gained", "streak", "tie", "tie_gained", "quota_ms", *FATE])


def tell_results(game: Game, question: GameQuestion, *, corrected: bool = False) -> None:
    """Send each player their result, after the commit; ``question`` is the one that the game is at."""
    answer_of = {answer.player_id: answer for answer in question.last_answers}
    options, first = game.chosen, modes.first_votes(question)
    players: list[Player] = list(game.players.ranked())
    gaps = ranking.gaps([player.points for player in players])
    revealed = question.revealed_at is not None

    def result(player: Player, gap: int | None) -> messages.Data:
        answer = own(answer_of.get(player.pk), revealed=revealed)
        more = time_of(player, game, question) | modes.of_player(player, options, first.get(player.pk))
        me = standing_of(player, None if options.mode is Mode.SURVIVAL else gap, answer, more)
        return messages.result(me=me, corrected=corrected)

    live.send_many(
        (destinations.player(player.pk), messages.RESULT, result(player, gap))
        for player, gap in zip(players, gaps, strict=True)
    )


def standing_of(player: Player, gap: int | None, answer: messages.Data | None, more: messages.Data) -> messages.Data:
    """A ranked player's ``me``; ``more`` is about time and the way of playing."""
    return messages.me(
        player=player.pk,
        nickname=player.nickname,
        points=player.points,
        gained=player.gained,
        place=player.place,
        gap=gap,
        kicked=False,
        seat=player.seat,
        answer=answer,
        **more,
    )


def time_of(player: Player, game: Game, question: GameQuestion | None) -> messages.Data:
    """The part of ``me`` that is about time."""
    ends_at = None
    if game.phase == Phase.OPEN and question is not None and game.phase_ends_at is not None:
        ends_at = allowance.ends_at(game.phase_ends_at, question.time_limit_ms, player.allowance)
    return {**messages.time(allowance=player.allowance, asks_for_time=player.asks_for_time), "ends_at": ends_at}


def own(answer: Answer | None, *, revealed: bool) -> messages.Data | None:
    """A player's own answer as the player may see it."""
    if answer is None:
        return None
    right, points = (answer.right, answer.points) if revealed else (None, None)
    return messages.judged(answer.acknowledgement(), right=right, points=points)
