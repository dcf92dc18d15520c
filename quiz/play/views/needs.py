"""What one player needs, in private: a player asks, a host gives."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from quiz.play import needs
from quiz.play.allowance import ALLOWANCES
from quiz.play.guessing import TooOften
from quiz.play.ids import is_id
from quiz.play.models import Game
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, body_of
from quiz.play.views.hosting import step
from quiz.play.views.members import acting_player, player_in, refusing


def _give_time(game: Game, body: dict[str, Any], seen: int | None) -> None:
    player, allowance = body.get("player"), body.get("allowance")
    if not is_id(player):
        raise GameError("no-such-player")
    if type(allowance) is not int or allowance not in ALLOWANCES:
        raise Refusal("bad-allowance", 400)
    needs.give_time(game, player, allowance)


allow = step(_give_time)


@require_POST
@refusing
def ask(request: HttpRequest, game_id: int) -> HttpResponse:
    """A player asks the hosts for more time, or takes that back (``"asks": false``)."""
    player, asks = acting_player(request, game_id), body_of(request).get("asks", True)
    if not isinstance(asks, bool):
        raise Refusal("bad-json", 400)
    try:
        needs.ask_for_time(player, asks)
    except TooOften as error:
        raise Refusal(error.code, 429, retry_after_ms=error.wait_ms) from None
    return JsonResponse({})


@require_POST
@refusing
def texts(request: HttpRequest, game_id: int) -> HttpResponse:
    """A player has all texts on their own phone, or no longer (``"wanted": false``).

    The answer says where the game is told to this player from now on: what needs a new ticket, or the page again.
    """
    player, wanted = player_in(request, game_id), body_of(request).get("wanted", True)
    if not isinstance(wanted, bool):
        raise Refusal("bad-json", 400)
    try:
        needs.read_texts(player, wanted)
    except GameError as error:
        raise Refusal(error.code, 409) from None
    return JsonResponse({"status": player.told})
