"""This process's way to the broker: one connection, made when first needed and shared by all threads."""

import logging
import os
import threading
from collections.abc import Sequence
from time import monotonic

from django.conf import settings

from quiz.live.connection import Connection
from quiz.live.errors import BrokerError, BrokerRefused, BrokerUnavailable
from quiz.live.messages import Message

logger = logging.getLogger(__name__)

# Seconds after a failure in which deliveries fail at once, so that a dead broker does not slow every request.
PAUSE_S = 1.0


class Broker:
    """The kept connection, a pause after each failure, and a log line for each loss and each return.

    A broker that is back and refuses our login is still away, for another reason: each kind of reason has its line.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Know nothing: at first, and in a forked child, which has its parent's socket but no thread that reads."""
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._address = ""
        self._pause_until = 0.0
        self._reasons: set[str] = set()  # kinds of reason told since the broker went away

    def deliver(self, messages: Sequence[Message]) -> None:
        """Send all in order; once more, on a new connection, when it breaks. Raises ``BrokerError``."""
        try:
            self._deliver(messages, again=True)
        except BrokerRefused as error:
            logger.error("The broker refuses a message to %s: %s", messages[-1].destination, error)
            raise

    def _deliver(self, messages: Sequence[Message], again: bool) -> None:
        connection = self._ready_connection()
        try:
            connection.send(messages)
        except BrokerUnavailable:
            if not again:
                self._pause()
                raise
            self._deliver(messages, again=False)

    def _ready_connection(self) -> Connection:
        with self._lock:
            if self._connection and self._connection.alive:
                return self._connection
            if monotonic() < self._pause_until:
                raise BrokerUnavailable("away a moment ago")
            self._address = f"{settings.STOMP_HOST}:{settings.STOMP_PORT}"
            self._connection = Connection(on_end=self._gone)
            try:
                self._connection.open()
            except BrokerUnavailable:
                self._pause()
                raise
            self._back()
            return self._connection

    def _pause(self) -> None:
        self._pause_until = monotonic() + PAUSE_S

    def _gone(self, why: BrokerError) -> None:
        reason, _, _ = str(why).partition(":")
        if reason not in self._reasons:
            self._reasons.add(reason)
            logger.warning("Broker %s is away, events wait in the outbox: %s", self._address, why)

    def _back(self) -> None:
        if self._reasons:
            self._reasons.clear()
            logger.warning("Broker %s is back", self._address)


_broker = Broker()
os.register_at_fork(after_in_child=_broker.forget)


def deliver(messages: Sequence[Message]) -> None:
    """The ``LIVE_BACKEND`` that speaks to the broker."""
    _broker.deliver(messages)
