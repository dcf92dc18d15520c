"""The broker itself: judges what sessions ask for, and tells who is concerned. No STOMP, no Twisted.

::

    while event := connection.session.next_event():
        broker.handle(event, connection, now)    # RemoteError: the client may not; give it to Session.fail
"""

import itertools
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from stomp_broker import destinations, events
from stomp_broker.consumers import Owner
from stomp_broker.control import parse_order
from stomp_broker.errors import Code, LocalError, Refused, RemoteError
from stomp_broker.hub import Hub
from stomp_broker.logins import Login, Logins
from stomp_broker.messages import Message, Shape
from stomp_broker.queues import Queues
from stomp_broker.rounds import Subscriber
from stomp_broker.session import Session
from stomp_broker.subscriptions import MAX_SERVICE_SUBSCRIPTIONS, MAX_SUBSCRIPTIONS

# First letters of message ids. What a topic sent waits for no acknowledgement.
_TOPIC_ID, _QUEUE_ID = "T", "Q"
# Subjects whose last cut is remembered: more than are removed from games while a ticket lasts.
MAX_CUTS = 10_000
# Connections at once of one subject with a ticket: some tabs, and those that the relay still keeps for a page's return.
MAX_CONNECTIONS_OF_A_TICKET = 10


class Connection(Owner, Subscriber, Protocol):
    """A connection as the broker sees it. ``login`` is None until the broker has let it in."""

    number: int
    session: Session
    login: Login | None
    # When what it asks for was read from its socket, in seconds since 1970.
    received_at: float

    @property
    def is_remote(self) -> bool:
        """Whether the client is told of the end by nobody else: it is not the relay's, in memory."""

    def cut(self, error: RemoteError) -> None:
        """End it at once, with an ERROR."""


