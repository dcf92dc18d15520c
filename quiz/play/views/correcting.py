"""What a host changes of questions that were judged: during the game and after it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from quiz.play.correction import BadCorrection, Correction, regrading, voiding
from quiz.play.ids import is_id
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, body_of
from quiz.play.views.hosting import refused, seen_version
from quiz.play.views.members import hosted_game, refusing

View = Callable[[HttpRequest, int], HttpResponse]


def correcting(read: Callable[[dict[str, Any]], Correction]) -> View:
    """A view that judges ``question``, by default the newest, as ``read`` finds it in the body."""

    @require_POST
    @refusing
    def view(request: HttpRequest, game_id: int) -> HttpResponse:
        game = hosted_game(request, game_id)
        body = body_of(request)
        seen = seen_version(body)
        try:
            game.correct(_question_id(body), read(body), request.user.get_username(), seen)
        except BadCorrection as error:
            raise Refusal(error.code, 400) from None
        except GameError as error:
            return refused(game, error)
        return JsonResponse({})

    return view


void = correcting(voiding)
regrade = correcting(regrading)


def _question_id(body: dict[str, Any]) -> int | None:
    id = body.get("question")
    if id is not None and not is_id(id):
        raise GameError("no-such-question")
    return id
