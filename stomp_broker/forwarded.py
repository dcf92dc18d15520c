"""What goes to the other broker: which names and headers of a client's message, and messages for its queues."""

import re

from coilmq.scheduler import FavorReliableSubscriberScheduler, RandomQueueScheduler
from coilmq.store.memory import MemoryQueue

from stomp_broker.consumers import Owner
from stomp_broker.errors import Code, Refused, RemoteError
from stomp_broker.events import Subscription
from stomp_broker.line import Line
from stomp_broker.messages import Message, Shape
from stomp_broker.queues import Queues

# What is the same to every broker. ActiveMQ gives a meaning to commas, question marks, '>' and '*', and to other kinds.
_NAME = re.compile(r"/(?:topic|queue)/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
# Headers of a client's message that go through, with those that begin with x-. ActiveMQ takes others for its own:
# reply-to, expires, priority, persistent, type, selector, JMSXGroupID, AMQ_SCHEDULED_DELAY, transformation …
_CLIENTS_HEADERS = frozenset(["content-type"])
_CLIENTS_PREFIX = "x-"
# What this broker says of a message, and no client may.
_OWN_HEADERS = ("sender", "received-at")


def judge_name(destination: str) -> None:
    """Raise :class:`RemoteError` (bad-destination) for a name that may mean something else to the other broker."""
    if not _NAME.fullmatch(destination):
        raise RemoteError(Code.BAD_DESTINATION)


def headers_of(message: Message) -> dict[str, str]:
    """Give the headers with which a client's message goes there. Raises as :func:`judge_name` does."""
    judge_name(message.destination)
    clients = {
        name: value
        for name, value in message.headers.items()
        if name in _CLIENTS_HEADERS or name.startswith(_CLIENTS_PREFIX)
    }
    own = {name: message.headers[name] for name in _OWN_HEADERS if name in message.headers}
    return {"destination": message.destination} | own | clients


class ForwardedQueues(Queues):
    """Queues that are the other broker's: clients may send there, and nobody reads here."""

    def __init__(self, line: Line) -> None:
        super().__init__(MemoryQueue(), FavorReliableSubscriberScheduler(), RandomQueueScheduler())
        self.saver = line.receipts
        self._line = line

    def subscribe(self, owner: Owner, subscription: Subscription, shape: Shape) -> None:
        """Refuse: who reads a queue reads it at the other broker."""
        raise Refused(f"read {subscription.destination}, a queue of the other broker's")

    def send(self, message: Message) -> None:
        """Send it there; its receipt waits until it is kept."""
        self._line.send({**headers_of(message), "persistent": "true"}, message.body)

    def check_room(self, messages: object) -> None:
        """Leave it to the other broker, which refuses what it has no room for."""
