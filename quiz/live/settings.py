"""What pages and clients are told about where the relay and the broker are, read from Django's settings.

``settings.ORBITED_HOST`` may be empty: then the relay is on the host that the page came from.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from quiz.live.destinations import spellings

PAGE_SETTINGS = ("ORBITED_HOST", "ORBITED_PORT", "ORBITED_MEDIA_URL", "STOMP_HOST", "STOMP_PORT", "STOMP_DESTINATIONS")

RABBITMQ_VIRTUAL_HOST = "/"


def page_settings() -> dict[str, Any]:
    """The settings that a page needs, under their own names."""
    return {name: getattr(settings, name) for name in PAGE_SETTINGS}


def relay() -> dict[str, Any]:
    """Where browsers find the relay: ``host`` (may be empty), ``port`` and ``media_url``, where ``Orbited.js`` lies."""
    return {
        "host": settings.ORBITED_HOST,
        "port": settings.ORBITED_PORT,
        "media_url": settings.ORBITED_MEDIA_URL,
    }


def broker(subject: str, destinations: Iterable[str]) -> dict[str, Any]:
    """What the page of that ticket's subject needs to know of the broker.

    ``host`` and ``port``: what it asks its TCPSocket to open; ``login`` and ``virtual_host``: what its CONNECT says;
    ``destinations``: the broker's spelling of each of its destinations.
    """
    return {
        "host": settings.STOMP_HOST,
        "port": settings.STOMP_PORT,
        "login": subject,
        "virtual_host": virtual_host(),
        "destinations": spellings(destinations),
    }


def virtual_host() -> str:
    """The value of CONNECT's ``host``. RabbitMQ takes it for one of its virtual hosts."""
    host: str = settings.STOMP_HOST
    return RABBITMQ_VIRTUAL_HOST if settings.STOMP_DESTINATIONS == "rabbitmq" else host
