"""The door: PIN, nickname, and the way back in."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quiz.live.settings import relay
from quiz.play import joining, names, nicknames, snapshot
from quiz.play.errors import MESSAGES
from quiz.play.models import Game, Player
from quiz.play.nicknames import NicknameError
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, fields_of, sent_json, wants_json
from quiz.play.views.members import refusing, seated, take_seat
from quiz.play.views.playing import player_broker

STATUS = {"game-not-found": 404, "not-a-player": 404}
"""Other errors of the game are 409, of the nickname 400."""


def csrf_for_forms(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the CSRF token unless the body is JSON, which no form of another site can send.

    A JSON call neither reads nor sets a cookie, so there is nothing that another site could misuse.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        chosen = view if sent_json(request) else protected
        return chosen(request, *args, **kwargs)

    return wrapped


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The page that asks for a PIN."""
    return render(request, "play/home.html", {"pin": "", "error": ""})


@csrf_for_forms
@require_http_methods(["GET", "POST"])
@refusing
def join(request: HttpRequest) -> HttpResponse:
    """GET: the page that asks for a nickname. POST: take part."""
    if request.method == "GET":
        return _ask_for_nickname(request, request.GET.get("pin", ""))
    fields = fields_of(request)
    pin, nickname = str(fields.get("pin", "")), str(fields.get("nickname", ""))
    try:
        player, token = joining.join(pin, nickname)
    except joining.NicknameTaken as error:
        return _back_to_seat(request, pin, nickname) or _refused(request, error, pin, nickname)
    except (GameError, NicknameError) as error:
        return _refused(request, error, pin, nickname)
    if wants_json(request):
        return JsonResponse(admission(player, token), status=201)
    take_seat(request, player)
    return redirect("play:player", pin=player.game.pin)


@csrf_for_forms
@require_POST
@refusing
def resume(request: HttpRequest) -> HttpResponse:
    """Bring a player back who has a resume token."""
    token = str(fields_of(request).get("resume", ""))
    try:
        player = joining.resume(token)
    except GameError as error:
        raise Refusal(error.code, STATUS[error.code]) from None
    if not sent_json(request):
        take_seat(request, player)
    return JsonResponse(admission(player, token))


def admission(player: Player, token: str) -> dict[str, object]:
    """All that a player's page or program needs."""
    return {
        "game": player.game_id,
        "player": player.pk,
        "ticket": player.ticket(),
        "resume": token,
        "relay": relay(),
        "broker": player_broker(player),
        "state": snapshot.for_player(player),
    }


def _ask_for_nickname(request: HttpRequest, pin: str) -> HttpResponse:
    if not pin:
        return home(request)
    game = _running(pin)
    if game is None:
        return _wrong_pin(request, pin)
    return _nickname_page(request, game, suggestion=names.friendly(get_language()))


def _back_to_seat(request: HttpRequest, pin: str, nickname: str) -> HttpResponse | None:
    """Who opens the door's link again and types the same name is no second player."""
    game = _running(pin)
    player = seated(request, game.pk) if game and not wants_json(request) else None
    if player is None or player.nickname_key != nicknames.key(nicknames.clean(nickname)):
        return None
    return redirect("play:player", pin=player.game.pin)


def _refused(request: HttpRequest, error: GameError | NicknameError, pin: str, nickname: str) -> HttpResponse:
    status = 400 if isinstance(error, NicknameError) else STATUS.get(error.code, 409)
    suggestion = error.suggestion if isinstance(error, joining.NicknameTaken) else ""
    if wants_json(request):
        more = {"suggestion": suggestion} if suggestion else {}
        raise Refusal(error.code, status, **more)
    if isinstance(error, NicknameError):
        suggestion = names.friendly(get_language())
    game = _running(pin)
    if game is None:
        return _wrong_pin(request, pin)
    context = {"nickname": nickname[:120], "error": MESSAGES[error.code], "suggestion": suggestion}
    return _nickname_page(request, game, status=status, **context)


def _running(pin: str) -> Game | None:
    try:
        return joining.find(pin)
    except GameError:
        return None


def _wrong_pin(request: HttpRequest, pin: str) -> HttpResponse:
    context = {"pin": pin, "error": MESSAGES["game-not-found"]}
    return render(request, "play/home.html", context, status=STATUS["game-not-found"])


def _nickname_page(request: HttpRequest, game: Game, *, status: int = 200, **context: object) -> HttpResponse:
    context = {"game": game, "player": seated(request, game.pk), "nickname": "", "error": "", **context}
    return render(request, "play/join.html", context, status=status)
