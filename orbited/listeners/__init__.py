"""The small servers of ``[listen]`` beside the web site and the broker: for tries, and for looking at the relay.

Each stands in a file of its own; this table says which scheme is which. Orbited 0.7 let them listen on every interface
whatever the line said; ours keep to the host that it names. Pages reach them in memory, as far as ``[access]`` lets
them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from twisted.internet.protocol import ServerFactory

from orbited.listeners.announce import AnnounceFactory
from orbited.listeners.echo import Echo
from orbited.listeners.lineecho import LineEcho
from orbited.listeners.monitor import MonitorFactory
from orbited.listeners.rude import Rude
from orbited.reactor import Clock


def factories(clock: Clock, connections: Callable[[], int]) -> Mapping[str, ServerFactory[Any]]:
    """What listens for each scheme; ``connections`` counts the relay's sessions, for ``monitor``."""
    found: dict[str, Any] = {
        "echo": ServerFactory.forProtocol(Echo),
        "lineecho": ServerFactory.forProtocol(LineEcho),
        "rude": ServerFactory.forProtocol(Rude),
        "announce": AnnounceFactory(clock),
        "monitor": MonitorFactory(clock, connections),
    }
    for factory in found.values():
        factory.noisy = False  # the relay itself says what listens
    return found
