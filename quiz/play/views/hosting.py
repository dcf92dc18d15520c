"""What a host does: open a game, and each step of it.

Every step has one shape: POST only, login required, only the game's author, one verb of the model; ``{}`` when it
was done, ``{"error": …}`` (409) with the state when the game says no.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from quiz.authoring.models import Quiz
from quiz.live.clock import now_ms
from quiz.play import owning, snapshot
from quiz.play.errors import MESSAGES
from quiz.play.ids import id_in, is_id
from quiz.play.models import Game
from quiz.play.optionform import Refused
from quiz.play.options import Mode, OptionError, Options
from quiz.play.selfpaced import rules
from quiz.play.selfpaced.assigning import assign
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, body_of, fields_of, sent_json, wants_json
from quiz.play.views.members import hosted_game, refusing

CSRF_FIELD = "csrfmiddlewaretoken"
CLOSES_AT = "closes_at"

REFUSED_OPTIONS = "refused-options"
"""The session's key: what a form had that comes back to its author (``optionform.Refused``)."""


@require_POST
@refusing
def open_lobby(request: HttpRequest) -> HttpResponse:
    """A new game of one's own quiz."""
    if not request.user.is_authenticated:
        raise Refusal("login-required", 403)
    fields = fields_of(request)
    quiz = Quiz.objects.filter(owner=request.user, pk=id_in(str(fields.pop("quiz", "")))).first()
    if quiz is None:
        raise Refusal("quiz-not-found", 404)
    try:
        game = opened(request, quiz, fields)
    except rules.BadClosing as error:
        return _not_opened(request, quiz, Refusal(error.code, 400))
    except OptionError as error:
        return _not_opened(request, quiz, Refusal("bad-option", 400, field=error.field))
    except GameError as error:
        return _not_opened(request, quiz, Refusal(error.code, 409))
    url = reverse("play:host", args=[game.pk])
    if not wants_json(request):
        return redirect(url)
    return JsonResponse({"game": game.pk, "pin": game.pin, "url": url}, status=201)


def _not_opened(request: HttpRequest, quiz: Quiz, why: Refusal) -> HttpResponse:
    """For a program the refusal, for a form the quiz again, with a word on it and all that the form had."""
    if wants_json(request):
        return why.response()
    refused = Refused.of(request.POST.dict(), why.more.get("field", ""))
    if refused.form:
        request.session[REFUSED_OPTIONS] = asdict(refused)
    notices.error(request, str(MESSAGES[why.code]))
    return redirect(quiz)


def opened(request: HttpRequest, quiz: Quiz, fields: dict[str, Any]) -> Game:
    """The game as its options say: with its lobby open, or a self-paced one, open until ``closes_at``."""
    owning.ask_for_room(quiz.owner_id, owning.MAX_OPENED)
    closes_at = fields.pop(CLOSES_AT, None)
    options = options_in(request, fields)
    if options.mode is Mode.SELF:
        now = now_ms()
        return assign(quiz, options, rules.closing(closes_at, now), now)
    if closes_at is not None and sent_json(request):
        raise OptionError(CLOSES_AT)
    return Game.open_lobby(quiz, options=options)


def options_in(request: HttpRequest, fields: dict[str, Any]) -> Options:
    """What the host chose, as JSON or by a form; :class:`OptionError`."""
    if sent_json(request):
        return Options.of(fields)
    return Options.of_form({name: text for name, text in fields.items() if name != CSRF_FIELD})


def step(verb: Callable[[Game, dict[str, Any], int | None], None]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view of a step's shape around a verb, which gets the body and the version that the host saw."""

    @require_POST
    @refusing
    def view(request: HttpRequest, game_id: int) -> HttpResponse:
        game = hosted_game(request, game_id)
        body = body_of(request)
        seen = seen_version(body)
        try:
            verb(game, body, seen)
        except GameError as error:
            return refused(game, error)
        return JsonResponse({})

    return view


def _lock(game: Game, body: dict[str, Any], seen: int | None) -> None:
    locked = body.get("locked", True)
    if not isinstance(locked, bool):
        raise Refusal("bad-json", 400)
    game.lock(locked, seen)


def _replay(game: Game, body: dict[str, Any], seen: int | None) -> None:
    game.replay(seen)


def _kick(game: Game, body: dict[str, Any], seen: int | None) -> None:
    player = body.get("player")
    if not is_id(player):
        raise GameError("no-such-player")
    game.kick(player, seen)


start = step(lambda game, body, seen: game.start(seen))
next_ = step(lambda game, body, seen: game.next(seen))
skip = step(lambda game, body, seen: game.skip(seen))
show = step(lambda game, body, seen: game.show(seen))
pause = step(lambda game, body, seen: game.pause(seen))
resume = step(lambda game, body, seen: game.resume(seen))
finish = step(lambda game, body, seen: game.finish(seen))
replay = step(_replay)
lock = step(_lock)
kick = step(_kick)


def seen_version(body: dict[str, Any]) -> int | None:
    """The version of the game that the caller looked at, if it says so."""
    seen = body.get("version")
    if seen is not None and (isinstance(seen, bool) or not isinstance(seen, int)):
        raise Refusal("bad-json", 400)
    return seen


def refused(game: Game, error: GameError) -> HttpResponse:
    """The game said no; with its state, so that the page is right again."""
    return Refusal(error.code, 409, state=snapshot.for_host(game)).response()
