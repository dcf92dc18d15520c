"""Names of destinations, and the form in which each broker wants them.

Ours look like paths, ``/games/7/status``, and are what code and pages use. Our own broker takes them as they are (form
``plain``). RabbitMQ and ActiveMQ read them differently or not at all; ``/topic/a.b.c`` and ``/queue/a.b.c`` are the
only spellings that mean the same on both, so the forms ``rabbitmq`` and ``activemq`` use these. The mapping has an
exact inverse because a segment of ours never contains a dot.

At RabbitMQ everything is a topic: who may send to ``/queue/…`` there needs a right that covers every queue of the
broker. What is a queue to us is read there from a queue that is bound to the topic, see :func:`queue_headers`.
"""

import re
from collections.abc import Collection, Iterable

from django.conf import settings

from quiz.live.errors import DestinationError

FORMS = ("plain", "rabbitmq", "activemq")

# Characters; the width of the database's column, and well below the 255 bytes of an AMQP routing key with its prefix.
MAX_DESTINATION_LENGTH = 200

# No dots (our separator at RabbitMQ), and none of the wildcards * # > of any broker.
_NAME = re.compile(r"(?:/[A-Za-z0-9_-]+)+")
_QUEUE_FORMS = ("activemq",)

# Messages under way to one of our readers at ActiveMQ; by itself it sends one and waits for its acknowledgement.
PREFETCH = 1_000

# Milliseconds after which RabbitMQ forgets a queue of a game that nobody reads any more. Answers count for minutes.
ABANDONED_QUEUE_MS = 3_600_000

_BROKER_NAME = re.compile(r"/(?:topic|queue)/([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)")


def check(destination: str) -> str:
    """Give the name back when it is one of ours, else raise ``DestinationError``."""
    if len(destination) > MAX_DESTINATION_LENGTH:
        raise DestinationError(f"destination is longer than {MAX_DESTINATION_LENGTH} characters")
    if not _NAME.fullmatch(destination):
        raise DestinationError(f"{destination!r} is not like '/a/b': segments of letters, digits, '_' and '-'")
    return destination


def to_broker(destination: str, form: str, queue_endings: Collection[str] = ()) -> str:
    """The broker's spelling of our name; a topic, or a queue when its last segment is in ``queue_endings``."""
    if form == "plain":
        return destination
    segments = destination.strip("/").split("/")
    kind = "queue" if form in _QUEUE_FORMS and segments[-1] in queue_endings else "topic"
    return f"/{kind}/{'.'.join(segments)}"


def from_broker(name: str, form: str) -> str:
    """Our name for a destination as the broker spelled it in a MESSAGE."""
    if form == "plain":
        return name
    match = _BROKER_NAME.fullmatch(name)
    if not match:
        raise DestinationError(f"{name!r} is not a name that we gave to a {form} broker")
    return "/" + match[1].replace(".", "/")


def spelled(destination: str) -> str:
    """Our name as the configured broker wants it."""
    return to_broker(destination, settings.STOMP_DESTINATIONS, getattr(settings, "LIVE_QUEUE_ENDINGS", ()))


def named(spelling: str) -> str:
    """Our name for what the configured broker spells so; ``DestinationError`` for what is none of ours."""
    return from_broker(spelling, settings.STOMP_DESTINATIONS)


def spellings(destinations: Iterable[str]) -> dict[str, str]:
    """What a page needs to know: the configured broker's spelling of each of these names."""
    return {destination: spelled(destination) for destination in destinations}


def queue_headers(destination: str) -> dict[str, str]:
    """What a SUBSCRIBE to one of our queues says besides, so that messages wait there and each goes to one reader."""
    if settings.STOMP_DESTINATIONS == "activemq":
        return {"activemq.prefetchSize": str(PREFETCH)}
    if settings.STOMP_DESTINATIONS != "rabbitmq":
        return {}
    return {
        "x-queue-name": destination.strip("/").replace("/", "."),
        "durable": "true",
        "auto-delete": "false",
        "x-expires": str(ABANDONED_QUEUE_MS),
    }
