"""Pages after a reveal: a player's score sheet, and the host's results with their corrections."""

import csv
from typing import Any

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from quiz.play import grouping, moderation, results
from quiz.play.correction import BadCorrection, Correction, regrading, voiding
from quiz.play.errors import MESSAGES
from quiz.play.ids import id_in
from quiz.play.models import Game, Player
from quiz.play.sheet import rules
from quiz.play.sheet import sheet as sheet_of
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, wants_json
from quiz.play.views.members import game_with, hosted_game, is_host, player_in, refusing

PLAYERS_A_PAGE = 100
"""Lines of one page of results; the file has all of them."""

GAMES_A_PAGE = 50
"""Lines of the list of past games."""

MAX_POINTS_DIGITS = 18
"""Digits of a number in a form: a question is worth less."""


@never_cache
@require_GET
@refusing
def sheet(request: HttpRequest, game_id: int) -> HttpResponse:
    """A player's own score sheet; a host's view of any player's with ``?player=``."""
    try:
        player = _player(request, game_with(game_id))
    except Refusal as refusal:
        if wants_json(request):
            raise
        raise _page_error(refusal) from None
    data = sheet_of(player)
    if wants_json(request):
        return JsonResponse(data)
    return render(request, "play/sheet.html", {"sheet": data, "game": player.game, "own": not _asks_for_other(request)})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@refusing
def of_game(request: HttpRequest, game_id: int) -> HttpResponse:
    """The host's results; a POST of one of their forms judges a question otherwise, or hides an answer."""
    game = _hosted(request, game_id)
    if request.method == "POST":
        change = _moderate if {"hide", "show"} & set(request.POST) else _correct
        change(request, game)
        return redirect("play:results", game_id=game.pk)
    page = Paginator(game.players.ranked(), PLAYERS_A_PAGE).get_page(request.GET.get("page"))
    data = {"questions": results.questions(game), "corrections": results.corrections(game), "rules": rules(game)}
    data["teams"] = grouping.lines(game)
    if wants_json(request):
        return JsonResponse({"players": results.players(game), **data})
    return render(
        request, "play/results.html", {"game": game, "page": page, "players": results.players(game, page), **data}
    )


@never_cache
@login_required
@require_GET
@refusing
def as_csv(request: HttpRequest, game_id: int) -> HttpResponse:
    """The results as a file for spreadsheets."""
    game = _hosted(request, game_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="results-{game.pk}.csv"'
    response.write("\N{BYTE ORDER MARK}")  # for spreadsheets that take a file without one for something older
    csv.writer(response).writerows(results.table(game))
    return response


@never_cache
@login_required
@require_GET
def past(request: HttpRequest) -> HttpResponse:
    """The user's games that are over, as owner or co-host: their results are found when their pages are long closed."""
    games = Game.objects.hosted_by(request.user.pk).played()
    page = Paginator(games, GAMES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "play/past.html", {"page": page})


def _player(request: HttpRequest, game: Game) -> Player:
    if _asks_for_other(request):
        if not is_host(request, game):
            raise Refusal("not-your-game", 403)
        player = game.players.filter(pk=id_in(request.GET["player"])).first()
        if player is None:
            raise Refusal("no-such-player", 404)
        return player
    return player_in(request, game.pk)


def _asks_for_other(request: HttpRequest) -> bool:
    return "player" in request.GET


def _hosted(request: HttpRequest, game_id: int) -> Game:
    try:
        return hosted_game(request, game_id)
    except Refusal as refusal:
        if refusal.code == "not-your-game":  # what others played is nobody's business, not even that they did
            refusal = Refusal("no-such-game", 404)
        if wants_json(request):
            raise refusal from None
        raise _page_error(refusal) from None


def _page_error(refusal: Refusal) -> Exception:
    return Http404() if refusal.status == 404 else PermissionDenied()


def _correct(request: HttpRequest, game: Game) -> None:
    try:
        game.correct(_question_id(request), _wanted(request), request.user.get_username())
    except (BadCorrection, GameError) as error:
        notices.error(request, str(MESSAGES[error.code]))
    else:
        notices.success(request, _("Judged anew: all points and places have been counted again."))


def _moderate(request: HttpRequest, game: Game) -> None:
    hidden = "hide" in request.POST
    try:
        moderation.hide(game, _question_id(request), request.POST["hide" if hidden else "show"], hidden=hidden)
    except GameError as error:
        notices.error(request, str(MESSAGES[error.code]))
    else:
        notices.success(request, _("The room does not see it any more.") if hidden else _("The room can see it again."))


def _question_id(request: HttpRequest) -> int:
    return id_in(request.POST.get("question", ""))


def _wanted(request: HttpRequest) -> Correction:
    if "voided" in request.POST:
        return voiding({"voided": request.POST["voided"] == "true"})
    points: Any = request.POST.get("points", "")
    if points.isascii() and points.isdecimal() and len(points) <= MAX_POINTS_DIGITS:
        points = int(points)
    return regrading({"right": request.POST.getlist("right"), "points": points})
