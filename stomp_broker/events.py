"""What a client's session tells the broker: small values, one for each thing that can happen.

``Connect`` and ``Closed`` come once each. All others come between them, and only for frames that were right in
themselves; whether the login may do what they ask is for the broker to judge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stomp_broker.destinations import CONTROL
from stomp_broker.errors import Code
from stomp_broker.logins import Login


class AckMode(StrEnum):
    """How a subscription acknowledges: the header ``ack`` of SUBSCRIBE."""

    AUTO = "auto"
    CLIENT = "client"
    CLIENT_INDIVIDUAL = "client-individual"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription of one connection. ``id`` is None for a client of STOMP 1.0 that gave none."""

    id: str | None
    destination: str
    ack: AckMode = AckMode.AUTO


@dataclass(frozen=True, slots=True)
class Connect:
    """The client wants in. Answer with ``Session.accept`` or ``Session.fail``; until then no more frames are read.

    ``known_as`` is who it is, where somebody was asked beforehand, see ``authenticators.py``.
    """

    login: str
    passcode: str = field(repr=False)
    known_as: Login | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """A message for a destination. ``headers`` are all of the frame's."""

    destination: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Subscribe:
    """The client wants the messages of a destination."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """The client wants no more of them."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Ack:
    """A message was consumed. Since 1.2 the subscription is not told, in 1.0 it need not be: None."""

    message_id: str
    subscription_id: str | None = None


@dataclass(frozen=True, slots=True)
class Nack:
    """A message was not consumed, and another client may have it."""

    message_id: str
    subscription_id: str | None = None


Action = Send | Ack | Nack


@dataclass(frozen=True, slots=True)
class Prepare:
    """An action inside a transaction: judge it now, do it at :class:`Commit`."""

    action: Action


@dataclass(frozen=True, slots=True)
class Commit:
    """Do these actions, in order. Each has been judged when it came."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class TooFast:
    """The client sends more than it may: comes once, before it is cut for it. STOMP has no word to tell it."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The session is over: send what is left, then close.

    ``code`` is that of the ERROR, None after DISCONNECT and after a lost connection; ``why``, and what it is ``about``
    by the names of log fields, say more, for the log.
    """

    code: Code | None = None
    why: str = ""
    about: Mapping[str, str] = field(default_factory=dict)


Event = Connect | Send | Subscribe | Unsubscribe | Ack | Nack | Prepare | Commit | TooFast | Closed


def publishes(event: Event) -> bool:
    """Say whether an event brings a message, now or in a transaction. An order to the broker is none."""
    match event:
        case Prepare(action):
            return publishes(action)
        case Commit(actions):
            return any(map(publishes, actions))
        case Send(destination):
            return destination != CONTROL
    return False
