"""The queries by which the referee, the door and the hosts find games."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from quiz.play import timing
from quiz.play.models.player import Player
from quiz.play.models.question import GameQuestion
from quiz.play.states import IN_PLAY, Phase

if TYPE_CHECKING:
    from quiz.play.models.game import Game  # noqa: F401  # in the base class's parameter


RUNNING = [phase for phase in Phase if phase is not Phase.ENDED]

PIN_DIGITS = 6
PIN_REST_MS = 24 * 3600 * 1000
"""A PIN is not given to another game for a day: yesterday's players would walk into it."""


class GameQuerySet(models.QuerySet["Game"]):
    """Games, and the questions that are asked of all of them."""

    def running(self) -> Self:
        """Not ended; asked for by name, so that the index finds them among years of games that are over."""
        return self.filter(phase__in=RUNNING)

    def played(self) -> Self:
        """Ended, newest first, with ``players_now``; lobbies that nobody entered are left out."""
        in_game = Count("players", filter=Q(players__kicked_at=None))
        over = self.filter(phase=Phase.ENDED).annotate(players_now=in_game)
        return over.filter(players_now__gt=0).order_by("-ended_at", "-pk")

    def due(self, now: int, *, all_players: bool = False) -> Self:
        """Those whose deadline has come; an open question stays for the answers that are on their way to their row.

        It also waits for players who have more time: those who are here, or all.
        """
        awaited = Player.objects.filter(game=OuterRef("pk")).awaited(now - timing.CLOSING_MS)
        if not all_players:
            awaited = awaited.filter(here_until__gte=now)
        come = Q(phase_ends_at__lte=now) & ~Q(phase=Phase.OPEN)
        closed = Q(phase_ends_at__lte=now - timing.CLOSING_MS, phase=Phase.OPEN)
        return self.filter(come | (closed & ~Exists(awaited)), phase__in=IN_PLAY)

    def complete(self, now: int, *, all_players: bool = False) -> Self:
        """Those whose open question everybody has answered who is expected to; ``all_players`` are, or those here."""
        expected = F("left_now") if all_players else F("expected_now")
        return self.filter(phase=Phase.OPEN).counted(now).filter(answered_now__gt=0, answered_now__gte=expected)

    def abandoned(self, now: int) -> Self:
        """Running games in which nothing has happened for a day, nor was to happen: some are open for weeks."""
        day_ago = now - timing.ABANDONED_MS
        return self.running().filter(phase_started_at__lte=day_ago).exclude(phase_ends_at__gt=day_ago)

    def deserted(self, now: int) -> Self:
        """Games in play of which no host's screen has given a sign of life for as long as their options say."""
        return self.filter(host_due_at__lte=now, phase__in=IN_PLAY)

    def free_pin(self, now: int) -> str:
        """A PIN drawn at random that leads to no running game, and has led to none within a day."""
        resting = Q(ended_at=None) | Q(ended_at__gt=now - PIN_REST_MS)
        while True:
            pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
            if not self.filter(resting, Q(pin=pin) | Q(old_pins__pin=pin)).exists():
                return pin

    def hosted_by(self, user_id: int | None) -> Self:
        """Games of that user, as owner or as co-host."""
        return self.filter(
            Q(owner=user_id) | Q(pk__in=self.model.cohosts.through.objects.filter(user=user_id).values("game"))
        )

    def counted(self, now: int) -> Self:
        """With ``players_now``, ``left_now``, ``expected_now``, ``answered_now`` and ``newest_player`` from the rows.

        Left are those who are not out. Expected are those of them who are here, and those who have answered the
        question that the game is at. While it is open, or paused then, only answers in everybody's time count: the
        others say that somebody has more, which is nobody's business.
        """
        players = Player.objects.in_game().filter(game=OuterRef("pk")).order_by().values("game")
        question = GameQuestion.objects.filter(game=OuterRef("pk"), position=OuterRef("position")).order_by()
        is_open = Q(game__phase=Phase.OPEN) | Q(game__paused_from=Phase.OPEN)
        told = ~is_open | Q(answers__elapsed_ms__lte=F("time_limit_ms"))
        in_game = Q(answers__player__kicked_at=None, answers__round=F("round")) & told
        answered = question.annotate(n=Count("answers", filter=in_game)).values("n")
        has_left = Q(answers__player__here_until__lt=now)
        left = question.annotate(n=Count("answers", filter=in_game & has_left)).values("n")
        still_in = players.filter(out_at=None)
        here = still_in.filter(here_until__gte=now).annotate(n=Count("pk")).values("n")
        return self.annotate(
            players_now=Coalesce(Subquery(players.annotate(n=Count("pk")).values("n")), 0),
            left_now=Coalesce(Subquery(still_in.annotate(n=Count("pk")).values("n")), 0),
            expected_now=Coalesce(Subquery(here), 0) + Coalesce(Subquery(left), 0),
            answered_now=Coalesce(Subquery(answered), 0),
            newest_player=Coalesce(Subquery(players.annotate(n=models.Max("pk")).values("n")), 0),
        )
