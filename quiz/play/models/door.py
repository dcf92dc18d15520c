"""A game's door: who waits at it, and who felt for it with wrong PINs. Times are milliseconds since the epoch."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce

from quiz.addresses import PRINT_DIGITS
from quiz.play.models.arrival import Arrival
from quiz.play.states import Phase

if TYPE_CHECKING:
    from quiz.play.models.game import Game

WAITING = Q(knocks__refused_at=None, knocks__isnull=False)


class DoorQuerySet(models.QuerySet["Door"]):
    """Doors as the referee looks for them."""

    def untold(self, told_before: int) -> Self:
        """Guarded doors of running games at which somebody came, or went, since the host was told of it."""
        waiting = self.exclude(game__phase=Phase.ENDED).filter(approve=True, told_at__lte=told_before)
        waiting = waiting.annotate(
            waiting_now=Count("knocks", filter=WAITING),
            newest_knock=Coalesce(Max("knocks__pk", filter=WAITING), 0),
        )
        return waiting.exclude(told_waiting=F("waiting_now"), told_newest=F("newest_knock"))


class Door(models.Model):
    """Who may come into a game. ``swept_at`` marks the last removal of many, which can be taken back."""

    game = models.OneToOneField("play.Game", on_delete=models.CASCADE, related_name="door")
    approve = models.BooleanField(default=False)
    swept_at = models.BigIntegerField(null=True)
    told_at = models.BigIntegerField(default=0)
    told_waiting = models.PositiveIntegerField(default=0)
    told_newest = models.BigIntegerField(default=0)

    # Only on rows of untold().
    waiting_now: int
    newest_knock: int

    objects = DoorQuerySet.as_manager()

    def __str__(self) -> str:
        return f"door of {self.game_id}"

    @classmethod
    def of(cls, game: "Game") -> "Door":
        """The game's door; new ones are as the game's options say."""
        return cls.objects.get_or_create(game=game, defaults={"approve": game.chosen.approve})[0]

    def waiting(self) -> models.QuerySet["Knock"]:
        """Those who wait, first come first."""
        return self.knocks.filter(refused_at=None)


class Knock(Arrival):
    """Somebody who waits to be let in; becomes a player with the same token, or is turned away for this game."""

    door = models.ForeignKey(Door, on_delete=models.CASCADE, related_name="knocks")
    refused_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["door", "nickname_key"], name="one_knock_a_nickname"),
            models.UniqueConstraint(fields=["door", "skeleton"], name="one_knock_a_skeleton"),
        ]
        indexes = [
            models.Index(fields=["door", "joined_at"], name="play_knock_rate"),
        ]


class OldPin(models.Model):
    """A PIN that a game had before: it leads nobody in, but players of that game who reload back to their seats."""

    game = models.ForeignKey("play.Game", on_delete=models.CASCADE, related_name="old_pins")
    pin = models.CharField(max_length=6, db_index=True)

    def __str__(self) -> str:
        return self.pin


class PinTry(models.Model):
    """A PIN that led nowhere, from one subscriber; ``refused``: one that came while none was taken from there."""

    address_hash = models.CharField(max_length=PRINT_DIGITS)
    at = models.BigIntegerField(db_index=True)
    refused = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["address_hash", "at"], name="play_pintry_rate")]

    def __str__(self) -> str:
        return f"{self.address_hash} at {self.at}"
