"""Our broker as a gate before another, such as ActiveMQ, which cannot judge tickets.

Clients are this broker's, with all its rights and limits. Messages are the other broker's: what clients send goes
there, and is receipted when it is there; for each topic that clients read there is one subscription, whatever their
number. While the other broker is away, so is this one: who was connected has missed something, and comes back. ::

    browsers ──CONNECT, SUBSCRIBE, SEND──> Gate ──one connection──> the other broker <── services, referee
             <──MESSAGE──────────────────      <──MESSAGE────────

Names are the other broker's throughout, ``/topic/games.7.status``; so are those in tickets.
"""

import re
from collections.abc import Callable
from contextlib import nullcontext

from stomp_broker import events
from stomp_broker.broker import Broker, Connection
from stomp_broker.control import parse_order
from stomp_broker.errors import Code, RemoteError
from stomp_broker.followed import FollowedTopics
from stomp_broker.forwarded import ForwardedQueues
from stomp_broker.line import Line
from stomp_broker.logins import SERVICE, Logins
from stomp_broker.logs import Log
from stomp_broker.messages import Message
from stomp_broker.upstream import Delivery, Upstream

# Where services send orders to this broker, as quiz/live/destinations.py spells /broker/control for ActiveMQ.
CONTROL = "/topic/broker.control"
CONTROL_ID = "control"
# Headers that ActiveMQ adds to every message, and that say nothing to its readers.
_UPSTREAMS_HEADERS = frozenset(["expires", "persistent", "priority", "timestamp"])
_TIMESTAMP = re.compile(r"[0-9]{1,15}")

log = Log()


class Gate(Broker):
    """The broker. ``open``, ``hear`` and ``close`` say what the other broker does; ``service`` is its login there."""

    hub: FollowedTopics

    def __init__(self, logins: Logins, epoch: Callable[[], float], service: str) -> None:
        self._line = Line()
        super().__init__(logins, ForwardedQueues(self._line), epoch)
        self.hub = FollowedTopics(self._line, self._cut_readers)
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
