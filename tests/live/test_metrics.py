"""metrics.py: figures come from rows, and apps add theirs."""

import pytest
from prometheus_client.core import GaugeMetricFamily

from quiz.live import metrics

pytestmark = pytest.mark.django_db


def test_empty_database_has_zeros():
    text = metrics.render().decode()
    assert "live_outbox_pending 0.0" in text
    assert "live_events_published_total 0.0" in text


def test_apps_add_their_own_figures(monkeypatch):
    games = GaugeMetricFamily("games", "Games that run.", value=3)
    monkeypatch.setattr(metrics, "collectors", [*metrics.collectors, lambda: [games]])
    text = metrics.render().decode()
    assert "games 3.0" in text
    assert "live_outbox_pending 0.0" in text
