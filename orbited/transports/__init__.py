"""What carries a session's packets to the page, one file for each way.

A transport is anything with the interface below. ``proxy.Proxy`` attaches it to a session, hands it packets while it is
``writable``, and closes it when another one takes its place. Everything about the wire, and nothing else, lives in the
transports:

- ``counted`` is our wire; ``websocket``, ``stream`` and ``eventsource`` carry it;
- ``numbered`` is Orbited 0.7's; ``longpoll``, ``poll``, ``xhrstream``, ``htmlfile`` and ``sse`` do;
- ``streaming`` is what all answers that do not end have in common.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from orbited.outbox import Numbered
from orbited.session import Session

# How long a page whose line broke may take to return.
LOST_GRACE_S = 60
# A page whose answer has ended well is away until it asks again; a browser lets the timers of a hidden tab run once a
# minute.
POLL_GRACE_S = 90

# What a request is said to have ended with whose page has gone.
CLIENT_GONE = 499


class End(Enum):
    """Why a transport is closed; the value is (what for, a WebSocket's close code)."""

    OVER = ("all is said", 1000)
    REPLACED = ("another transport takes over", 1000)
    NO_ANSWER = ("the page does not answer", 4012)

    @property
    def code(self) -> int:
        """The WebSocket's close code."""
        return self.value[1]


class Transport(Protocol):
    """One connection of a page, carrying its session at the moment."""

    name: str
    duplex: bool  # does it carry the page's packets too? (then none are taken from a POST)
    merges: bool  # is adjacent data to be joined?
    max_packets: int  # how many packets it takes at once

    @property
    def writable(self) -> bool:
        """May packets be handed over now?"""

    def greet(self, session: Session) -> None:
        """The session is attached: tell the page what it has to know before the first packet."""

    def send(self, packets: Sequence[Numbered]) -> None:
        """Write packets, in order; the close packet is the last of its session."""

    def ping(self) -> None:
        """Ask the page for a sign of life."""

    def warn(self) -> None:
        """Tell the page, where its packets cannot be refused, that it sends too many."""

    def acknowledge(self, received: int) -> None:
        """Tell the page, where it learns it in no other way, that so many packets of it have been taken in."""

    def close(self, end: End) -> None:
        """Detach from the session and end cleanly."""

    def pause_reading(self) -> None:
        """Take no more packets of the page for a while."""

    def resume_reading(self) -> None:
        """Take packets of the page again."""
