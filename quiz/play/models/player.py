"""Somebody who plays one game."""

import hashlib
import secrets
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, When, Window
from django.db.models.functions import Rank

from quiz.live import tickets
from quiz.play import destinations
from quiz.play.allowance import EVERYBODYS, NOBODYS_LIMIT
from quiz.play.credit import START_MS
from quiz.play.models.arrival import Arrival
from quiz.play.survival import Fate
from quiz.play.tally import Tally

TICKET_SECONDS = 3600
"""A page that plays longer asks for a fresh one; a stolen one is soon worthless."""


class PlayerQuerySet(models.QuerySet["Player"]):
    """Players as lists are made of them."""

    def in_game(self) -> Self:
        """Without those whom the host removed, and those who have left the lobby."""
        return self.filter(kicked_at=None, left_at=None)

    def awaited(self, now: int) -> Self:
        """Those who may still answer the open question of their game when everybody's deadline has come."""
        question = F("game__questions__pk")
        more_ms = F("game__questions__time_limit_ms") * (F("allowance") - EVERYBODYS) / EVERYBODYS
        ends_at = ExpressionWrapper(F("game__phase_ends_at") + more_ms, models.BigIntegerField())
        has_time = Q(allowance=NOBODYS_LIMIT) | Q(own_ends_at__gt=now)
        answers = apps.get_model("play", "Answer").objects.filter(
            player=OuterRef("pk"), question=OuterRef("at"), round=F("question__round")
        )
        return (
            self.in_game()
            .exclude(allowance=EVERYBODYS)
            .filter(game__questions__position=F("game__position"), out_at=None)
            .annotate(own_ends_at=ends_at, at=question)
            .filter(has_time, ~Exists(answers))
        )

    def ranked(self) -> Self:
        """Best first, each with its ``place`` and ``before``, its place before the last reveal.

        Equal points share a place; where the game breaks ties, equal points and equal ``tie`` do. In a game for
        survival those who are in come first, then who went out later; the last ones are equal if they went together.
        """
        before = [F("out_before").desc(nulls_first=True)]
        before += [(F("points") - F("gained")).desc(), (F("tie") - F("tie_gained")).desc()]
        points, tie = (
            Case(When(last_out=True, then=0), default=name, output_field=models.BigIntegerField())
            for name in ("points", "tie")
        )
        now = [F("out_at").desc(nulls_first=True), points.desc(), tie.desc()]
        return (
            self.in_game()
            .annotate(
                place=Window(Rank(), order_by=now),
                before=Window(Rank(), order_by=before),
            )
            .order_by("place", "id")
        )


class Player(Arrival):
    """A nickname in a game. Guests need no account: whoever holds the resume token is this player.

    ``points``, ``streak``, ``tie`` and ``quota_ms`` are the :class:`Tally` after the last reveal, which gave ``gained``
    points and ``tie_gained``; all of it can be computed again from the answers. ``allowance`` is the player's time for
    a question (``allowance.py``), which is nobody's business but the player's and the hosts'; for more of it the player
    asked last at ``asked_at``. Who ``reads_texts`` has all of them on their own phone, whatever the others' show.

    ``team`` is the number of the player's :class:`~quiz.play.models.team.Team`; ``regrouped`` is the game's when it was
    given. ``lost`` lives and ``out_at``, the number of the question that took the last one, are the :class:`Fate` after
    the last reveal, ``out_before`` that before it; ``last_out`` marks those who went out together as the last ones.
    """

    game = models.ForeignKey("play.Game", on_delete=models.CASCADE, related_name="players")
    kicked_at = models.BigIntegerField(null=True)
    left_at = models.BigIntegerField(null=True)
    here_until = models.BigIntegerField(default=0)
    told_here = models.BooleanField(default=True)
    seat = models.PositiveIntegerField(default=0)
    allowance = models.PositiveSmallIntegerField(default=EVERYBODYS)
    asks_for_time = models.BooleanField(default=False)
    asked_at = models.BigIntegerField(null=True)
    reads_texts = models.BooleanField(default=False)
    followed = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="follower")
    points = models.PositiveIntegerField(default=0)
    gained = models.IntegerField(default=0)
    streak = models.PositiveIntegerField(default=0)
    tie = models.BigIntegerField(default=0)
    tie_gained = models.BigIntegerField(default=0)
    team = models.PositiveSmallIntegerField(null=True)
    regrouped = models.PositiveIntegerField(default=0)
    lost = models.PositiveSmallIntegerField(default=0)
    out_at = models.PositiveIntegerField(null=True)
    out_before = models.PositiveIntegerField(null=True)
    last_out = models.BooleanField(default=False)
    quota_ms = models.PositiveIntegerField(default=START_MS)

    # Only on rows of ranked().
    place: int
    before: int

    objects = PlayerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["game", "nickname_key"], name="one_nickname_a_game"),
            models.UniqueConstraint(fields=["game", "skeleton"], name="one_skeleton_a_game"),
        ]
        indexes = [
            models.Index(fields=["game", "-points"]),
            models.Index(fields=["game", "joined_at"], name="play_player_rate"),
        ]

    @property
    def tally(self) -> Tally:
        """Where this player stands."""
        return Tally(self.points, self.streak, self.tie, self.quota_ms)

    def become(self, tally: Tally) -> None:
        """Take on the tally after a question, and remember what that question gave. Stores nothing."""
        self.gained, self.tie_gained = tally.points - self.points, tally.tie - self.tie
        self.points, self.streak, self.tie, self.quota_ms = tally.points, tally.streak, tally.tie, tally.quota_ms

    def become_fated(self, fate: Fate) -> None:
        """Take on the fate after a question, and remember the one before it. Stores nothing."""
        self.out_before = self.out_at
        self.lost, self.out_at = fate.lost, fate.out_at

    @property
    def fate(self) -> Fate:
        """Whether this player is still in, in a game for survival."""
        return Fate(self.lost, self.out_at)

    def place_now(self) -> int:
        """One more than there are players in the game who stand better."""
        better = Q() if self.last_out else Q(points__gt=self.points) | Q(points=self.points, tie__gt=self.tie)
        if self.last_out:
            longer = Q(out_at=None)
        elif self.out_at is None:
            longer, better = Q(pk=None), better & Q(out_at=None)
        else:
            longer, better = Q(out_at=None) | Q(out_at__gt=self.out_at), better & Q(out_at=self.out_at)
        return self.game.players.in_game().filter(longer | better).count() + 1

    @property
    def told(self) -> str:
        """Where this player hears how the game stands."""
        return self.game.wall if self.reads_texts else destinations.status(self.game_id)

    @property
    def readable(self) -> list[str]:
        """What this player may subscribe to."""
        return destinations.read_by_player(self.game_id, self.pk, texts=self.reads_texts)

    @property
    def subject(self) -> str:
        """Who this is in a ticket."""
        return f"player:{self.pk}"

    def ticket(self) -> str:
        """A fresh ticket for this player's own destinations."""
        return tickets.make(
            self.subject,
            read=self.readable,
            write=destinations.written_by_player(self.game_id),
            seconds=TICKET_SECONDS,
        )


def new_resume_token() -> str:
    """128 unguessable bits that bring a player back."""
    return secrets.token_urlsafe(16)


def hash_of(resume_token: str) -> str:
    """What the database keeps of a resume token, so that a copy of it opens no seat."""
    return hashlib.sha256(resume_token.encode("utf-8", "replace")).hexdigest()
