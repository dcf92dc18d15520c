"""Who stands at the door, as limits and removals know them."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from quiz.addresses import client_address, fingerprint, is_unlimited
from quiz.play.guessing import Caller
from quiz.play.models.player import hash_of
from quiz.play.views.answers import sent_json

DEVICE = "device"
"""The cookie, and the field of a JSON body, by which a removed player is known again."""

KEY = "key"
"""The parameter of the door's link, the field of its form and of a JSON body."""

DEVICE_SECONDS = 30 * 24 * 3600
"""Longer than any game; who comes back to another game after that is a new device."""

MAX_DEVICE = 64
"""Characters of one that a program makes."""


def caller_of(request: HttpRequest, fields: dict[str, Any]) -> Caller:
    """Whoever sent this request; a JSON call reads no cookie and may name its device itself."""
    address = client_address(request)
    device = fields.get(DEVICE, "") if sent_json(request) else request.COOKIES.setdefault(DEVICE, new_device())
    known = isinstance(device, str) and 0 < len(device) <= MAX_DEVICE
    return Caller(
        address=fingerprint(address),
        device=hash_of(device) if known else "",
        key=key_in(request, fields),
        unlimited=is_unlimited(address),
    )


def key_in(request: HttpRequest, fields: dict[str, Any]) -> str:
    """The door's key, as the link brings it or as the form hands it on; "" without."""
    key = fields.get(KEY, request.GET.get(KEY, ""))
    return key if isinstance(key, str) else ""


def mark(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Have the browser keep its device; called after :func:`caller_of`."""
    device = request.COOKIES.setdefault(DEVICE, new_device())
    response.set_cookie(
        DEVICE, device, max_age=DEVICE_SECONDS, httponly=True, secure=settings.HTTPS, samesite="Lax", path="/join/"
    )
    return response


def new_device() -> str:
    """128 bits that say nothing of the device."""
    return secrets.token_urlsafe(16)
