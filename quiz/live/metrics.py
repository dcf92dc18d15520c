"""Figures for Prometheus, read from the database when asked for, so that they are right however many processes serve.

Other apps append a function that yields families of their own to ``collectors``.
"""

from collections.abc import Callable, Iterable

from django.db.models import Sum
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from quiz.live.models import Channel, Event


def outbox_metrics() -> Iterable[Metric]:
    """How many events wait for the broker, and how many it took: of those that were numbered, all that do not wait."""
    pending = Event.objects.filter(published_at=None).count()
    numbered = Channel.objects.aggregate(total=Sum("last_seq"))["total"] or 0
    yield GaugeMetricFamily("live_outbox_pending", "Events that wait for the broker.", value=pending)
    yield CounterMetricFamily("live_events_published", "Events that the broker took.", value=numbered - pending)


collectors: list[Callable[[], Iterable[Metric]]] = [outbox_metrics]


class DatabaseCollector:
    """All collectors, in the form that prometheus_client asks for."""

    def collect(self) -> Iterable[Metric]:
        for collector in collectors:
            yield from collector()


def render() -> bytes:
    """All figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    return generate_latest(registry)
