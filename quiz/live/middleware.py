"""Tickets over HTTP, the server's clock, and a content security policy that lets pages reach the relay.

``TicketMiddleware`` stands before ``CsrfViewMiddleware``, ``TicketUserMiddleware`` after ``AuthenticationMiddleware``,
``RelayPolicyMiddleware`` after django-csp's, ``ServerTimeMiddleware`` before whatever takes long.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from quiz.live import tickets
from quiz.live.clock import now_ms
from quiz.live.tickets import Ticket, TicketError

GetResponse = Callable[[HttpRequest], HttpResponse]

SERVER_TIME = "X-Server-Time"
"""Milliseconds since the epoch; HTTP's own Date has only seconds."""


class TicketMiddleware:
    """``Authorization: Bearer <ticket>`` becomes ``request.ticket``, else that is None; a bad one is answered 401.

    A request with a ticket needs no CSRF token: no page of another site can make a browser add this header. Below
    ``settings.LIVE_LOGIN_ONLY`` every ticket is answered 403.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        request.ticket = None  # type: ignore[attr-defined]
        if scheme.lower() == "bearer":
            try:
                request.ticket = tickets.read(token.strip())  # type: ignore[attr-defined]
            except TicketError:
                return _bad_ticket()
            if request.path_info.startswith(tuple(settings.LIVE_LOGIN_ONLY)):
                return _not_for_tickets()
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)


class TicketUserMiddleware:
    """With a ticket, ``request.user`` is the ticket's user and never the session's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ticket: Ticket | None = request.ticket  # type: ignore[attr-defined]
        if ticket:
            request.user = SimpleLazyObject(lambda: _user_of(ticket))  # type: ignore[assignment]
            request.auser = sync_to_async(lambda: _user_of(ticket))  # type: ignore[arg-type,return-value]
        return self.get_response(request)


class RelayPolicyMiddleware:
    """Lets pages connect to the relay, and load its scripts from another origin when they are there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        _add_to_policy(response, "connect-src", _relay_origins(request))
        _add_to_policy(response, "script-src", _media_origins())
        return response


class ServerTimeMiddleware:
    """Each answer says when it was made, so that pages can follow our clock (``static/play/clock.js``)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response[SERVER_TIME] = str(now_ms())
        return response


def _bad_ticket() -> HttpResponse:
    message = gettext("This ticket is not valid, or not any more. Please get a new one.")
    response = JsonResponse({"error": "bad-ticket", "message": message}, status=401)
    response["WWW-Authenticate"] = 'Bearer error="invalid_token"'  # RFC 6750, section 3
    return response


def _not_for_tickets() -> HttpResponse:
    return JsonResponse({"error": "login-required", "message": gettext("Log in first.")}, status=403)


def _user_of(ticket: Ticket) -> AbstractBaseUser | AnonymousUser:
    if ticket.kind != "user":
        return AnonymousUser()
    try:
        user = get_user_model()._default_manager.filter(pk=ticket.name).first()
    except (ValueError, ValidationError):  # Not a key of this user model.
        user = None
    return user if user and user.is_active else AnonymousUser()


def _relay_origins(request: HttpRequest) -> list[str]:
    host = settings.ORBITED_HOST or _host(request)
    if not host:
        return []
    schemes = ("wss", "https") if request.is_secure() else ("ws", "http")
    return [f"{scheme}://{host}:{settings.ORBITED_PORT}" for scheme in schemes]


def _host(request: HttpRequest) -> str:
    """The host that the page came from, without its port; empty for one that we do not answer to."""
    try:
        name = request.get_host()
    except DisallowedHost:
        return ""
    return name if name.endswith("]") else name.rsplit(":", 1)[0] if ":" in name else name


def _media_origins() -> list[str]:
    url = urlsplit(settings.ORBITED_MEDIA_URL)
    return [f"{url.scheme}://{url.netloc}"] if url.netloc else []


def _add_to_policy(response: HttpResponse, directive: str, sources: list[str]) -> None:
    if sources:
        update: dict[str, Any] = getattr(response, "_csp_update", None) or {}
        present = update.get(directive, [])
        present = [present] if isinstance(present, str) else [*present]
        response._csp_update = {**update, directive: present + sources}  # type: ignore[attr-defined]
