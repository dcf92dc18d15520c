"""What members of a game ask for: its state, its events, a fresh ticket; and the answer they give."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from quiz import live
from quiz.live import tickets
from quiz.live.clock import now_ms
from quiz.live.settings import broker, relay
from quiz.play import answering, destinations, following, messages, people, practice, presence, snapshot
from quiz.play.models import Game, Player
from quiz.play.models.player import TICKET_SECONDS
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal, body_of, fields_of
from quiz.play.views.members import acting_player, asks_as_host, game_with, player_in, refusing, take_seat

EVENTS_A_PAGE = 200
"""Events of one answer; who missed more should read the state."""


@require_POST
@refusing
def answer(request: HttpRequest, game_id: int) -> HttpResponse:
    """Take a player's answer; the time that counts is taken first of all."""
    received_at = now_ms()
    player = heard_player(request, game_id, received_at)
    try:
        stored = answering.take(player, body_of(request), received_at)
    except answering.BadAnswer as error:
        raise Refusal(error.code, 400) from None
    except answering.AlreadyAnswered as error:
        raise Refusal(error.code, 409, answer=error.answer.acknowledgement()) from None
    except GameError as error:
        raise Refusal(error.code, 409) from None
    return JsonResponse(stored.acknowledgement())


@require_POST
@refusing
def practise(request: HttpRequest, game_id: int) -> HttpResponse:
    """Acknowledge a player's try of the practice question, for pages whose line does not carry it."""
    heard_player(request, game_id, now_ms())
    name = practice.name_of(body_of(request))
    if not name:
        raise Refusal("bad-practice", 400)
    return JsonResponse(messages.practice(practice=name))


@never_cache
@require_GET
def time(request: HttpRequest) -> HttpResponse:
    """Nothing but the server's time, which each answer has in its head: for pages that have not asked for long."""
    return HttpResponse(status=204)


@never_cache
@require_GET
@refusing
def state(request: HttpRequest, game_id: int) -> HttpResponse:
    """The snapshot, for the game's members."""
    game = game_with(game_id)
    if asks_as_host(request, game):
        return JsonResponse(snapshot.for_host(game))
    return JsonResponse(snapshot.for_player(heard_player(request, game_id, now_ms())))


@require_POST
@refusing
def away(request: HttpRequest, game_id: int) -> HttpResponse:
    """The player's page with that ``seat`` was left: nobody waits for this player, who may be in another by now."""
    player = player_in(request, game_id)
    if fields_of(request).get("seat", player.seat) in (player.seat, str(player.seat)):
        presence.left(player, now_ms())
    return JsonResponse({})


@require_POST
@refusing
def leave(request: HttpRequest, game_id: int) -> HttpResponse:
    """Give the place in the lobby up; whoever comes back later has it again."""
    try:
        people.leave(player_in(request, game_id))
    except GameError as error:
        raise Refusal(error.code, 409) from None
    return JsonResponse({})


@require_POST
@refusing
def follow(request: HttpRequest, game_id: int) -> HttpResponse:
    """Bring a player into the game that follows: a page by its session, a program by its ticket."""
    try:
        player, token = following.follow(acting_player(request, game_id))
    except GameError as error:
        raise Refusal(error.code, 403 if error.code == "removed" else 409) from None
    if request.ticket is not None:  # type: ignore[attr-defined]  # set by TicketMiddleware
        return JsonResponse(admission(player, token), status=201)
    take_seat(request, player)
    return JsonResponse({"url": reverse("play:player", args=[player.game.pin])})


def admission(player: Player, token: str) -> dict[str, object]:
    """All that a player's page or program needs; it is here now."""
    presence.arrived(player, now_ms(), presence.QUIET_MS)
    return {
        "game": player.game_id,
        "player": player.pk,
        "ticket": player.ticket(),
        "resume": token,
        "relay": relay(),
        "broker": player_broker(player),
        "state": snapshot.for_player(player),
    }


def heard_player(request: HttpRequest, game_id: int, now: int) -> Player:
    """Who asks, as a player of that game who is therefore here."""
    player = player_in(request, game_id) if request.method == "GET" else acting_player(request, game_id)
    by_page = request.ticket is None  # type: ignore[attr-defined]  # set by TicketMiddleware
    presence.called(player, now, presence.PRESENT_MS if by_page else presence.QUIET_MS)
    return player


@never_cache
@require_GET
@refusing
def events(request: HttpRequest, game_id: int) -> HttpResponse:
    """The status events after ``?after=N`` as whoever asks hears of them, oldest first."""
    told = _told(request, game_id)
    after = request.GET.get("after", "0")
    if not after.isdecimal() or len(after) > 18:
        raise Refusal("bad-json", 400)
    missed = live.events_after(told, int(after), EVENTS_A_PAGE)
    return JsonResponse({"events": [event.envelope() for event in missed]})


@require_POST
@refusing
def ticket(request: HttpRequest, game_id: int) -> HttpResponse:
    """A fresh ticket for whoever asks, host or player."""
    game = game_with(game_id)
    if asks_as_host(request, game):
        return JsonResponse({"ticket": host_ticket(game, request.user.pk)})
    return JsonResponse({"ticket": player_in(request, game_id).ticket()})


def host_ticket(game: Game, user_id: int | None) -> str:
    """A fresh ticket for a host of the game."""
    read = destinations.read_by_host(game.pk)
    return tickets.make(f"user:{user_id}", read=read, write=[], seconds=TICKET_SECONDS)


def host_broker(game: Game, user_id: int | None) -> dict[str, Any]:
    """What a host's page needs to know of the broker."""
    return broker(f"user:{user_id}", destinations.read_by_host(game.pk))


def player_broker(player: Player) -> dict[str, Any]:
    """What a player's page or program needs to know of the broker."""
    return broker(player.subject, [*player.readable, *destinations.written_by_player(player.game_id)])


def _told(request: HttpRequest, game_id: int) -> str:
    game = game_with(game_id)
    return game.wall if asks_as_host(request, game) else player_in(request, game_id).told
