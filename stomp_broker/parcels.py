"""Parcels: what is said to a connection within one turn goes out in one piece.

A producer that sends fifty messages at once would otherwise cost fifty system calls at the consumer's socket, each of
them dearer than all else that is done for a message.

::

    with parcels:                       # a turn: whatever one connection's bytes bring about
        parcels.add(connection, frame)  # goes out at its end, or when enough has come together
    parcels.add(connection, frame)      # goes out at once
"""

from collections.abc import Hashable
from typing import Protocol

# Bytes that are not worth joining with more: what a socket's buffer takes at once. A consumer that is too slow for them
# is noticed then, and not given more.
PARCEL_BYTES = 64 * 1024


class Receiver(Hashable, Protocol):
    """A connection."""

    def keep(self, data: bytes) -> None:
        """Send whole frames. It never raises and never waits."""


class Parcels:
    """Those of all connections of one broker. As a context manager, it is a turn; turns may lie within each other."""

    __slots__ = ("_depth", "_frames", "_sizes")

    def __init__(self) -> None:
        self._depth = 0
        self._frames: dict[Receiver, list[bytes]] = {}
        self._sizes: dict[Receiver, int] = {}

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if not self._depth:
            for receiver in list(self._frames):
                self.send(receiver)

    def add(self, receiver: Receiver, data: bytes) -> None:
        """Send whole frames, within a turn with all that follows in it."""
        if not self._depth:
            receiver.keep(data)
            return
        self._frames.setdefault(receiver, []).append(data)
        size = self._sizes[receiver] = self._sizes.get(receiver, 0) + len(data)
        if size >= PARCEL_BYTES:
            self.send(receiver)

    def send(self, receiver: Receiver) -> None:
        """Send now what there is for this one."""
        frames = self._frames.pop(receiver, None)
        if frames:
            del self._sizes[receiver]
            receiver.keep(b"".join(frames))
