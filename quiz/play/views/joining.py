"""The door: PIN, nickname, and the way back in."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from quiz.play import guessing, joining, names, naming, nicknames
from quiz.play.errors import MESSAGES
from quiz.play.guessing import TooOften
from quiz.play.models import Game, Knock, Player
from quiz.play.nicknames import NicknameError
from quiz.play.options import Names
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, fields_of, retry_after, sent_json, wants_json
from quiz.play.views.callers import KEY, caller_of, key_in, mark
from quiz.play.views.members import knocked, refusing, remember_knock, seated, seated_at_the_end, take_seat
from quiz.play.views.playing import admission

STATUS = {"game-not-found": 404, "not-a-player": 404, "removed": 403, "too-many-tries": 429, "door-busy": 429}
"""Other errors of the game are 409, of the nickname 400."""

SHORTEST_WAIT_MS = 2_000
LONGEST_WAIT_MS = 20_000
ASKED_A_SECOND = 50
"""How often all who wait at one door may ask together whether they are in."""


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


@gzip_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page that asks for a PIN."""
    return render(request, "play/home.html", {"pin": "", "error": ""})


@gzip_page
@csrf_for_forms
@require_http_methods(["GET", "POST"])
@refusing
def join(request: HttpRequest) -> HttpResponse:
    """GET: the page that asks for a nickname. POST: take part, or wait to be let in."""
    if request.method == "GET":
        return _ask_for_nickname(request, request.GET.get("pin", ""))
    fields = fields_of(request)
    pin, nickname, caller = str(fields.get("pin", "")), fields.get("nickname"), caller_of(request, fields)
    nickname = nickname if isinstance(nickname, str) else ""
    try:
        who, token = joining.join(pin, nickname, caller)
    except naming.NicknameTaken as error:
        return _back_to_seat(request, pin, nickname) or _refused(request, error, pin, nickname)
    except (GameError, NicknameError) as error:
        return _refused(request, error, pin, nickname)
    if wants_json(request):
        return _admitted(who, token, status=201)
    if isinstance(who, Knock):
        remember_knock(request, who)
    else:
        take_seat(request, who)
    return mark(request, redirect("play:player", pin="".join(pin.split())))


@csrf_for_forms
@require_POST
@refusing
def resume(request: HttpRequest) -> HttpResponse:
    """Bring a player back who has a resume token, or say to somebody at the door how it stands."""
    token = str(fields_of(request).get("resume", ""))
    try:
        who = joining.resume(token)
    except GameError as error:
        raise Refusal(error.code, STATUS[error.code]) from None
    if isinstance(who, Player) and not sent_json(request):
        take_seat(request, who)
    return _admitted(who, token, status=200)


@never_cache
@require_GET
@refusing
def door(request: HttpRequest, game_id: int) -> HttpResponse:
    """For the page of somebody who waits: how it stands, and when to ask again."""
    who = knocked(request, game_id)
    if who is None:
        raise Refusal("not-a-player", 403)
    if isinstance(who, Knock) and who.refused_at is None:
        return JsonResponse({"door": "waiting", "again_in_ms": again_in_ms(who)})
    return JsonResponse({"door": "refused" if isinstance(who, Knock) else "open"})


def again_in_ms(knock: Knock) -> int:
    """When somebody who waits may ask again: the later, the more are waiting."""
    shared = knock.door.waiting().count() * 1000 // ASKED_A_SECOND
    return min(max(shared, SHORTEST_WAIT_MS), LONGEST_WAIT_MS)


def _admitted(who: Player | Knock, token: str, *, status: int) -> HttpResponse:
    if isinstance(who, Player):
        return JsonResponse(admission(who, token), status=status)
    waits = {"game": who.door.game_id, "resume": token, "again_in_ms": again_in_ms(who)}
    return JsonResponse(waits, status=202)


def _ask_for_nickname(request: HttpRequest, pin: str) -> HttpResponse:
    if not pin:
        return home(request)
    if seated_at_the_end(request, pin):
        return redirect("play:player", pin=pin)
    try:
        game = guessing.find(pin, caller_of(request, {}))
    except GameError as error:
        return _wrong_pin(request, pin, error)
    return _nickname_page(request, game, suggestion=names.friendly(get_language()))


def _back_to_seat(request: HttpRequest, pin: str, nickname: str) -> HttpResponse | None:
    """Who opens the door's link again and types the same name is no second player."""
    game = guessing.find(pin)
    player = seated(request, game.pk) if not wants_json(request) else None
    if player is None or player.nickname_key != nicknames.key(nicknames.clean(nickname)):
        return None
    return redirect("play:player", pin=player.game.pin)


def _refused(request: HttpRequest, error: GameError | NicknameError, pin: str, nickname: str) -> HttpResponse:
    status = 400 if isinstance(error, NicknameError) else STATUS.get(error.code, 409)
    suggestion = error.suggestion if isinstance(error, naming.NicknameTaken) else ""
    wait_ms = error.wait_ms if isinstance(error, TooOften) else 0
    if wants_json(request):
        more = {"suggestion": suggestion, "retry_after_ms": wait_ms}
        raise Refusal(error.code, status, **{name: value for name, value in more.items() if value})
    if error.code in ("game-not-found", "too-many-tries"):
        return _wrong_pin(request, pin, error)
    if isinstance(error, NicknameError):
        suggestion = names.friendly(get_language())
    context = {"nickname": nickname[:120], "error": MESSAGES[error.code], "suggestion": suggestion, "wait_ms": wait_ms}
    return _waits(_nickname_page(request, guessing.find(pin), status=status, **context), wait_ms)


def _wrong_pin(request: HttpRequest, pin: str, error: GameError | NicknameError) -> HttpResponse:
    wait_ms = error.wait_ms if isinstance(error, TooOften) else 0
    context = {"pin": pin, "error": MESSAGES[error.code], "wait_s": -(-wait_ms // 1000)}
    return _waits(render(request, "play/home.html", context, status=STATUS[error.code]), wait_ms)


def _waits(response: HttpResponse, wait_ms: int) -> HttpResponse:
    for name, value in retry_after(wait_ms).items():
        response[name] = value
    return response


def _nickname_page(request: HttpRequest, game: Game, *, status: int = 200, **context: object) -> HttpResponse:
    offers = naming.offers(game, get_language()) if game.chosen.names == Names.FRIENDLY else []
    context = {
        "game": game,
        "player": seated(request, game.pk),
        "nickname": "",
        "error": "",
        "key": request.POST.get(KEY) or key_in(request, {}),
        "offers": offers,
        **context,
    }
    return render(request, "play/join.html", context, status=status)
