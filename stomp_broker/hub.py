"""Topics: who listens to what, and one message to all of them.

A subscriber is anything with ``deliver(frame)``. A message is encoded once for each :class:`Shape` among its
readers, and all of one shape are handed the same ``bytes`` object: a relay can then frame that object once for all
its browsers, which give every subscription the same id.
"""

from collections.abc import Callable, Hashable
from typing import Protocol

from stomp_broker.messages import Message, Shape, encode_message


class Subscriber(Hashable, Protocol):
    """Who can be handed a frame. It never raises and never waits."""

    def deliver(self, frame: bytes) -> None:
        """Send these bytes on."""


Deliver = Callable[[bytes], None]


class Hub:
    """Subscribers by destination and shape."""

    def __init__(self) -> None:
        self._topics: dict[str, dict[Shape, dict[Subscriber, Deliver]]] = {}
        self._places: dict[Subscriber, set[tuple[str, Shape]]] = {}

    def subscribe(self, destination: str, subscriber: Subscriber, shape: Shape) -> None:
        """Add a subscriber to a topic, from the next message on."""
        self._topics.setdefault(destination, {}).setdefault(shape, {})[subscriber] = subscriber.deliver
        self._places.setdefault(subscriber, set()).add((destination, shape))

    def unsubscribe(self, destination: str, subscriber: Subscriber, shape: Shape) -> None:
        """Take away what :meth:`subscribe` added."""
        self._places[subscriber].remove((destination, shape))
        if not self._places[subscriber]:
            del self._places[subscriber]
        self._leave(destination, subscriber, shape)

    def publish(self, message: Message) -> int:
        """Deliver a message to all who are subscribed now. Gives their number."""
        delivered = 0
        for shape, group in list(self._topics.get(message.destination, {}).items()):
            frame = encode_message(message, shape)
            # A copy, for a delivery may end a connection, and with it a place in the group.
            for deliver in list(group.values()):
                deliver(frame)
            delivered += len(group)
        return delivered

    def forget(self, subscriber: Subscriber) -> None:
        """Take a subscriber out of all topics."""
        for destination, shape in self._places.pop(subscriber, ()):
            self._leave(destination, subscriber, shape)

    def has_acknowledging(self, subscriber: Subscriber) -> bool:
        """Say whether the subscriber acknowledges the messages of a topic. Nothing follows from it, but it may."""
        return any(shape.is_acknowledged for _destination, shape in self._places.get(subscriber, ()))

    def _leave(self, destination: str, subscriber: Subscriber, shape: Shape) -> None:
        groups = self._topics[destination]
        del groups[shape][subscriber]
        if not groups[shape]:
            del groups[shape]
        if not groups:
            del self._topics[destination]
