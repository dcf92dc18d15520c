"""The state of a game as its members see it, read from the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.cache import caches
from django.db.models import Max, Min, Q

from quiz import live
from quiz.live.clock import now_ms
from quiz.play import judging, messages, modes
from quiz.play.models.door import Door
from quiz.play.options import Mode, Options
from quiz.play.phonetext import for_phones
from quiz.play.selfpaced import state as whereabouts
from quiz.play.states import Phase

if TYPE_CHECKING:
    from quiz.play.models.game import Game
    from quiz.play.models.player import Player, PlayerQuerySet
    from quiz.play.models.question import GameQuestion

WAITING_SHOWN = 50
"""Of those who wait at the door: a host reads no more, and all can be let in at once."""

UNKNOWN = {"points": 0, "gained": 0, "place": None, "gap": None}
"""Of a player's ``me``, while what was right is a secret."""

TOP = 10
"""Lines of the standings that everybody gets; one's own place comes with ``me``."""

PODIUM = 3
"""Places that have a step."""

KEPT_SECONDS = 60
"""A hall of phones whose line comes back asks within seconds of each other."""


def for_player(player: Player) -> messages.Data:
    """The snapshot for one player."""
    return _snapshot(player.game, player.told, lambda game, question: _me(player, game, question))


def for_host(game: Game) -> messages.Data:
    """The snapshot for the host, with the roster."""
    return _snapshot(game, game.wall, _host)


def _snapshot(game: Game, told: str, me: Callable[[Game, GameQuestion | None], messages.Data]) -> messages.Data:
    # The seq is read before the rest, and who asks after it: what is newer than its seq is only applied twice.
    seq = live.last_seq(told)
    now = now_ms()
    game = game.counted(now)
    question = game.question()
    whole = shared(game, question, _kept(game, question))
    return messages.snapshot(
        game=game.pk,
        pin=game.pin,
        title=game.title,
        total=game.total,
        seq=seq,
        server_time=now,
        shared=whole if told == game.wall else for_phones(whole, game.chosen.phones_show),
        me=me(game, question),
    )


def shared(game: Game, question: GameQuestion | None, settled: messages.Data | None = None) -> messages.Data:
    """What all members see of a counted game at that question; ``settled`` is what of it was worked out before."""
    phase = Phase(game.paused_from or game.phase)
    return messages.shared(
        version=game.version,
        phase=Phase(game.phase),
        paused_from=Phase(game.paused_from) if game.paused_from else None,
        host_lost=game.host_lost,
        locked=game.locked,
        phase_started_at=game.phase_started_at,
        phase_ends_at=game.phase_ends_at,
        remaining_ms=None if game.remaining_ms is None else max(game.remaining_ms, 0),
        question=_asked(game, question, phase) if question and phase in messages.SHOWS_QUESTION else None,
        players=game.players_now,
        expected=game.expected_now,
        answered=game.answered_now,
        next=_next(game),
        **modes.shared(game),
        **(settled or _settled(game, question)),
    )


def _kept(game: Game, question: GameQuestion | None) -> messages.Data:
    """What :func:`_settled` gives, worked out once a version: of 3,000 players it takes three times all the rest.

    Only for what is committed. Rows may be newer than the version, but whoever has that one hears of the next.
    """
    key = f"settled-{game.pk}-{game.version}"
    kept: messages.Data | None = caches["process"].get_or_set(key, lambda: _settled(game, question), KEPT_SECONDS)
    return kept or _settled(game, question)


def _settled(game: Game, question: GameQuestion | None) -> messages.Data:
    """What changes with the game's version alone, and costs a look at all rows; arguments of ``messages.shared``."""
    shows_right = question and Phase(game.paused_from or game.phase) in messages.SHOWS_RIGHT
    return {
        "reveal": _reveal(question, game.chosen) if question and shows_right else None,
        **_ranking(game),
    }


def _next(game: Game) -> messages.Data | None:
    return messages.following(game=game.successor.pk, pin=game.successor.pin) if game.successor else None


def _asked(game: Game, question: GameQuestion, phase: Phase) -> messages.Data:
    """The question as it is shown now; between two votes on it as while it is open."""
    return _question(question, Phase.OPEN if game.discussing else phase)


def _question(question: GameQuestion, phase: Phase) -> messages.Data:
    return messages.question(
        id=question.pk,
        number=question.position,
        text=question.text,
        kind=question.kind,
        judged=question.logic.judged,
        several=question.several,
        points=question.points,
        time_limit_ms=question.time_limit_ms,
        voided=question.voided,
        round=question.round,
        choices=question.choices if phase in messages.SHOWS_CHOICES else [],
        view=question.logic.shown(question.asked) if phase in messages.SHOWS_CHOICES else {},
        rich=question.rich,
        picture=question.picture,
    )


