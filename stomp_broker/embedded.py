"""A broker inside of another process, such as the relay, which does the listening and is signalled in its place.

::

    broker = Embedded(os.environ, reactor, auth="tickets", config_file=None)
    reactor.listenTCP(61613, broker.factory)
    broker.watch_descriptors(lambda: nearly_all_are_in_use)
    follow = broker.prepare()      # at a reload: ConfigError changes nothing, follow() takes what was read
    broker.leave(seconds=10)       # at the end: fires when all who came over TCP have gone
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred

from stomp_broker.alarms import DESCRIPTORS
from stomp_broker.configfile import read
from stomp_broker.errors import RemoteError
from stomp_broker.leaving import Leave
from stomp_broker.metrics import BrokerFigures
from stomp_broker.service import BrokerSettings, make_factory, prepare
from stomp_broker.transports import Clock


class Embedded:
    """One broker. Raises :class:`ConfigError` for settings that cannot be followed."""

    def __init__(self, environ: Mapping[str, str], clock: Clock, auth: str, config_file: Path | None) -> None:
        self._environ = environ
        self._auth = auth
        self._config_file = config_file
        self._settings = self._read()
        self.factory = make_factory(self._settings, clock)
        self._leave = Leave(self.factory.broker, clock)

    def register(self, registry: CollectorRegistry) -> None:
        """Show the broker's figures among those of the process."""
        registry.register(BrokerFigures(self.factory))

    def watch_descriptors(self, is_scarce: Callable[[], bool]) -> None:
        """Let publishers wait, too, while the process accepts nobody."""
        self.factory.alarms.watch(DESCRIPTORS, is_scarce, "file descriptors are nearly all in use")

    def publish(self, destination: str, message: str, sender: str) -> None:
        """Send what came by no connection; ValueError says why it cannot be done."""
        try:
            self.factory.broker.publish(destination, message.encode(), sender)
        except RemoteError as error:
            raise ValueError(error.sentence) from None

    def prepare(self) -> Callable[[], None]:
        """Read everything anew. What it gives follows it; ConfigError, and nothing has changed."""
        settings = self._read()
        follow = prepare(settings, self._settings, self.factory)

        def take_over() -> None:
            follow()
            self._settings = settings

        return take_over

    def leave(self, seconds: float) -> Deferred[None]:
        """Tell all who came over TCP that the broker ends, within so many seconds. Again, with fewer: hurry."""
        return self._leave.take(seconds)

    def _read(self) -> BrokerSettings:
        return BrokerSettings.from_environment(self._environ, auth=self._auth, config_file=self._config_file)


def warnings(config_file: Path) -> tuple[str, ...]:
    """Judge a configuration file alone: what it says and hardly means. Raises :class:`ConfigError`."""
    return read(config_file).warnings
