"""Calls of self-paced games alone: a player opens the next question; a host looks at the progress and moves the end."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quiz.live.clock import now_ms
from quiz.play import snapshot
from quiz.play.models import Game
from quiz.play.selfpaced import openings, progress, returning, rules
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, body_of
from quiz.play.views.hosting import refused, seen_version
from quiz.play.views.members import game_with, hosted_game, player_in, refusing, take_seat
from quiz.play.views.playing import heard_player
from quiz.play.views.screens import absolute


@require_POST
@refusing
def next_(request: HttpRequest, game_id: int) -> HttpResponse:
    """Open the player's question ``number``; the answer is the player's state, the same when it was open already."""
    now = now_ms()
    player = heard_player(request, game_id, now)
    number = body_of(request).get("number")
    if type(number) is not int:
        raise Refusal("bad-json", 400)
    try:
        openings.open_question(player, number, now)
    except GameError as error:
        raise Refusal(error.code, 409, state=snapshot.for_player(player)) from None
    return JsonResponse(snapshot.for_player(player))


@require_POST
@refusing
def closing(request: HttpRequest, game_id: int) -> HttpResponse:
    """Move the closing date to ``closes_at``, in milliseconds; "close now" is ``finish``."""
    game = hosted_game(request, game_id)
    body = body_of(request)
    seen = seen_version(body)
    try:
        game.extend(rules.closing(body.get("closes_at", 0), now_ms()), seen)
    except rules.BadClosing as error:
        raise Refusal(error.code, 400) from None
    except GameError as error:
        return refused(game, error)
    return JsonResponse({})


@require_GET
@refusing
def progress_(request: HttpRequest, game_id: int) -> HttpResponse:
    """How far each player is."""
    return JsonResponse(progress.of_game(_self_paced(hosted_game(request, game_id)), now_ms()))


@require_POST
@refusing
def link(request: HttpRequest, game_id: int) -> HttpResponse:
    """A link by which the player goes on in another browser."""
    player = player_in(request, game_id)
    _self_paced(player.game)
    page = absolute(request, reverse("play:own_back", args=[game_id]))
    return JsonResponse({"url": f"{page}#{returning.key_of(player)}"})


@never_cache
@require_http_methods(["GET", "POST"])
@refusing
def back(request: HttpRequest, game_id: int) -> HttpResponse:
    """Where that link leads: a page that sends the key, which no log has seen, and then the player's own page."""
    game = _self_paced(game_with(game_id))
    player = returning.player_with(game, request.POST.get("key", "")) if request.method == "POST" else None
    if player is None:
        wrong = request.method == "POST"
        return render(request, "play/selfpaced/back.html", {"game": game, "wrong": wrong}, status=404 if wrong else 200)
    take_seat(request, player)
    return redirect("play:player", pin=game.pin)


def _self_paced(game: Game) -> Game:
    if not game.is_self_paced:
        raise Refusal("no-such-game", 404)
    return game
