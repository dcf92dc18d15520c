"""What all connections of one broker share."""

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import ServerFactory

from stomp_broker.alarms import Alarms
from stomp_broker.broker import Broker
from stomp_broker.gateway import Gateway
from stomp_broker.hooks import Hooks
from stomp_broker.logs import Samples
from stomp_broker.monitor import Monitor
from stomp_broker.outlet import Backlog
from stomp_broker.parcels import Parcels
from stomp_broker.protocol import StompConnection
from stomp_broker.transports import Clock
from stomp_broker.wheel import Wheel


class StompFactory(ServerFactory):
    """Makes a :class:`StompConnection` for each client of one broker."""

    noisy = False

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self.broker = broker
        self.alarms = Alarms()
        self.backlog = Backlog()
        self.parcels = Parcels()
        self.wheel = Wheel(clock)
        self.samples = Samples()
        self.hooks = Hooks([], clock)
        self.monitor: Monitor | None = None
        # The way to the other broker, where this one is a gate before it.
        self.gateway: Gateway | None = None
        self.clock = clock
        self._made = 0
        broker.hub.wake = self._run_hub_later

    def buildProtocol(self, addr: IAddress | None) -> StompConnection:  # type: ignore[override]  # Its factory is ours.
        """See :class:`twisted.internet.interfaces.IProtocolFactory`."""
        self._made += 1
        return StompConnection(self, self.clock, self._made)

    def _run_hub_later(self) -> None:
        self.clock.callLater(0, self.broker.hub.run)

    def startFactory(self) -> None:
        """Look after everything from now on: called when the first port of this factory opens."""
        if self.monitor:
            self.monitor.start()
        if self.gateway:
            self.gateway.start()

    def stopFactory(self) -> None:
        """Put what is under way back into the queues: called when the last port of this factory closes."""
        if self.monitor:
            self.monitor.stop()
        if self.gateway:
            self.gateway.stop()
        self.broker.queues.close()
