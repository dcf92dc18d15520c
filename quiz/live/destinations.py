"""Names of destinations, and the form in which each broker wants them.

Ours look like paths, ``/games/7/status``, and are what code, tickets and pages use. Our own broker takes them as they
are (form ``plain``). RabbitMQ and ActiveMQ read them differently or not at all; ``/topic/a.b.c`` and ``/queue/a.b.c``
are the only spellings that mean the same on both, so the forms ``rabbitmq`` and ``activemq`` use these. The mapping has
an exact inverse because a segment of ours never contains a dot.
"""

import re
from collections.abc import Collection

from quiz.live.errors import DestinationError

FORMS = ("plain", "rabbitmq", "activemq")

# Characters; the width of the database's column, and well below the 255 bytes of an AMQP routing key with its prefix.
MAX_DESTINATION_LENGTH = 200

# No dots (our separator at RabbitMQ), and none of the wildcards * # > of any broker.
_NAME = re.compile(r"(?:/[A-Za-z0-9_-]+)+")
_BROKER_NAME = re.compile(r"/(?:topic|queue)/([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)")


def check(destination: str) -> str:
    """Give the name back when it is one of ours, else raise ``DestinationError``."""
    if len(destination) > MAX_DESTINATION_LENGTH:
        raise DestinationError(f"destination is longer than {MAX_DESTINATION_LENGTH} characters")
    if not _NAME.fullmatch(destination):
        raise DestinationError(f"{destination!r} is not like '/a/b': segments of letters, digits, '_' and '-'")
    return destination


def to_broker(destination: str, form: str, queue_endings: Collection[str] = ()) -> str:
    """The broker's spelling of our name; a queue when its last segment is in ``queue_endings``, else a topic."""
    if form == "plain":
        return destination
    segments = destination.strip("/").split("/")
    kind = "queue" if segments[-1] in queue_endings else "topic"
    return f"/{kind}/{'.'.join(segments)}"


def from_broker(name: str, form: str) -> str:
    """Our name for a destination as the broker spelled it in a MESSAGE."""
    if form == "plain":
        return name
    match = _BROKER_NAME.fullmatch(name)
    if not match:
        raise DestinationError(f"{name!r} is not a name that we gave to a {form} broker")
    return "/" + match[1].replace(".", "/")
