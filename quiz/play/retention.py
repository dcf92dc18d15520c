"""What is forgotten, and when: rows of people are kept for as long as they are of use, and no longer.

``EVENTS_KEPT_DAYS`` after a game's end go its events and where its players came from; ``GAMES_KEPT_DAYS`` after it the
game itself, with players, answers and nicknames. Wrong PINs are of use for an hour. Pictures stay as long as a question
or a game shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime

from django.conf import settings

from quiz import live
from quiz.authoring.pictures import Picture
from quiz.play import destinations
from quiz.play.models import Door, Game, PinTry, Player
from quiz.play.rates import HOUR_MS

DAY_MS = 24 * HOUR_MS

GAMES_A_SWEEP = 50
"""Of each kind: a sweep holds the database for a moment only; the next one goes on."""


@dataclass(frozen=True)
class Forgotten:
    """What a sweep removed; ``traces`` are games of which only the results are left."""

    games: int = 0
    traces: int = 0
    events: int = 0
    pictures: int = 0

    def __bool__(self) -> bool:
        return bool(self.games or self.traces or self.pictures)

    def __add__(self, other: Forgotten) -> Forgotten:
        return Forgotten(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def sweep(now: int, *, events_days: int | None = None, games_days: int | None = None) -> Forgotten:
    """Forget what is due at ``now``; days are those of the settings unless given."""
    events_days = settings.EVENTS_KEPT_DAYS if events_days is None else events_days
    games_days = settings.GAMES_KEPT_DAYS if games_days is None else games_days
    PinTry.objects.filter(at__lte=now - HOUR_MS).delete()
    traced = _with_traces(now - events_days * DAY_MS)
    events = sum(map(_forget_traces, traced))
    games = _forget_games(now - games_days * DAY_MS) if games_days else 0
    return Forgotten(games, len(traced), events, Picture.objects.forget_unused(datetime.fromtimestamp(now / 1000, UTC)))


def _with_traces(ended_before: int) -> list[Game]:
    """Games that ended so long ago and of which more than results is kept."""
    ended = Game.objects.filter(ended_at__lte=ended_before, door__isnull=False)
    return list(ended.order_by("ended_at")[:GAMES_A_SWEEP])


def _forget_traces(game: Game) -> int:
    """The door goes last: it marks a game of which there may be more to forget."""
    players = Player.objects.filter(game=game)
    subjects = [player.subject for player in players]
    events = live.forget([destinations.status(game.pk), destinations.wall(game.pk)], subjects)
    players.update(address_hash="", device_hash="")
    Door.objects.filter(game=game).delete()
    return events


def _forget_games(ended_before: int) -> int:
    games = list(Game.objects.filter(ended_at__lte=ended_before).order_by("ended_at")[:GAMES_A_SWEEP])
    for game in games:
        _forget_traces(game)
        live.forget([destinations.audit(game.pk)], [])
        game.delete()
    return len(games)
