"""health.py: alive, ready, and figures for those who may see them."""

import pytest
from django.db import OperationalError
from django.test import Client

from quiz import live
from quiz.live import health, tickets
from quiz.live.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.urls("quiz.live.urls")]


@pytest.fixture
def remote():
    """Somebody who is not on this machine."""
    return Client(REMOTE_ADDR="192.0.2.7")


def test_healthz_answers_without_the_database(client, monkeypatch):
    monkeypatch.setattr(health, "connection", BrokenConnection())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"healthy": True})


def test_readyz_says_yes_when_database_and_migrations_are_there(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "database": True, "migrations": True})


class BrokenConnection:
    def cursor(self):
        raise OperationalError("could not connect")


def test_readyz_names_a_database_that_does_not_answer(client, monkeypatch):
    monkeypatch.setattr(health, "connection", BrokenConnection())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": False, "migrations": False})


def test_readyz_names_missing_migrations(client):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="live").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": True, "migrations": False})


def test_metrics_count_what_waits_and_what_was_sent(client):
    for n in range(3):
        live.publish(f"/games/{n}/status", "game.started", {})
    Event.objects.filter(destination="/games/0/status").update(published_at=1)
    text = client.get("/metrics").content.decode()
    assert "live_outbox_pending 2.0" in text
    assert "live_events_published_total 1.0" in text


def test_metrics_are_for_this_machine_but_not_through_a_proxy_on_it(client, remote):
    assert client.get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="::1").get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    assert client.get("/metrics", headers={"Forwarded": "for=192.0.2.7"}).status_code == 403
    answer = remote.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert (answer.status_code, answer.json()["error"]) == (403, "not-allowed")


def test_peer_without_an_address_is_not_this_machine():
    assert Client(REMOTE_ADDR="").get("/metrics").status_code == 403


def test_metrics_are_for_staff_but_not_for_other_users(remote, django_user_model):
    user = django_user_model.objects.create_user("ada")
    remote.force_login(user)
    assert remote.get("/metrics").status_code == 403
    user.is_staff = True
    user.save()
    assert remote.get("/metrics").status_code == 200


def test_metrics_are_for_services_with_a_ticket_but_not_for_players(remote):
    def status(subject):
        ticket = tickets.make(subject, read=[], write=[], seconds=60)
        return remote.get("/metrics", headers={"Authorization": f"Bearer {ticket}"}).status_code

    assert status("service:prometheus") == 200
    assert status("player:1") == 403


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_operators_pages_are_only_read(client, path):
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405
