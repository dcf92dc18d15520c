"""MESSAGE frames: what of a SEND its readers get, and the bytes of it for each kind of subscription."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from stomp_broker.events import AckMode, Send, Subscription
from stomp_broker.frames import Frame, Version, can_carry, encode

# Headers of a SEND that were for the broker.
_FOR_THE_BROKER = frozenset(
    ["accept-version", "content-length", "heart-beat", "host", "login", "passcode", "receipt", "transaction"]
)
# Headers that only the broker may set.
_FROM_THE_BROKER = frozenset(
    [
        "ack",
        "destination",
        "message-id",
        "receipt-id",
        "received-at",
        "redelivered",
        "sender",
        "subscription",
        "user-id",
    ]
)
# What a client may not pass to others.
PRIVATE_HEADERS = _FOR_THE_BROKER | _FROM_THE_BROKER


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way: all headers but those that differ from reader to reader."""

    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, send: Send, *, message_id: str, sender: str, received_at: float | None = None) -> "Message":
        """Make the message of a SEND. ``sender`` is the subject who sent it, as the broker knows it.

        ``received_at``, in seconds since 1970, is told where messages may wait: in milliseconds, as ``received-at``.
        """
        own = {"destination": send.destination, "message-id": message_id, "sender": sender}
        if received_at is not None:
            own["received-at"] = str(int(received_at * 1000))
        # Blanks do not hide a name: readers that cut them off, as all of 1.0 do, would take it for the broker's.
        users = {name: value for name, value in send.headers.items() if name.strip() not in PRIVATE_HEADERS}
        return cls(own | users, send.body)

    @property
    def destination(self) -> str:
        """Where it was sent."""
        return self.headers["destination"]

    @property
    def message_id(self) -> str:
        """Its name, by which it is acknowledged."""
        return self.headers["message-id"]


class Shape(NamedTuple):
    """What makes the MESSAGE frames of two subscriptions differ: with equal shapes they are the same bytes."""

    subscription_id: str | None
    version: Version
    is_acknowledged: bool

    @classmethod
    def of(cls, subscription: Subscription, version: Version) -> "Shape":
        """Give the shape of a subscription of a connection of this version."""
        return cls(subscription.id, version, subscription.ack is not AckMode.AUTO)


def encode_message(message: Message, shape: Shape) -> bytes:
    """Give the MESSAGE frame. Headers that a reader of STOMP 1.0 cannot be told are left out for it."""
    headers = {} if shape.subscription_id is None else {"subscription": shape.subscription_id}
    if shape.is_acknowledged and shape.version is Version.V12:
        headers["ack"] = message.message_id
    if shape.version is Version.V10:
        headers |= {name: value for name, value in message.headers.items() if can_carry(name, value, Version.V10)}
    else:
        headers |= message.headers
    return encode(Frame("MESSAGE", headers, message.body), shape.version)
