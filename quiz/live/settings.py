"""What pages and clients are told about where the relay and the broker are, read from Django's settings.

``settings.ORBITED_HOST`` may be empty: then the relay is on the host that the page came from.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from quiz.live.destinations import spellings

PAGE_SETTINGS = ("ORBITED_HOST", "ORBITED_PORT", "ORBITED_MEDIA_URL", "STOMP_HOST", "STOMP_PORT", "STOMP_DESTINATIONS")

RABBITMQ_VIRTUAL_HOST = "/"

# Our broker as a gate before ActiveMQ is in the relay's own process.
GATE_HOST = "localhost"


def page_settings() -> dict[str, Any]:
    """The settings that a page needs, under their own names."""
    host, port = broker_address()
    return {name: getattr(settings, name) for name in PAGE_SETTINGS} | {"STOMP_HOST": host, "STOMP_PORT": port}


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
    ``send_headers``: what each SEND says beside its destination; ``destinations``: the broker's spelling of each of its
    destinations.
    """
    host, port = broker_address()
    return {
        "host": host,
        "port": port,
        "login": subject,
        "virtual_host": virtual_host(),
        "send_headers": send_headers(subject),
        "destinations": spellings(destinations),
    }


def send_headers(subject: str) -> dict[str, str]:
    """Who sends it, where the sender has to say so: RabbitMQ refuses another's name, but does not add the right one."""
    return {"user-id": subject} if settings.STOMP_DESTINATIONS == "rabbitmq" else {}


def has_gate() -> bool:
    """Whether pages reach the broker through a gate of ours, because it cannot judge tickets itself."""
    return bool(settings.STOMP_DESTINATIONS == "activemq")


def broker_address() -> tuple[str, int]:
    """Host and port of the broker, or of the gate before it, as pages ask the relay for them."""
    return (GATE_HOST, settings.STOMP_GATE_PORT) if has_gate() else (settings.STOMP_HOST, settings.STOMP_PORT)


def virtual_host() -> str:
    """The value of CONNECT's ``host``. RabbitMQ takes it for one of its virtual hosts."""
    host: str = settings.STOMP_HOST
    return RABBITMQ_VIRTUAL_HOST if settings.STOMP_DESTINATIONS == "rabbitmq" else host
