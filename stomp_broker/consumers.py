"""Consumers: who reads a queue, and what was delivered to them and is not acknowledged yet."""

import itertools
from collections.abc import Hashable
from typing import Any, NamedTuple, Protocol

from stomp_broker.events import AckMode, Subscription
from stomp_broker.messages import Message, Shape, encode_message

# Messages under way to one subscription. A consumer that acknowledges cumulatively must do so within as many.
MAX_UNACKNOWLEDGED = 1_000


class Owner(Hashable, Protocol):
    """A connection as queues see it: it owns consumers."""

    def deliver(self, frame: bytes) -> None:
        """Send a frame. It never raises and never waits."""

    @property
    def ready(self) -> bool:
        """Whether more may be delivered now. Call :meth:`Queues.resume` when it becomes true."""


class Held(NamedTuple):
    """A message out of the store, with its place in the queue: the lower, the earlier."""

    place: int
    frame: Any

    @property
    def message_id(self) -> str:
        """The id by which it is acknowledged."""
        return str(self.frame.headers["message-id"])


class Consumer:
    """One subscription to a queue, with what was delivered to it and not yet acknowledged, oldest first."""

    def __init__(self, owner: Owner, subscription: Subscription, shape: Shape) -> None:
        self.owner = owner
        self.subscription = subscription
        self.unacknowledged: dict[str, Held] = {}
        self._shape = shape

    @property
    def id(self) -> str | None:
        """The subscription's id, where CoilMQ's schedulers look for it."""
        return self.subscription.id

    @property
    def connection(self) -> "Consumer":
        """Where CoilMQ's schedulers ask for ``reliable_subscriber``; here it is a quality of the subscription."""
        return self

    @property
    def reliable_subscriber(self) -> bool:
        """Whether it acknowledges."""
        return self.subscription.ack is not AckMode.AUTO

    @property
    def ready(self) -> bool:
        """Whether it can be given another message."""
        return self.owner.ready and len(self.unacknowledged) < MAX_UNACKNOWLEDGED

    def deliver(self, held: Held) -> None:
        """Hand a message over. It is noted first: should the connection end in between, it goes back."""
        if self.reliable_subscriber:
            self.unacknowledged[held.message_id] = held
        body = held.frame.body
        message = Message(held.frame.headers, body if isinstance(body, bytes) else body.encode())
        self.owner.deliver(encode_message(message, self._shape))

    def take(self, message_id: str) -> list[Held]:
        """Take out what an acknowledgement of this message covers: with ``client``, all before it too."""
        taken = [message_id]
        if self.subscription.ack is AckMode.CLIENT:
            taken = [*itertools.takewhile(lambda each: each != message_id, self.unacknowledged), message_id]
        return [self.unacknowledged.pop(each) for each in taken]
