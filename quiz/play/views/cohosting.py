"""What hosts do among themselves: say that a screen is there, call in others, hand the game over."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from quiz.live.clock import now_ms
from quiz.play import cohosts, presence, snapshot
from quiz.play.models import Game
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, body_of
from quiz.play.views.members import hosted_game, refusing

MAX_NAME = 150
"""Characters of a user name, as Django has it."""


@require_POST
@refusing
def here(request: HttpRequest, game_id: int) -> HttpResponse:
    """A host's screen is there."""
    presence.host_is_here(hosted_game(request, game_id), now_ms())
    return JsonResponse({})


@require_POST
@refusing
def cohost(request: HttpRequest, game_id: int) -> HttpResponse:
    """Let the user with that ``name`` host too, or no longer (``"hosts": false``); any host may."""
    game, body = hosted_game(request, game_id), body_of(request)
    return _changed(game, cohosts.remove if body.get("hosts") is False else cohosts.add, body.get("name"))


@require_POST
@refusing
def handover(request: HttpRequest, game_id: int) -> HttpResponse:
    """Give the game to the user with that ``name``; only its owner may."""
    game, body = hosted_game(request, game_id), body_of(request)
    if request.user.pk != game.owner_id:
        raise Refusal("not-your-game", 403)
    return _changed(game, cohosts.hand_over, body.get("name"))


def _changed(game: Game, change: Callable[[Game, str], None], name: object) -> HttpResponse:
    if not isinstance(name, str) or not name.isprintable() or len(name) > MAX_NAME:
        raise Refusal("no-such-user", 404)
    try:
        change(game, name.strip())
    except GameError as error:
        raise Refusal(error.code, 404 if error.code == "no-such-user" else 409) from None
    return JsonResponse({"hosts": snapshot.hosts(Game.objects.get(pk=game.pk))})
