"""Before the game: a page on which a host sees whether this place, its network and this server are up to it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from quiz import live
from quiz.live.clock import now_ms
from quiz.live.settings import broker, relay
from quiz.play import capacity, destinations, messages, yardstick
from quiz.play.views.answers import Refusal, body_of
from quiz.play.views.members import refusing

TICKET_S = 10 * 60
"""A page that stays open longer is loaded anew before it looks again."""

MAX_NONCE = 64
"""Characters; the page makes 36."""

MEASURED_FOR_S = 10
"""What was found of the machine is good for so long: many who press the button make no load."""

CALLS = ("time", "echo", "capacity")


@never_cache
@login_required
@ensure_csrf_cookie
@require_GET
def preflight(request: HttpRequest) -> HttpResponse:
    """The page; it looks by itself as soon as it is open."""
    own = _own(request)
    subject = f"user:{request.user.pk}"
    page = {
        "destination": own,
        "ticket": live.tickets.make(subject, read=[own], write=[], seconds=TICKET_S),
        "relay": relay(),
        "broker": broker(subject, [own]),
        "urls": {call: reverse(f"play:preflight-{call}") for call in CALLS},
    }
    return render(request, "play/preflight.html", {"page": page})


@never_cache
@login_required
@require_GET
def time(request: HttpRequest) -> JsonResponse:
    """The server's clock."""
    return JsonResponse({"server_time": now_ms()})


@never_cache
@login_required
@require_POST
@refusing
def echo(request: HttpRequest) -> JsonResponse:
    """Send what came to the caller's page, the way that a game's messages go."""
    nonce = body_of(request).get("nonce")
    if not isinstance(nonce, str) or not 0 < len(nonce) <= MAX_NONCE or not nonce.isascii():
        raise Refusal("bad-nonce", 400)
    live.send(_own(request), messages.ECHO, messages.echo(nonce=nonce))
    return JsonResponse({})


@never_cache
@login_required
@require_POST
def how_many(request: HttpRequest) -> JsonResponse:
    """About how many players this machine can hold now."""
    return JsonResponse(cache.get_or_set("preflight-capacity", _capacity, MEASURED_FOR_S) or {})


def _own(request: HttpRequest) -> str:
    """Where messages to the caller's page go."""
    return destinations.preflight(int(request.user.pk or 0))


def _capacity() -> dict[str, Any]:
    estimate = capacity.capacity(yardstick.machine())
    return {"players": estimate.players, "bound": estimate.bound.value}
