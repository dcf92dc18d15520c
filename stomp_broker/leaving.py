"""Taking leave: everybody who is connected is told that the broker ends, a few at a time, so that not all of them come
back in the same second. Inside the relay its own pages are not among them: they hear it from the relay.
"""

import math

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall

from stomp_broker.broker import Broker, Connection
from stomp_broker.errors import Code, RemoteError
from stomp_broker.logs import Log
from stomp_broker.protocol import LINGER_SECONDS
from stomp_broker.transports import Clock

# Seconds between two batches.
TICK_SECONDS = 0.25
# Seconds that those who were told last have for their end, a little more than a connection lingers.
LAST_SECONDS = LINGER_SECONDS + 0.5

log = Log()


class Leave:
    """One broker's. Services are told last: until then they reach those who are still here."""

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self._broker = broker
        self._clock = clock
        self._waiting: list[Connection] = []
        self._told_at = 0.0
        self._over: Deferred[None] = Deferred()
        self._stepping = LoopingCall(self._step)
        self._stepping.clock = clock  # type: ignore[assignment]  # As much of one as is needed.

    def take(self, seconds: float) -> Deferred[None]:
        """Tell everybody within so many seconds; fires when they have gone. Again, with fewer: hurry."""
        if not self._broker.draining:
            self._broker.draining = True
            remote = [each for each in self._broker.connections() if each.is_remote]
            self._waiting = sorted(remote, key=_is_service)
            log.info("taking leave", connections=len(self._waiting), seconds=seconds)
        self._told_at = self._clock.seconds() + seconds
        over: Deferred[None] = Deferred()
        self._over.chainDeferred(over)
        if not (self._stepping.running or self._over.called):
            self._stepping.start(TICK_SECONDS)
        return over

    def _step(self) -> None:
        now = self._clock.seconds()
        batches = max(1, math.ceil((self._told_at - now) / TICK_SECONDS))
        batch = math.ceil(len(self._waiting) / batches)
        for connection in self._waiting[:batch]:
            connection.cut(RemoteError(Code.SHUTTING_DOWN))
        del self._waiting[:batch]
        if not self._waiting and (not self._broker.tally.open or now >= self._told_at + LAST_SECONDS):
            self._stepping.stop()
            self._over.callback(None)


def _is_service(connection: Connection) -> bool:
    return connection.login is not None and connection.login.rights.everything
