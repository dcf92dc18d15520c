"""The live pages of players and hosts, and the QR codes that lead to the door and to the remote control."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from quiz.live.clock import now_ms
from quiz.live.settings import relay
from quiz.play import looks, messages, presence, snapshot
from quiz.play.doorkeys import key_of
from quiz.play.models import Game, Knock, Player
from quiz.play.sheet import rules, rules_for
from quiz.play.views.answers import Refusal
from quiz.play.views.callers import KEY
from quiz.play.views.joining import again_in_ms
from quiz.play.views.members import knocked, player_in, seated_at_old_pin
from quiz.play.views.playing import host_broker, host_ticket, player_broker

ANSWER_LINE_MS = 2_500
"""After so long without a word on it a page sends an answer again, over HTTP: a full hall is answered sooner."""

MEMBER_CALLS = ("state", "events", "ticket")
"""What these answer depends on the role in which a member asks."""

PLAYER_CALLS = (*MEMBER_CALLS, "answer", "away", "team", "follow", "leave", "ask", "practice", "texts")
STEP_CALLS = ("start", "next", "skip", "show", "pause", "resume", "lock", "kick", "void", "finish", "replay")
DOOR_CALLS = ("rename", "guard", "admit", "refuse", "sweep", "restore", "regroup", "renumber", "allow")
HOST_CALLS = (*MEMBER_CALLS, *STEP_CALLS, *DOOR_CALLS, "hide", "here", "cohost", "handover")
OWN_CALLS = ("own_next", "own_link")
PEOPLE_CALLS = ("kick", "rename", "guard", "admit", "refuse", "sweep", "restore", "allow")
OWN_HOST_CALLS = ("state", "own_closing", "own_progress", "finish", *PEOPLE_CALLS)


@gzip_page
@never_cache
@require_GET
def player(request: HttpRequest, pin: str) -> HttpResponse:
    """The player's page; strangers are led to the door."""
    game = _game_at(request, pin) if pin.isdecimal() else None
    knock = knocked(request, game.pk) if game else None
    if isinstance(knock, Knock):
        return _at_the_door(request, knock)
    try:
        who = player_in(request, game.pk if game else 0)
    except Refusal:
        return redirect(f"{reverse('join')}?{urlencode({'pin': pin})}")
    presence.arrived(who, now_ms(), presence.PRESENT_MS)
    alone = who.game.is_self_paced
    calls = (*PLAYER_CALLS, *OWN_CALLS) if alone else PLAYER_CALLS
    page = _page(who.game, "player", calls, state=snapshot.for_player(who))
    page |= {"ticket": who.ticket(), "broker": player_broker(who), "line_ms": ANSWER_LINE_MS}
    page |= {"status": who.told, "texts": _texts(who)}
    page["urls"] |= {call: f"{page['urls'][call]}?as=player" for call in MEMBER_CALLS}
    template = "play/selfpaced/player.html" if alone else "play/player.html"
    return render(request, template, {"page": page, "rules": rules_for(who)})


def _texts(player: Player) -> str:
    """Of texts that stay on the wall: whether this player has them here too, may have them, or ""."""
    if not player.game.hides_texts:
        return ""
    if player.reads_texts:
        return "given"
    return "offered" if player.game.chosen.own_text else ""


def _game_at(request: HttpRequest, pin: str) -> Game | None:
    """The newest game with that PIN; for who sits in it also one that had it before."""
    return seated_at_old_pin(request, pin) or Game.objects.filter(pin=pin).order_by("-id").first()


def _at_the_door(request: HttpRequest, knock: Knock) -> HttpResponse:
    page = {"urls": {"door": reverse("play:door", args=[knock.door.game_id])}, "again_in_ms": again_in_ms(knock)}
    return render(request, "play/waiting.html", {"knock": knock, "game": knock.door.game, "page": page})


@gzip_page
@never_cache
@login_required
@require_GET
def host(request: HttpRequest, game_id: int) -> HttpResponse:
    """The host's page, for a projector."""
    return _hosts_page(request, game_id, remote=False)


@gzip_page
@never_cache
@login_required
@require_GET
def remote(request: HttpRequest, game_id: int) -> HttpResponse:
    """The host's page as a remote control, for a phone."""
    return _hosts_page(request, game_id, remote=True)


def _hosts_page(request: HttpRequest, game_id: int, *, remote: bool) -> HttpResponse:
    game = get_object_or_404(Game.objects.hosted_by(request.user.pk), pk=game_id)
    if game.is_self_paced:
        return _self_paced_page(request, game)
    page = _page(game, "host", HOST_CALLS, state=snapshot.for_host(game))
    page |= {"ticket": host_ticket(game, request.user.pk), "broker": host_broker(game, request.user.pk)}
    page |= {"quiz": game.quiz_id, "join_url": join_address(request), "qr_url": reverse("play:qr", args=[game.pk])}
    page |= {"options": game.chosen.form(), "user": request.user.get_username(), "remote": remote, "status": game.wall}
    page |= {"remote_url": reverse("play:remote", args=[game.pk])}
    page |= {"remote_qr_url": reverse("play:remote_qr", args=[game.pk])}
    return render(request, "play/host.html", {"page": page, "game": game, "rules": rules(game)})


def _self_paced_page(request: HttpRequest, game: Game) -> HttpResponse:
    page = _page(game, "host", OWN_HOST_CALLS, state=snapshot.for_host(game))
    page |= {"join_link": join_link(request, game), "qr_url": reverse("play:qr", args=[game.pk])}
    return render(request, "play/selfpaced/host.html", {"page": page, "game": game, "rules": rules(game)})


@login_required
@require_GET
def qr(request: HttpRequest, game_id: int) -> HttpResponse:
    """A QR code of the game's door, as SVG."""
    game = get_object_or_404(Game.objects.hosted_by(request.user.pk), pk=game_id)
    return _qr_code(join_link(request, game))


@login_required
@require_GET
def remote_qr(request: HttpRequest, game_id: int) -> HttpResponse:
    """A QR code of the game's remote control, as SVG: it lets nobody in, a login does."""
    game = get_object_or_404(Game.objects.hosted_by(request.user.pk), pk=game_id)
    return _qr_code(absolute(request, reverse("play:remote", args=[game.pk])))


def _qr_code(address: str) -> HttpResponse:
    image = BytesIO()
    segno.make(address, micro=False).save(image, kind="svg", border=2, scale=8, xmldecl=False, light="#fff")
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


def join_address(request: HttpRequest) -> str:
    """The door as players reach it: at ``SITE_URL``, else where the host came from."""
    return absolute(request, reverse("join"))


def join_link(request: HttpRequest, game: Game) -> str:
    """Where the game's QR code leads: its door, PIN and key in hand."""
    return f"{join_address(request)}?{urlencode({'pin': game.pin, KEY: key_of(game)})}"


def absolute(request: HttpRequest, path: str) -> str:
    """An address of this site as others reach it."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)


def _page(game: Game, role: str, calls: tuple[str, ...], *, state: messages.Data) -> dict[str, Any]:
    urls = {call: reverse(f"play:{call}", args=[game.pk]) for call in calls}
    return {
        "role": role,
        "state": state,
        "teaming": game.chosen.teaming,
        "language": game.language,
        **looks.of(game.questions.order_by().values_list("kind", flat=True).distinct()),
        "relay": relay(),
        "urls": urls | {"home": reverse("home"), "time": reverse("play:time"), "again": reverse("play:open")},
    }