class Broker:
    """Everybody who is connected, and what goes from one to the others. ``epoch`` gives seconds since 1970."""

    def __init__(self, logins: Logins, queues: Queues, epoch: Callable[[], float]) -> None:
        self.hub = Hub()
        self.queues = queues
        self.tally = queues.tally
        # Whether everybody is being told that the broker ends, and nobody is let in any more.
        self.draining = False
        # Whether the broker behind it is away, and nobody is let in: see gate.py.
        self.is_away = False
        self.epoch = epoch
        self._logins = logins
        self._connected: dict[str, dict[Connection, None]] = {}
        # When each subject was cut, in seconds since 1970, the latest last.
        self._cuts = queues.take_cuts(MAX_CUTS)
        # Queues may outlive this process, and so must the difference between two messages.
        self._run = secrets.token_hex(4)
        self._numbers = itertools.count(1)

    def publish(self, destination: str, body: bytes, sender: str) -> None:
        """Send what came by no connection, or raise :class:`RemoteError` for where nobody but services may send."""
        destinations.check_write(destinations.Rights(write=frozenset({destination})), destination)
        self._send(events.Send(destination, {}, body), sender, self.epoch())

    def adopt(self, logins: Logins) -> None:
        """Let these in from now on. Who is connected stays."""
        self._logins = logins

    def announce(self, destination: str, body: bytes, sender: str) -> None:
        """Send what the broker itself has to say."""
        self._send(events.Send(destination, {"content-type": "application/json"}, body), sender, self.epoch())

    def connections(self) -> list[Connection]:
        """Give everybody who was let in."""
        return [connection for same in self._connected.values() for connection in same]

    def handle(self, event: events.Event, connection: Connection, now: float) -> None:
        """Do what an event asks for, or raise :class:`RemoteError` and have done nothing.

        ``now`` is the session's clock.
        """
        _HANDLERS[type(event)](self, event, connection, now)

    def _connect(self, event: events.Connect, connection: Connection, now: float) -> None:
        if self.draining:
            raise RemoteError(Code.SHUTTING_DOWN)
        epoch = self.epoch()
        login = event.known_as or self._logins.check(event.login, event.passcode, epoch)
        if login.issued_at is not None and login.issued_at <= self._cuts.get(login.subject, 0):
            raise Refused("ticket from before it was cut", login=login.subject)
        connection.login = login
        same = self._connected.setdefault(login.subject, {})
        same[connection] = None
        if not login.rights.everything and len(same) > MAX_CONNECTIONS_OF_A_TICKET:
            next(iter(same)).cut(RemoteError(Code.CONNECTION_LIMIT))
        connection.session.accept(
            now,
            session_id=str(connection.number),
            lifetime=None if login.expires_at is None else login.expires_at - epoch,
            max_frame_bytes=login.max_frame_bytes,
            max_subscriptions=MAX_SERVICE_SUBSCRIPTIONS if login.rights.everything else MAX_SUBSCRIPTIONS,
            is_paced=not login.rights.everything,
        )

    def _closed(self, event: events.Closed, connection: Connection, now: float) -> None:
        self.hub.forget(connection)
        self.queues.forget(connection)
        if connection.login:
            same = self._connected.get(connection.login.subject, {})
            same.pop(connection, None)
            if not same:
                self._connected.pop(connection.login.subject, None)

    def _subscribe(self, event: events.Subscribe, connection: Connection, now: float) -> None:
        subscription = event.subscription
        destinations.check_read(_login(connection).rights, subscription.destination)
        shape = _shape(subscription, connection)
        if destinations.is_queue(subscription.destination):
            self.queues.subscribe(connection, subscription, shape)
        else:
            self.hub.subscribe(subscription.destination, connection, shape)

    def _unsubscribe(self, event: events.Unsubscribe, connection: Connection, now: float) -> None:
        subscription = event.subscription
        if destinations.is_queue(subscription.destination):
            self.queues.unsubscribe(connection, subscription)
        else:
            self.hub.unsubscribe(subscription.destination, connection, _shape(subscription, connection))

    def _act(self, event: events.Action, connection: Connection, now: float) -> None:
        self._judge(event, connection)
        self._do(event, connection)

    def _prepare(self, event: events.Prepare, connection: Connection, now: float) -> None:
        self._judge(event.action, connection)

    def _commit(self, event: events.Commit, connection: Connection, now: float) -> None:
        sends = [action for action in event.actions if isinstance(action, events.Send)]
        self.queues.check_room(_unsent(send) for send in sends if destinations.is_queue(send.destination))
        for action in event.actions:
            self._do(action, connection)

    def _judge(self, action: events.Action, connection: Connection) -> None:
        """Raise :class:`RemoteError` unless the connection may do this."""
        if isinstance(action, events.Send):
            destinations.check_write(_login(connection).rights, action.destination)
            if action.destination == destinations.CONTROL:
                parse_order(action.body)
        elif not self._awaits(action, connection):
            raise RemoteError(Code.UNKNOWN_ID)

    def _awaits(self, action: events.Ack | events.Nack, connection: Connection) -> bool:
        if action.message_id.startswith(_TOPIC_ID):
            return self.hub.has_acknowledging(connection)
        return self.queues.awaits(connection, action.message_id, action.subscription_id)

    def _do(self, action: events.Action, connection: Connection) -> None:
        """Do what has been judged."""
        match action:
            case events.Send(destination=destinations.CONTROL):
                self._cut(parse_order(action.body).subject, self.epoch())
            case events.Send():
                self._send(action, _login(connection).subject, connection.received_at)
            case events.Ack():
                self.queues.ack(connection, action.message_id, action.subscription_id)
            case events.Nack():
                self.queues.nack(connection, action.message_id, action.subscription_id)

    def _send(self, send: events.Send, sender: str, received_at: float) -> None:
        number = next(self._numbers)
        if destinations.is_queue(send.destination):
            id = f"{_QUEUE_ID}{self._run}-{number}"
            self.queues.send(Message.of(send, message_id=id, sender=sender, received_at=received_at))
            readers = 0  # A queue counts its own deliveries.
        else:
            readers = self.hub.publish(Message.of(send, message_id=f"{_TOPIC_ID}{number}", sender=sender))
        self.tally.count(send.destination, came=1, delivered=readers, size=len(send.body))

    def _cut(self, subject: str, at: float) -> None:
        """End who came with a ticket from before that time, in seconds since 1970."""
        self._cuts[subject] = at = max(at, self._cuts.pop(subject, at))
        self.queues.cut(subject, at)
        if len(self._cuts) > MAX_CUTS:
            del self._cuts[next(iter(self._cuts))]
        for connection in list(self._connected.get(subject, ())):
            connection.cut(RemoteError(Code.KICKED))


_HANDLERS: dict[type, Callable[[Broker, Any, Connection, float], None]] = {
    events.Connect: Broker._connect,
    events.Closed: Broker._closed,
    events.Subscribe: Broker._subscribe,
    events.Unsubscribe: Broker._unsubscribe,
    events.Send: Broker._act,
    events.Ack: Broker._act,
    events.Nack: Broker._act,
    events.Prepare: Broker._prepare,
    events.Commit: Broker._commit,
}


def _unsent(send: events.Send) -> Message:
    return Message.of(send, message_id="", sender="")


def _login(connection: Connection) -> Login:
    if connection.login is None:
        raise LocalError("an event of a session that nobody has let in")
    return connection.login


def _shape(subscription: events.Subscription, connection: Connection) -> Shape:
    if connection.session.version is None:
        raise LocalError("a subscription of a session without a version")
    return Shape.of(subscription, connection.session.version)