def _reveal(question: GameQuestion, options: Options) -> messages.Data:
    explanation = question.explanation if options.explanation else ""
    told = question.told(question.last_answers, options)
    return messages.reveal(
        right=question.right,
        counts=told.counts,
        view=told.view,
        explanation=explanation,
        rich=question.explanation_rich if options.explanation else None,
        first=modes.first_vote(question, options),
    )


def _ranking(game: Game) -> messages.Data:
    """Standings of the last reveal: who came after it stands nowhere yet, here as in the event that told of it."""
    if not game.revealed:
        return {"standings": [], "beyond": 0}
    revealed_at = game.questions.aggregate(newest=Max("revealed_at"))["newest"]
    ranked = game.players.ranked().filter(joined_at__lte=revealed_at)
    standings = _standings(game, ranked[:TOP])
    return {"standings": standings, "beyond": _beyond(ranked, standings)}


def _beyond(ranked: PlayerQuerySet, standings: list[messages.Data]) -> int:
    """How many share a step of the podium with the last line, and have no line themselves."""
    place = standings[-1]["place"] if len(standings) == TOP else None
    if place is None or place > PODIUM:
        return 0
    return ranked.filter(Q(place=place)).count() - [line["place"] for line in standings].count(place)


def _standings(game: Game, players: PlayerQuerySet) -> list[messages.Data]:
    return [
        messages.standing(
            player=player.pk,
            nickname=player.nickname,
            points=player.points,
            gained=player.gained,
            place=player.place,
            before=player.before if game.revealed > 1 else None,
            team=player.team,
            out_at=player.out_at,
        )
        for player in players
    ]


def _host(game: Game, question: GameQuestion | None) -> messages.Data:
    return messages.host(
        roster=[named(player, now_ms()) for player in game.players.in_game()],
        door=door(game),
        hosts=hosts(game),
        vote=modes.vote(game, question),
    )


def hosts(game: Game) -> list[str]:
    """The user names of those who may do what a host does, the owner's first."""
    return [game.owner.get_username(), *(user.get_username() for user in game.cohosts.order_by("pk"))]


def door(game: Game) -> messages.Data:
    """The game's door as the host sees it."""
    here = Door.objects.filter(game=game).first()
    if here is None:
        return messages.door(approve=game.chosen.approve, waiting=[], knocks=0, swept=0)
    waiting = here.waiting()
    swept = game.players.filter(kicked_at=here.swept_at).count() if here.swept_at else 0
    return messages.door(
        approve=here.approve,
        waiting=[messages.knock(knock=one.pk, nickname=one.nickname) for one in waiting[:WAITING_SHOWN]],
        knocks=waiting.count(),
        swept=swept,
    )


def named(player: Player, now: int) -> messages.Data:
    """A player in the host's roster."""
    return messages.named(
        player=player.pk,
        nickname=player.nickname,
        here=player.here_until >= now,
        team=player.team,
        allowance=player.allowance,
        asks_for_time=player.asks_for_time,
    )


def _me(player: Player, game: Game, question: GameQuestion | None) -> messages.Data:
    player.refresh_from_db()
    player.game = game  # Django has forgotten it with the rest.
    if Phase(game.paused_from or game.phase) not in messages.SHOWS_QUESTION:
        question = None
    answer = player.answers.filter(question=question, round=question.round).first() if question else None
    first = modes.first_votes(question, player=player).get(player.pk)
    revealed = bool(question and question.revealed_at)
    better = game.players.in_game().filter(points__gt=player.points).aggregate(points=Min("points"))["points"]
    me = messages.me(
        player=player.pk,
        nickname=player.nickname,
        points=player.points,
        gained=player.gained,
        place=player.place_now() if game.revealed else None,
        gap=None if better is None or game.chosen.mode is Mode.SURVIVAL else better - player.points,
        kicked=player.kicked_at is not None,
        seat=player.seat,
        answer=judging.own(answer, revealed=revealed),
        **judging.time_of(player, game, question),
        **modes.of_player(player, game.chosen, first),
    )
    return {**me, **_alone(player, game)} if game.is_self_paced else me


def _alone(player: Player, game: Game) -> messages.Data:
    """What is different in the ``me`` of a self-paced game; what is not to be known yet is not in it."""
    at = whereabouts.of_player(player, game, now_ms())
    standing = {"place": player.place_now() if at.opened else None} if at.known else dict(UNKNOWN)
    question = {**_question(at.last.question, Phase.OPEN), "number": at.opened} if at.last else None
    mine = messages.own(
        step=at.step,
        opened=at.opened,
        done=at.done,
        known=at.known,
        timed=game.chosen.timed,
        question=question,
        answered=_answers(at.revealed.question) if at.revealed else 0,
        reveal=_reveal(at.revealed.question, game.chosen) if at.revealed else None,
    )
    own_time = {"ends_at": at.last.ends_at if at.last else None}
    return {**standing, **own_time, "answer": judging.own(at.answer, revealed=at.known), "own": mine}


def _answers(question: GameQuestion) -> int:
    return question.answers.filter(player__kicked_at=None).count()
