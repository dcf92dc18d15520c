"""The referee's look at the games: closes what is due, and tells counts a few times a second.

Each look at the games is one :meth:`Referee.look`; what it does is claimed in the database, so any number of
referees may look at the same time.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial

from django.db import DatabaseError, models
from django.db.models import F, Q

from quiz import live
from quiz.play import destinations, doors, guessing, messages, modes, presence, retention, snapshot, timing
from quiz.play.models import Game, Player
from quiz.play.prepared import Prepared
from quiz.play.rates import ALARMING_MISSES, MINUTE_MS
from quiz.play.states import Phase

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
"""Between two looks: what is due is closed within 300 ms even when one look is slow."""

TELL_MS = 200
"""Counts of one game go out at most five times a second."""

SWEEP_MS = 60_000
"""Between two looks for games that nobody comes back to."""

ROSTER_NAMES = 500
"""Names in one roster message; more arrivals wait for the next one."""


class Referee:
    """One referee. ``clock`` gives milliseconds since the epoch, ``signs`` are the signs of life that it hears.

    ``is_behind`` says whether answers that came until a time may still be on their way to their row.
    """

    def __init__(
        self, clock: Callable[[], int], signs: presence.Signs, is_behind: Callable[[int], bool] = lambda at: False
    ) -> None:
        self.clock = clock
        self.signs = signs
        self.is_behind = is_behind
        self.folded_at = 0
        self.swept_at = 0

    def look(self) -> None:
        """Do all that is due now. The time is taken anew for each game: a slow broker may hold up the one before."""
        self._fold()
        each(DUE[self._knows_who_is_here()](now=self.clock()), self._close_due)
        each(COMPLETE[self._knows_who_is_here()](now=self.clock()), self._close_complete)
        each(DESERTED(now=self.clock()), self._pause_deserted)
        each(CHANGED(now=self.clock()), self._tell)
        doors.tell(self.clock() - TELL_MS, self.clock())
        if self.clock() - self.swept_at >= SWEEP_MS:
            self.swept_at = self.clock()
            each(Game.objects.abandoned(self.swept_at), self._end_abandoned)
            self._sweep()

    def _fold(self) -> None:
        if self.clock() - self.folded_at >= presence.FOLD_MS:
            self.folded_at = self.clock()
            self.signs.fold(self.folded_at)
            presence.tell_changes(self.folded_at)

    def _knows_who_is_here(self) -> bool:
        return self.signs.are_heard(self.clock())

    def _sweep(self) -> None:
        misses = guessing.misses_since(self.swept_at - MINUTE_MS)
        if misses >= ALARMING_MISSES:
            log.error("PINs are being guessed: %d wrong ones within a minute", misses)
        if forgotten := retention.sweep(self.swept_at):
            log.info("forgotten: %s", forgotten)

    def _close_due(self, game: Game) -> None:
        now, ends_at = self.clock(), game.phase_ends_at or 0
        if game.phase == Phase.OPEN and now < ends_at + timing.FULL_HALL_MS and self.is_behind(ends_at):
            return  # Whoever answered in time is to be counted, however many did so in the last moment.
        if game.close_if_due(now, all_players=not self.signs.are_heard(now)):
            log.info("game %s: %s at its deadline", game.pk, game.phase)

    def _close_complete(self, game: Game) -> None:
        if game.close_if_complete(self.clock(), all_players=not self._knows_who_is_here()):
            log.info("game %s: all who are here have answered question %s", game.pk, game.position)

    def _pause_deserted(self, game: Game) -> None:
        if game.pause_if_deserted(self.clock()):
            log.info("game %s: paused, its host's screen has fallen silent", game.pk)

    def _end_abandoned(self, game: Game) -> None:
        if game.end_if_abandoned(self.clock()):
            log.info("game %s: ended, nothing has happened for a day", game.pk)

    def _tell(self, game: Game) -> None:
        if claim(game, self.clock()):
            tell(game, self.clock())


def each(games: Iterable[Game], do: Callable[[Game], None]) -> None:
    """Do it to each game; one whose rows make it fail must not stop the others."""
    for game in games:
        try:
            do(game)
        except DatabaseError:
            raise  # No game will fare better.
        except Exception:
            log.exception("game %s: this look failed", game.pk)


def changed_games(now: int) -> models.QuerySet[Game]:
    """Running games whose counts are not those that were told, and that may be told again."""
    same = Q(
        told_players=F("players_now"),
        told_expected=F("expected_now"),
        told_answered=F("answered_now"),
        told_newest__gte=F("newest_player"),
        told_regrouped=F("regrouped"),
    )
    return Game.objects.running().counted(now).filter(~same, told_at__lte=now - TELL_MS)


# By whether it is known who is here.
DUE = [Prepared(partial(Game.objects.due, all_players=not known), "now") for known in (False, True)]
COMPLETE = [Prepared(partial(Game.objects.complete, all_players=not known), "now") for known in (False, True)]

DESERTED = Prepared(Game.objects.deserted, "now")
CHANGED = Prepared(changed_games, "now")


def claim(game: Game, now: int) -> bool:
    """Take it on to tell these counts; False when another referee has done it."""
    mine = Game.objects.filter(pk=game.pk, told_at=game.told_at)
    newest = _told_newest(game)
    return (
        mine.update(
            told_at=now,
            told_players=game.players_now,
            told_expected=game.expected_now,
            told_answered=game.answered_now,
            told_newest=newest,
            told_regrouped=game.regrouped,
        )
        == 1
    )


def tell(game: Game, now: int) -> None:
    """Send the counts to all and the new names to the host."""
    question = game.question() if game.phase == Phase.OPEN else None
    counts = messages.counts(
        players=game.players_now,
        expected=game.expected_now,
        answered=game.answered_now,
        question=question.pk if question else None,
        **modes.counts(game),
    )
    live.send(destinations.players(game.pk), messages.COUNTS, counts)
    if added := [snapshot.named(player, now) for player in [*_regrouped(game), *_arrived(game)]]:
        roster = messages.roster(added=added, removed=[], players=game.players_now)
        live.send(destinations.host(game.pk), messages.ROSTER, roster)


def _arrived(game: Game) -> list[Player]:
    return list(game.players.in_game().filter(pk__gt=game.told_newest, pk__lte=game.newest_player)[:ROSTER_NAMES])


def _regrouped(game: Game) -> list[Player]:
    """Those who are in another team than the host was told."""
    known = game.players.in_game().filter(pk__lte=game.told_newest)
    return list(known.filter(regrouped__gt=game.told_regrouped, regrouped__lte=game.regrouped))


def _told_newest(game: Game) -> int:
    arrived = _arrived(game)
    return arrived[-1].pk if len(arrived) == ROSTER_NAMES else max(game.newest_player, game.told_newest)
