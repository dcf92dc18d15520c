"""Teams over HTTP: a player chooses one in the lobby, the host moves anybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from quiz.live.clock import now_ms
from quiz.play import grouping
from quiz.play.ids import is_id
from quiz.play.models import Game
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, body_of
from quiz.play.views.hosting import step
from quiz.play.views.members import refusing
from quiz.play.views.playing import heard_player


@require_POST
@refusing
def choose(request: HttpRequest, game_id: int) -> HttpResponse:
    """Go into the ``team`` of that number; 409 while that cannot be."""
    player = heard_player(request, game_id, now_ms())
    try:
        grouping.choose(player, _team(body_of(request)))
    except GameError as error:
        raise Refusal(error.code, 409) from None
    return JsonResponse({"team": player.team})


def _regroup(game: Game, body: dict[str, Any], seen: int | None) -> None:
    player = body.get("player")
    if not is_id(player):
        raise GameError("no-such-player")
    grouping.move(game, player, _team(body), seen)


regroup = step(_regroup)


def _team(body: dict[str, Any]) -> int:
    team = body.get("team")
    return team if type(team) is int else 0
