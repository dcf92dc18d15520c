"""Topics that are followed at the other broker: one subscription there for each that clients read, fanned out here."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from stomp_broker.destinations import STATS
from stomp_broker.forwarded import headers_of, judge_name
from stomp_broker.hub import Hub
from stomp_broker.line import Line
from stomp_broker.messages import Message, Shape
from stomp_broker.rounds import Subscriber
from stomp_broker.stores.sqlite import StoreError


@dataclass(slots=True)
class Followed:
    """A topic that we read of the other broker. ``waiting``: receipts of clients who came before it had agreed."""

    id: str
    is_open: bool = False
    waiting: list[int] = field(default_factory=list)


class FollowedTopics(Hub):
    """Topics whose messages are the other broker's. Those that clients read are followed there, each once.

    ``refused`` is called with a destination, and the reason why it cannot be followed.
    """

    def __init__(self, line: Line, refused: Callable[[str, str], None]) -> None:
        super().__init__()
        self._line = line
        self._refused = refused
        self._followed: dict[str, Followed] = {}
        self._destinations: dict[str, str] = {}
        self._ids = itertools.count(1)
        line.relieved = self._release

    @property
    def is_crowded(self) -> bool:
        """Whether more comes than goes out to clients: the other broker is not to be read from."""
        return super().is_full

    @property
    def is_full(self) -> bool:
        """See :class:`Hub`; also whether the other broker does not keep up."""
        return self.is_crowded or self._line.is_full

    def destination(self, subscription: str) -> str | None:
        """Give the topic of one of our subscriptions; None for one that has ended."""
        return self._destinations.get(subscription)

    def readers(self, destination: str) -> list[Any]:
        """Give who is subscribed there."""
        return [each for each, groups in self._groups.items() if any(g.destination == destination for g in groups)]

    def hand_out(self, message: Message) -> int:
        """Publish what came from the other broker. Gives the number of its readers."""
        return super().publish(message)

    def publish(self, message: Message) -> int:
        """Send a message to the other broker, which has it come back to all who read it."""
        if message.destination == STATS:
            return self.hand_out(message)
        self._line.send(headers_of(message), message.body)
        return 0

    def subscribe(self, destination: str, subscriber: Subscriber, shape: Shape) -> None:
        """See :meth:`Hub.subscribe`; what the client is told of it waits until the topic is followed."""
        if destination != STATS:
            self._follow(destination)
        super().subscribe(destination, subscriber, shape)

    def unsubscribe(self, destination: str, subscriber: Subscriber, shape: Shape) -> None:
        """See :meth:`Hub.unsubscribe`."""
        super().unsubscribe(destination, subscriber, shape)
        self._leave_unread([destination])

    def forget(self, subscriber: Subscriber) -> None:
        """See :meth:`Hub.forget`."""
        destinations = [group.destination for group in self._groups.get(subscriber, ())]
        super().forget(subscriber)
        self._leave_unread(destinations)

    def _follow(self, destination: str) -> None:
        followed = self._followed.get(destination)
        if followed is None:
            judge_name(destination)
            followed = Followed(str(next(self._ids)))
            headers = {"id": followed.id, "destination": destination, "ack": "auto"}
            self._line.ask("SUBSCRIBE", headers, answered=partial(self._opened, destination, followed))
            self._followed[destination] = followed
            self._destinations[followed.id] = destination
        elif not followed.is_open:
            followed.waiting.append(self._line.receipts.note())

    def _opened(self, destination: str, followed: Followed, why: str | None) -> None:
        followed.is_open = True
        for number in followed.waiting:
            self._line.receipts.answer(number, None if why is None else StoreError(why))
        if why is not None and self._followed.get(destination) is followed:
            self._refused(destination, why)

    def _leave_unread(self, destinations: list[str]) -> None:
        for destination in destinations:
            if destination in self._followed and not self.has_subscribers(destination):
                followed = self._followed.pop(destination)
                del self._destinations[followed.id]
                self._line.tell("UNSUBSCRIBE", {"id": followed.id})
