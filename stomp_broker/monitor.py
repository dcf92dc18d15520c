"""What the broker does once a second beside serving: look for what runs out, and tell operators who listen."""

from collections.abc import Callable, Iterator

from twisted.internet.task import LoopingCall

from stomp_broker.alarms import Alarms
from stomp_broker.broker import Broker
from stomp_broker.destinations import STATS
from stomp_broker.logs import Log
from stomp_broker.outlet import Backlog
from stomp_broker.stats import Slow, State, encode_stats
from stomp_broker.transports import Clock

INTERVAL_SECONDS = 1.0
# Who /broker/stats comes from, as its readers are told.
SENDER = "broker"

log = Log()


class Monitor:
    """One broker's. ``epoch`` gives seconds since 1970."""

    def __init__(
        self, broker: Broker, alarms: Alarms, backlog: Backlog, clock: Clock, epoch: Callable[[], float]
    ) -> None:
        self._broker = broker
        self._alarms = alarms
        self._backlog = backlog
        self._clock = clock
        self._epoch = epoch
        self._started_at = self._looked_at = clock.seconds()
        self._seq = 0
        self._looking = LoopingCall(self.look)
        self._looking.clock = clock  # type: ignore[assignment]  # As much of one as is needed.

    @property
    def uptime(self) -> float:
        """Seconds since the broker was made."""
        return self._clock.seconds() - self._started_at

    def start(self) -> None:
        """Look every second from now on."""
        if not self._looking.running:
            self._looking.start(INTERVAL_SECONDS, now=False).addErrback(
                lambda failure: log.failure("nothing is watched any more", failure)
            )

    def stop(self) -> None:
        """Look no more."""
        if self._looking.running:
            self._looking.stop()

    def look(self) -> None:
        """Look once."""
        self._alarms.look()
        if self._broker.hub.has_subscribers(STATS):
            self._tell()
        else:
            self._broker.tally.look_away()
            self._looked_at = self._clock.seconds()

    def _tell(self) -> None:
        now = self._clock.seconds()
        interval, self._looked_at = now - self._looked_at, now
        self._seq += 1
        body = encode_stats(self._seq, self._epoch(), interval, self._broker.tally.look(), self._state())
        self._broker.announce(STATS, body, SENDER)

    def _state(self) -> State:
        tally = self._broker.tally
        return State(
            uptime=self.uptime,
            connections=tally.open,
            opened=tally.opened,
            blocked=self._alarms.blocked,
            subscribers=self._broker.hub.subscribers(),
            queues=self._broker.queues.states(),
            slow=self._slow(),
            refusals=tally.refusals,
            alarms=self._alarms.raised,
        )

    def _slow(self) -> Iterator[Slow]:
        for connection, unsent in self._backlog.slow():
            subject = connection.login.subject if connection.login else ""
            yield Slow(connection.number, subject, unsent)
