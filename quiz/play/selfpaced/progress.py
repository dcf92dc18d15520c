"""How far the players of a self-paced game are, for its hosts: read from the rows whenever a host's page asks."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from quiz.play import messages
from quiz.play.models import Answer, Game, Opening, Player

LINES = 200
"""Players in one answer, the best first; the table of results has all of them."""


def of_game(game: Game, now: int) -> messages.Data:
    """How many have not begun, are under way and are through, and a line for each of the first ``LINES`` players."""
    openings = Opening.objects.filter(player__game=game, player__kicked_at=None).order_by()
    openings = openings.annotate(
        answered=Exists(Answer.objects.filter(player=OuterRef("player"), question=OuterRef("question")))
    )
    over = Count("pk", filter=Q(answered=True) | Q(ends_at__lt=now))
    far = {row["player"]: row for row in openings.values("player").annotate(begun=Count("pk"), done=over)}
    counts = [row["done"] for row in far.values()]
    players = game.players.in_game().count()
    through = sum(done >= game.total for done in counts)
    return {
        "version": game.version,
        "phase": game.phase,
        "closes_at": game.closes_at,
        "server_time": now,
        "total": game.total,
        "players": players,
        "waiting": players - len(far),
        "under_way": len(far) - through,
        "through": through,
        "lines": [_line(player, far.get(player.pk, NOTHING), now) for player in game.players.ranked()[:LINES]],
    }


NOTHING = {"begun": 0, "done": 0}


def _line(player: Player, far: Mapping[str, Any], now: int) -> messages.Data:
    return messages.progress(
        player=player.pk,
        nickname=player.nickname,
        here=player.here_until >= now,
        opened=far["begun"],
        done=far["done"],
        points=player.points,
        place=player.place,
    )
