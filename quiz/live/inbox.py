"""Queues that a process of ours reads, over a connection of its own; a broker that went away is found again.

One thread calls ``run``. It takes all that has come, and ``handle`` does what those messages ask for, in that thread:
the more there is to do, the larger the batch, and the less each message costs. They are acknowledged when ``handle``
returned, so that what a dying process had not finished goes to another. A message on which ``handle`` fails by a fault
of ours is logged and acknowledged: given back, it would stop every reader of every queue, one by one.
"""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from queue import Empty, SimpleQueue
from time import monotonic

from django.db.utils import DatabaseError

from quiz.live.connection import Connection, Delivery
from quiz.live.errors import BrokerError, BrokerUnavailable

logger = logging.getLogger(__name__)

# Seconds between two looks at which queues there are to read; a message that comes meanwhile waits at the broker.
REFRESH_S = 0.5

# Seconds after a failed connection before the next try.
PAUSE_S = 1.0

# Messages of one batch: half of what a broker of ours has under way to one reader, so that it goes on sending.
MAX_BATCH = 500

# When the oldest message of none came: never.
NOTHING = float("inf")


class Inbox:
    """``wanted`` gives the names of the queues to read now; ``handle`` does what messages ask for, in their order."""

    def __init__(self, wanted: Callable[[], Collection[str]], handle: Callable[[Sequence[Delivery]], None]) -> None:
        self._wanted = wanted
        self._handle = handle
        self._connection: Connection | None = None
        self._reads: set[str] = set()
        self._deliveries: SimpleQueue[Delivery] = SimpleQueue()
        self._oldest: float = NOTHING

    def is_behind(self, at: int) -> bool:
        """Whether a message that reached the broker until then (ms) is being handled, or may wait here for its turn.

        Asked by other threads. What waits at the broker nobody here knows of.
        """
        return self._oldest <= at

    def run(self, stop: threading.Event) -> None:
        """Read until told to stop, or until the database is away: then the message goes back, for the line ends."""
        try:
            while not stop.is_set():
                try:
                    self._follow(self._connected())
                    self._read_for(REFRESH_S)
                except BrokerError:
                    stop.wait(PAUSE_S)  # Said once by the publisher, whose connection is gone too.
        finally:
            if self._connection:
                self._connection.end(BrokerUnavailable("we stop"))

    def _connected(self) -> Connection:
        if not self._connection or not self._connection.alive:
            self._reads, self._deliveries, self._oldest = set(), SimpleQueue(), NOTHING
            self._connection = Connection(on_end=_noted, on_delivery=self._deliveries.put)
            self._connection.open()
        return self._connection

    def _follow(self, connection: Connection) -> None:
        wanted = set(self._wanted())
        for name in wanted - self._reads:
            connection.subscribe(name)
        for name in self._reads - wanted:
            connection.unsubscribe(name)
        self._reads = wanted

    def _read_for(self, seconds: float) -> None:
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            try:
                self._take([self._deliveries.get(timeout=left), *self._others()])
            except Empty:
                return

    def _others(self) -> list[Delivery]:
        """What has come already, up to a batch together with the first; nobody else takes anything out."""
        return [self._deliveries.get_nowait() for _ in range(min(self._deliveries.qsize(), MAX_BATCH - 1))]

    def _take(self, batch: Sequence[Delivery]) -> None:
        # What was unsubscribed the broker took back, and it would refuse our acknowledgement.
        batch = [delivery for delivery in batch if delivery.destination in self._reads]
        self._oldest = min((delivery.received_at for delivery in batch), default=NOTHING)
        try:
            self._handle(batch)
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001  # Found again, and logged, when each is handled alone.
            for delivery in batch:
                self._handle_alone(delivery)
        if self._deliveries.empty():
            self._oldest = NOTHING
        if self._connection:
            self._connection.acknowledge(batch)

    def _handle_alone(self, delivery: Delivery) -> None:
        try:
            self._handle([delivery])
        except DatabaseError:
            raise
        except Exception:  # Where a connection meets us: one message must not take the others with it.
            logger.exception("%s: dropped a message of %r, it cannot be handled", delivery.destination, delivery.sender)


def _noted(why: BrokerError) -> None:
    logger.debug("The inbox lost its connection: %s", why)
