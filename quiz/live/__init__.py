"""Publish and subscribe for Django: outbox, tickets, one kept STOMP connection. Knows nothing of games.

``from quiz import live``, then ``live.publish(destination, type, data)`` in the transaction that changed something.
What is named in ``__all__`` is what other apps use.

Settings: ``STOMP_HOST STOMP_PORT STOMP_LOGIN STOMP_PASSCODE STOMP_TICKET_KEY STOMP_DESTINATIONS STOMP_GATE_PORT``,
``ORBITED_HOST ORBITED_PORT ORBITED_MEDIA_URL``, ``LIVE_LOGIN_ONLY`` (paths below which no ticket counts); and, if
wanted, ``LIVE_BACKEND`` (dotted path, see ``backend.py``) and ``LIVE_QUEUE_ENDINGS`` (last segments of destinations
that are queues at ActiveMQ).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quiz.live import tickets as tickets
    from quiz.live.drainer import drain as drain
    from quiz.live.history import events_after as events_after
    from quiz.live.history import events_of as events_of
    from quiz.live.history import forget as forget
    from quiz.live.history import last_seq as last_seq
    from quiz.live.memory import outbox as outbox
    from quiz.live.publisher import cut as cut
    from quiz.live.publisher import publish as publish
    from quiz.live.publisher import send as send
    from quiz.live.publisher import send_many as send_many

__all__ = [
    "cut",
    "drain",
    "events_after",
    "events_of",
    "forget",
    "last_seq",
    "outbox",
    "publish",
    "send",
    "send_many",
    "tickets",
]

_HOMES = {
    "cut": "publisher",
    "drain": "drainer",
    "events_after": "history",
    "events_of": "history",
    "forget": "history",
    "last_seq": "history",
    "outbox": "memory",
    "publish": "publisher",
    "send": "publisher",
    "send_many": "publisher",
}


def __getattr__(name: str) -> object:
    """Find a public name on first use: Django imports this package before models can be."""
    if name == "tickets":
        return import_module("quiz.live.tickets")
    if name in _HOMES:
        return getattr(import_module(f"quiz.live.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
