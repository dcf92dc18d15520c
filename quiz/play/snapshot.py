"""The state of a game as its members see it, read from the rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Min

from quiz import live
from quiz.play import destinations, judging, messages
from quiz.play.clock import now_ms
from quiz.play.states import Phase

if TYPE_CHECKING:
    from quiz.play.models.game import Game
    from quiz.play.models.player import Player
    from quiz.play.models.question import GameQuestion

TOP = 10
"""Lines of the standings that everybody gets; one's own place comes with ``me``."""


def for_player(player: Player) -> messages.Data:
    """The snapshot for one player."""
    seq = live.last_seq(destinations.status(player.game_id))
    return _snapshot(player.game, seq, _me(player))


def for_host(game: Game) -> messages.Data:
    """The snapshot for the host, with the roster."""
    seq = live.last_seq(destinations.status(game.pk))
    roster = [messages.named(player=p.pk, nickname=p.nickname) for p in game.players.in_game()]
    return _snapshot(game, seq, messages.host(roster=roster))


def _snapshot(game: Game, seq: int, me: messages.Data) -> messages.Data:
    # The seq is read before the row: a state newer than its seq only makes the page apply an event twice.
    game.refresh_from_db()
    return messages.snapshot(
        game=game.pk,
        pin=game.pin,
        title=game.title,
        total=game.total,
        seq=seq,
        server_time=now_ms(),
        shared=shared(game),
        me=me,
    )


def shared(game: Game) -> messages.Data:
    """What all members see, from the rows as they are now."""
    phase = Phase(game.paused_from or game.phase)
    question = game.question()
    players, answered = game.counts()
    return messages.shared(
        version=game.version,
        phase=Phase(game.phase),
        paused_from=Phase(game.paused_from) if game.paused_from else None,
        locked=game.locked,
        phase_started_at=game.phase_started_at,
        phase_ends_at=game.phase_ends_at,
        remaining_ms=game.remaining_ms,
        question=_question(question, phase) if question and phase in messages.SHOWS_QUESTION else None,
        reveal=_reveal(question) if question and phase in messages.SHOWS_RIGHT else None,
        standings=_standings(game),
        players=players,
        answered=answered,
    )


def _question(question: GameQuestion, phase: Phase) -> messages.Data:
    return messages.question(
        id=question.pk,
        number=question.position,
        text=question.text,
        several=question.several,
        points=question.points,
        time_limit_ms=question.time_limit_ms,
        voided=question.voided,
        choices=question.choices if phase in messages.SHOWS_CHOICES else [],
    )


def _reveal(question: GameQuestion) -> messages.Data:
    chosen = Counter(dict.fromkeys(question.choice_ids, 0))
    for choice in question.answers.filter(player__kicked_at=None).values_list("choice", flat=True):
        chosen.update(choice)
    return messages.reveal(right=question.right, counts=chosen, explanation=question.explanation)


def _standings(game: Game) -> list[messages.Data]:
    revealed = game.questions.filter(revealed_at__isnull=False).count()
    if not revealed:
        return []
    return [
        messages.standing(
            player=player.pk,
            nickname=player.nickname,
            points=player.points,
            gained=player.gained,
            place=player.place,
            before=player.before if revealed > 1 else None,
        )
        for player in game.players.ranked()[:TOP]
    ]


def _me(player: Player) -> messages.Data:
    player.refresh_from_db()
    game = player.game
    question = game.question()
    answer = player.answers.filter(question=question).first() if question else None
    revealed = bool(question and question.revealed_at)
    better = game.players.in_game().filter(points__gt=player.points)
    next_better = better.aggregate(points=Min("points"))["points"]
    any_revealed = game.questions.filter(revealed_at__isnull=False).exists()
    return messages.me(
        player=player.pk,
        nickname=player.nickname,
        points=player.points,
        gained=player.gained,
        place=better.count() + 1 if any_revealed else None,
        gap=None if next_better is None else next_better - player.points,
        kicked=player.kicked_at is not None,
        answer=judging.own(answer, revealed=revealed),
    )
