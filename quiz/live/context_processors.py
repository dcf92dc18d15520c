"""What every template may know of the relay and the broker."""

from typing import Any

from django.http import HttpRequest

from quiz.live.settings import page_settings


def live(request: HttpRequest) -> dict[str, Any]:
    """``ORBITED_HOST ORBITED_PORT ORBITED_MEDIA_URL STOMP_HOST STOMP_PORT STOMP_DESTINATIONS``."""
    return page_settings()
