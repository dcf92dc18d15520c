"""What carries a session's packets to the page, one file for each way.

A transport is anything with the interface below. ``proxy.Proxy`` attaches it to a session, hands it packets while it is
``writable``, and closes it when another one takes its place. Everything about the wire, and nothing else, lives in the
transports.
"""

from collections.abc import Sequence
from typing import Protocol

from orbited.session import Numbered, Session

# How long a page whose line broke may take to return.
LOST_GRACE_S = 60
# A page that polls is away after every answer; a browser lets the timers of a hidden tab run once a minute.
POLL_GRACE_S = 90

# Why transports are closed, as WebSocket close codes.
NORMAL = 1000
NO_ANSWER = 4012


class Transport(Protocol):
    """One connection of a page, carrying its session at the moment."""

    name: str
    writable: bool  # may packets be handed over now?
    duplex: bool  # does it carry the page's packets too? (then none are taken from a POST)
    merges: bool  # is adjacent data to be joined?
    max_packets: int  # how many packets it takes at once

    def greet(self, session: Session) -> None:
        """The session is attached: tell the page what it has to know before the first packet."""

    def send(self, packets: Sequence[Numbered]) -> None:
        """Write packets, in order; the close packet is the last of its session."""

    def ping(self) -> None:
        """Ask the page for a sign of life."""

    def acknowledge(self, received: int) -> None:
        """Tell the page, where it learns it in no other way, that so many packets of it have been taken in."""

    def close(self, code: int = NORMAL) -> None:
        """Detach from the session and end cleanly; ``code`` is a WebSocket's: NORMAL (another transport takes over, or
        all is said) or NO_ANSWER."""

    def pause_reading(self) -> None:
        """Take no more packets of the page for a while."""

    def resume_reading(self) -> None:
        """Take packets of the page again."""
