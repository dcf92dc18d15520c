"""Who is here: players' pages give signs of life, programs are here by what they call.

A page says ``{"here": true}`` over its STOMP connection every ten seconds while somebody can see it, so every broker
can carry it, and "away" over HTTP when it is left. Signs are folded into ``Player.here_until`` once a second for all
players at once: docs/decisions/0045-signs-of-life.md.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, Q

from quiz import live
from quiz.play import destinations, messages, people
from quiz.play.models import Game, Player

PRESENT_MS = 25_000
"""After a page's sign of life: they come every ten seconds, so one may be lost and one late."""

QUIET_MS = 300_000
"""After a call with a ticket: programs need not give signs of life, and no question is open for longer."""

LEAVING_MS = 3_000
"""After a page was left: a reload is back by then."""

FOLD_MS = 1_000
"""Between two writes of signs of life, and between two looks at who has gone or come back."""

BATCH = 500
"""Rows a statement: SQLite takes no more than a thousand variables in older versions."""


class Signs:
    """Signs of life that were heard and not yet written; heard in one thread, folded in another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: set[int] = set()
        self._heard_at = 0
        self._heard_since = 0

    def hear(self, player: int, now: int) -> None:
        """A page of that player is here."""
        with self._lock:
            if now - self._heard_at > PRESENT_MS:
                self._heard_since = now
            self._heard_at = now
            self._heard.add(player)

    def fold(self, now: int) -> None:
        """Write what was heard, in one statement for hundreds of players."""
        with self._lock:
            heard, self._heard = sorted(self._heard), set()
        for start in range(0, len(heard), BATCH):
            Player.objects.filter(pk__in=heard[start : start + BATCH]).update(here_until=now + PRESENT_MS)

    def are_heard(self, now: int) -> bool:
        """Whether silence means absence: not when we have only begun to listen, or hear nobody at all."""
        return now - self._heard_at <= PRESENT_MS <= now - self._heard_since


def called(player: Player, now: int, lasts_ms: int) -> None:
    """The player made a call, and is here for ``lasts_ms``; writes the row only when less than half of that is left."""
    if player.here_until < now + lasts_ms // 2:
        player.here_until = now + lasts_ms
        Player.objects.filter(pk=player.pk).update(here_until=player.here_until)


def arrived(player: Player, now: int, lasts_ms: int) -> None:
    """The player is here in a new page or program; older ones are told that they are over."""
    player.here_until = now + lasts_ms
    Player.objects.filter(pk=player.pk).update(seat=F("seat") + 1, here_until=player.here_until)
    player.refresh_from_db(fields=["seat"])
    if player.left_at is not None:
        people.come_back(player, now)
    if player.seat > 1:
        live.send(destinations.player(player.pk), messages.MOVED, messages.moved(seat=player.seat))


def left(player: Player, now: int) -> None:
    """The player's page was left; it may be back at once."""
    Player.objects.filter(pk=player.pk, here_until__gt=now + LEAVING_MS).update(here_until=now + LEAVING_MS)


def host_is_here(game: Game, now: int) -> None:
    """A host's screen is there; when the next sign does not come in time the game is paused."""
    if (seconds := game.chosen.pause_alone_s) and not game.is_self_paced:
        Game.objects.filter(pk=game.pk).update(host_due_at=now + seconds * 1000)


def tell_changes(now: int) -> None:
    """Tell each running game's host who has gone and who is back since it was last told."""
    running = list(Game.objects.running().values_list("pk", flat=True))
    changed = Player.objects.in_game().filter(
        Q(told_here=True, here_until__lt=now) | Q(told_here=False, here_until__gte=now), game__in=running
    )
    games: dict[int, list[Player]] = defaultdict(list)
    for player in changed:
        games[player.game_id].append(player)
    for game, players in games.items():
        away = _claimed((player.pk for player in players if player.told_here), here=False)
        back = _claimed((player.pk for player in players if not player.told_here), here=True)
        live.send(destinations.host(game), messages.PRESENCE, messages.presence(away=away, back=back))


def _claimed(players: Iterable[int], *, here: bool) -> list[int]:
    """Note what is told; another referee that tells the same does no harm."""
    ids = list(players)
    for start in range(0, len(ids), BATCH):
        Player.objects.filter(pk__in=ids[start : start + BATCH]).update(told_here=here)
    return ids
