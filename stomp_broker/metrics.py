"""The broker's figures for Prometheus, read from what is there anyway at the moment they are asked for.

They are registered where the caller wants them: with a broker alone in a registry of its own, inside the relay in the
relay's. No label has more than a few dozen values, whatever clients send, and none holds a destination, a login or an
address. docs/broker.md explains every figure.
"""

import platform
import time
from collections.abc import Callable, Iterator

import twisted
from prometheus_client import CollectorRegistry, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from stomp_broker.factory import StompFactory
from stomp_broker.tally import NO_ERROR

# Seconds by which a timer may be late; an event loop above 0.25 for long is the first thing to look at.
LAG_BUCKETS_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
# What the label ``code`` says of connections that ended without an ERROR.
IN_ORDER = "none"


class BrokerFigures(Collector):
    """One broker's, for any registry."""

    def __init__(self, factory: StompFactory, epoch: Callable[[], float] = time.time) -> None:
        self._factory = factory
        self._epoch = epoch

    def collect(self) -> Iterator[Metric]:
        """See :class:`prometheus_client.registry.Collector`."""
        yield from self._connections()
        yield from self._messages()
        yield from self._queues()
        yield from self._watch()

    def _connections(self) -> Iterator[Metric]:
        tally, backlog = self._factory.broker.tally, self._factory.backlog
        yield _gauge("connections", "Connections open now.", tally.open)
        yield _counter("connections_opened", "Connections opened.", tally.opened)
        closed = CounterMetricFamily(
            "stomp_broker_connections_closed", "Connections that ended, by the code of their ERROR.", labels=["code"]
        )
        for code, count in sorted(tally.closed.items()):
            closed.add_metric([IN_ORDER if code == NO_ERROR else code], count)
        yield closed
        yield _gauge("slow_connections", "Connections that do not read all they are sent.", backlog.connections)
        yield _gauge("unsent_bytes", "Bytes kept for connections that do not read.", backlog.size)
        yield _gauge("blocked_connections", "Connections that wait to publish.", self._factory.alarms.blocked)

    def _messages(self) -> Iterator[Metric]:
        traffic, hub = self._factory.broker.tally.traffic, self._factory.broker.hub
        subscribers = hub.subscribers()
        yield _gauge("topics", "Topics that somebody subscribes to.", len(subscribers))
        yield _gauge("subscriptions", "Subscriptions to topics.", sum(subscribers.values()))
        yield _counter("messages_received", "Messages that were sent here.", traffic.messages_in)
        yield _counter("messages_delivered", "Messages handed to subscribers.", traffic.messages_out)
        yield _counter("received_bytes", "Bytes of the bodies of messages sent here.", traffic.bytes_in)
        yield _counter("delivered_bytes", "Bytes of the bodies of messages handed to subscribers.", traffic.bytes_out)

    def _queues(self) -> Iterator[Metric]:
        states = list(self._factory.broker.queues.states())
        ages = [self._epoch() - each.oldest_at for each in states if each.oldest_at is not None]
        yield _gauge("queues", "Queues with messages or consumers.", len(states))
        yield _gauge("queue_waiting_messages", "Messages that wait.", sum(each.waiting for each in states))
        yield _gauge(
            "queue_unacknowledged_messages",
            "Messages that consumers have not acknowledged.",
            sum(each.unacknowledged for each in states),
        )
        yield _gauge("queue_consumers", "Subscriptions to queues.", sum(each.consumers for each in states))
        yield _gauge("queue_oldest_age_seconds", "How long the oldest message has waited.", max([0, *ages]))

    def _watch(self) -> Iterator[Metric]:
        alarms = self._factory.alarms
        alarm = GaugeMetricFamily(
            "stomp_broker_alarm", "1 while something runs out, and publishers wait.", labels=["name"]
        )
        for name in alarms.names:
            alarm.add_metric([name], name in alarms.raised)
        yield alarm
        yield _gauge("draining", "1 while clients are told that the broker ends.", self._factory.broker.draining)
        yield _gauge("upstream_away", "1 while a gate lacks the broker behind it.", self._factory.broker.is_away)


class ProcessMetrics:
    """The figures of a process that is a broker and nothing else."""

    def __init__(self, factory: StompFactory) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(BrokerFigures(factory))
        about = {"python": platform.python_version(), "twisted": twisted.__version__}
        Info("stomp_broker_build", "What runs.", registry=registry).info(about)
        self._lag = Histogram(
            "stomp_broker_event_loop_lag_seconds",
            "How late timers are.",
            registry=registry,
            buckets=LAG_BUCKETS_SECONDS,
        )
        self._reloaded_well = Gauge(
            "stomp_broker_config_last_reload_successful", "0 when the last reload was refused.", registry=registry
        )
        self._reloaded_at = Gauge(
            "stomp_broker_config_last_reload_success_timestamp_seconds",
            "When the configuration was last taken over.",
            registry=registry,
        )

    def reloaded(self, at: float) -> None:
        """A configuration was taken over, ``at`` seconds since 1970."""
        self._reloaded_well.set(1)
        self._reloaded_at.set(at)

    def reload_refused(self) -> None:
        """A configuration could not be followed; the one before it still counts."""
        self._reloaded_well.set(0)

    def lag(self, seconds: float) -> None:
        """A timer was so late."""
        self._lag.observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self.registry)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"stomp_broker_{name}", about, value=value)


def _counter(name: str, about: str, value: float) -> Metric:
    return CounterMetricFamily(f"stomp_broker_{name}", about, value=value)
