"""What pages and clients are told about where the relay and the broker are, read from Django's settings.

``settings.ORBITED_HOST`` may be empty: then the relay is on the host that the page came from.
"""

from typing import Any

from django.conf import settings

PAGE_SETTINGS = ("ORBITED_HOST", "ORBITED_PORT", "ORBITED_MEDIA_URL", "STOMP_HOST", "STOMP_PORT", "STOMP_DESTINATIONS")


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


def broker() -> dict[str, Any]:
    """Where the relay finds the broker: ``host`` and ``port``, what a page asks its TCPSocket to open."""
    return {"host": settings.STOMP_HOST, "port": settings.STOMP_PORT}
