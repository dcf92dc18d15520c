"""Our broker as a gate before another, such as ActiveMQ, which cannot judge tickets.

Clients are this broker's, with all its rights and limits. Messages are the other broker's: what clients send goes
there, and is receipted when it is there; for each topic that clients read there is one subscription, whatever their
number. While the other broker is away, so is this one: who was connected has missed something, and comes back. ::

    browsers ──CONNECT, SUBSCRIBE, SEND──> Gate ──one connection──> the other broker <── services, referee
             <──MESSAGE from Topics───────      <──MESSAGE────────

Names are the other broker's throughout, ``/topic/games.7.status``; so are those in tickets.
"""

import itertools
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from coilmq.scheduler import FavorReliableSubscriberScheduler, RandomQueueScheduler
from coilmq.store.memory import MemoryQueue

from stomp_broker import events
from stomp_broker.broker import Broker, Connection
from stomp_broker.consumers import Owner
from stomp_broker.control import parse_order
from stomp_broker.destinations import STATS
from stomp_broker.errors import Code, Refused, RemoteError
from stomp_broker.hub import Hub
from stomp_broker.line import Line
from stomp_broker.logins import SERVICE, Logins
from stomp_broker.logs import Log
from stomp_broker.messages import Message, Shape
from stomp_broker.queues import Queues
from stomp_broker.rounds import Subscriber
from stomp_broker.stores.sqlite import StoreError
from stomp_broker.upstream import Delivery, Upstream

# Where services send orders to this broker, as quiz/live/destinations.py spells /broker/control for ActiveMQ.
CONTROL = "/topic/broker.control"
CONTROL_ID = "control"
# What is the same to every broker. ActiveMQ gives a meaning to commas, question marks, '>' and '*', and to other kinds.
_NAME = re.compile(r"/(?:topic|queue)/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
# Headers of a client's message that go through, with those that begin with x-. ActiveMQ takes others for its own:
# reply-to, expires, priority, persistent, type, selector, JMSXGroupID, AMQ_SCHEDULED_DELAY, transformation …
_CLIENTS_HEADERS = frozenset(["content-type"])
_CLIENTS_PREFIX = "x-"
# Headers that ActiveMQ adds to every message, and that say nothing to its readers.
_UPSTREAMS_HEADERS = frozenset(["expires", "persistent", "priority", "timestamp"])
_TIMESTAMP = re.compile(r"[0-9]{1,15}")

log = Log()


class Gate(Broker):
    """The broker. ``open``, ``hear`` and ``close`` say what the other broker does; ``service`` is its login there."""

    hub: "Topics"

    def __init__(self, logins: Logins, epoch: Callable[[], float], service: str) -> None:
        self._line = Line()
        super().__init__(logins, Forwarded(self._line), epoch)
        self.hub = Topics(self._line, self._cut_readers)
        self.is_away = True
        self._service = SERVICE + service

    # What the other broker does.

    def open(self, upstream: Upstream, ready: Callable[[], object]) -> None:
        """Use this connection. Clients are let in, and ``ready`` is called, when orders to end them arrive too.

        ActiveMQ repeats the orders that it remembers: tickets live longer than a connection.
        """

        def answered(why: str | None) -> None:
            if why is None:
                self.is_away = False
                ready()
            else:
                upstream.end(f"{CONTROL} cannot be read: {why}")

        self._line.open(upstream)
        headers = {"id": CONTROL_ID, "destination": CONTROL, "ack": "auto", "activemq.retroactive": "true"}
        self._line.ask("SUBSCRIBE", headers, answered=answered)

    def hear(self, delivery: Delivery) -> None:
        """Hand a message out."""
        if delivery.subscription == CONTROL_ID:
            self._obey(delivery)
        elif destination := self.hub.destination(delivery.subscription):
            message = self._message(destination, delivery)
            readers = self.hub.hand_out(message)
            self.tally.count(destination, came=1, delivered=readers, size=len(message.body))

    def close(self, why: str) -> None:
        """Use the connection no more, and have clients come back: nobody knows what they miss."""
        self.is_away = True
        self._line.close(why)
        for connection in self.connections():
            connection.cut(RemoteError(Code.UPSTREAM_AWAY))

    # What clients ask for.

    def handle(self, event: events.Event, connection: Connection, now: float) -> None:
        """See :meth:`Broker.handle`."""
        if self.is_away and isinstance(event, events.Connect):
            raise RemoteError(Code.UPSTREAM_AWAY)
        sends = isinstance(event, events.Commit) and events.publishes(event)
        with self._line.transaction() if sends else nullcontext():
            super().handle(event, connection, now)

    def _awaits(self, action: events.Ack | events.Nack, connection: Connection) -> bool:
        return self.hub.has_acknowledging(connection)

    # Steps of the above.

    def _message(self, destination: str, delivery: Delivery) -> Message:
        headers = {name: value for name, value in delivery.headers.items() if name not in _UPSTREAMS_HEADERS}
        sender = headers.get("sender", self._service)
        message_id = headers.get("message-id", "")
        return Message.of(events.Send(destination, headers, delivery.body), message_id=message_id, sender=sender)

    def _obey(self, delivery: Delivery) -> None:
        try:
            subject = parse_order(delivery.body).subject
        except RemoteError as error:
            log.warn(f"an order at {CONTROL} is not understood", code=error.code)
        else:
            self._cut(subject, self._sent_at(delivery))

    def _sent_at(self, delivery: Delivery) -> float:
        """When the other broker got a message, as its ``timestamp`` says in milliseconds since 1970; else now."""
        text = delivery.headers.get("timestamp", "")
        return int(text) / 1000 if _TIMESTAMP.fullmatch(text) else self.epoch()

    def _cut_readers(self, destination: str, why: str) -> None:
        log.error(f"the other broker lets nobody read {destination}", why=why)
        for subscriber in self.hub.readers(destination):
            subscriber.cut(RemoteError(Code.INTERNAL_ERROR))


@dataclass(slots=True)
class Followed:
    """A topic that we read of the other broker. ``waiting``: receipts of clients who came before it had agreed."""

    id: str
    is_open: bool = False
    waiting: list[int] = field(default_factory=list)


class Topics(Hub):
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
        self._line.send(_judged(message), message.body)
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
            _judge_name(destination)
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


class Forwarded(Queues):
    """Queues that are the other broker's: clients may send there, and nobody reads here."""

    def __init__(self, line: Line) -> None:
        super().__init__(MemoryQueue(), FavorReliableSubscriberScheduler(), RandomQueueScheduler())
        self.saver = line.receipts
        self._line = line

    def subscribe(self, owner: Owner, subscription: events.Subscription, shape: Shape) -> None:
        """Refuse: who reads a queue reads it at the other broker."""
        raise Refused(f"read {subscription.destination}, a queue of the other broker's")

    def send(self, message: Message) -> None:
        """Send it there; its receipt waits until it is kept."""
        self._line.send({**_judged(message), "persistent": "true"}, message.body)

    def check_room(self, messages: object) -> None:
        """Leave it to the other broker, which refuses what it has no room for."""


def _judged(message: Message) -> dict[str, str]:
    """The headers with which a client's message goes to the other broker. Raises :class:`RemoteError`."""
    _judge_name(message.destination)
    clients = {
        name: value
        for name, value in message.headers.items()
        if name in _CLIENTS_HEADERS or name.startswith(_CLIENTS_PREFIX)
    }
    return {"destination": message.destination, "sender": message.headers["sender"]} | clients


def _judge_name(destination: str) -> None:
    if not _NAME.fullmatch(destination):
        raise RemoteError(Code.BAD_DESTINATION)
