"""removals.py: who was cut is put out, even when the broker was away; at RabbitMQ also whose ticket is over."""

import pytest
from django.db import transaction

from quiz import live
from quiz.live import removals, tickets
from quiz.live.errors import BrokerRefused, BrokerUnavailable
from quiz.live.models import BrokerLogin, Cut

pytestmark = pytest.mark.django_db

NOW = 1_763_665_000_000


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Milliseconds; a test moves them by hand."""
    now = [NOW]
    monkeypatch.setattr("quiz.live.removals.now_ms", lambda: now[0])
    monkeypatch.setattr("quiz.live.publisher.now_ms", lambda: now[0])
    return now


@pytest.fixture
def away(monkeypatch):
    """A broker that is away while the list has something."""
    away = [True]

    def deliver(messages):
        if away:
            raise BrokerUnavailable("away")
        live.outbox.extend(messages)

    monkeypatch.setattr("quiz.live.backend.deliver", deliver)
    return away


def orders(outbox):
    return [message.body for message in outbox if message.destination == removals.BROKER_CONTROL]


def tries(monkeypatch, error):
    """How many orders one look sends to a broker that answers so."""
    tried = []

    def deliver(messages):
        tried.append(messages)
        raise error

    monkeypatch.setattr("quiz.live.backend.deliver", deliver)
    live.drain()
    return len(tried)


class TestOurBroker:
    def test_a_cut_is_told_once(self, committed, outbox):
        with committed():
            live.cut("player:5")
        live.drain()
        assert orders(outbox) == [b'{"cut":"player:5"}']
        assert Cut.objects.get().told_at == NOW

    def test_one_that_was_rolled_back_never_was(self, committed, outbox):
        with committed(), transaction.atomic():
            live.cut("player:5")
            transaction.set_rollback(True)
        live.drain()
        assert orders(outbox) == []

    def test_a_broker_that_was_away_is_told_by_whoever_drains(self, committed, outbox, away):
        with committed():
            live.cut("player:5")
        live.drain()
        assert (orders(outbox), Cut.objects.get().told_at) == ([], None)
        away.clear()
        live.drain()
        live.drain()
        assert orders(outbox) == [b'{"cut":"player:5"}']

    def test_while_it_is_away_it_is_tried_once_at_each_look(self, monkeypatch):
        for number in range(3):
            Cut.objects.note(f"player:{number}", NOW)
        assert tries(monkeypatch, BrokerUnavailable("away")) == 1

    def test_an_order_that_is_refused_does_not_hold_up_the_next(self, monkeypatch):
        for number in range(3):
            Cut.objects.note(f"player:{number}", NOW)
        assert tries(monkeypatch, BrokerRefused("bad-control")) == 3

    def test_who_is_cut_again_is_told_again(self, committed, outbox, clock):
        for _ in range(2):
            with committed():
                live.cut("player:5")
            clock[0] += 1000
        assert len(orders(outbox)) == 2
        assert Cut.objects.get().at == NOW + 1000


class TestRabbitMQ:
    """It is told nothing; its connections are ended, until no question is answered from what it remembers."""

    @pytest.fixture(autouse=True)
    def closed(self, monkeypatch, settings):
        settings.STOMP_DESTINATIONS = "rabbitmq"
        closed = []
        monkeypatch.setattr("quiz.live.rabbitmq.close_connections", closed.append)
        return closed

    @pytest.fixture
    def login(self, clock):
        """Somebody whose ticket ends in a minute."""
        ticket = tickets.Ticket("player:5", frozenset(), frozenset(), issued_at=NOW, expires_at=NOW + 60_000)
        BrokerLogin.objects.keep(ticket)
        return ticket

    def test_connections_are_closed_at_once_and_again_until_the_cache_has_forgotten(
        self, committed, outbox, closed, clock
    ):
        with committed():
            live.cut("player:5")
        assert (closed, orders(outbox)) == (["player:5"], [])
        live.drain()
        clock[0] += removals.REMEMBERED_MS
        live.drain()
        live.drain()
        assert closed == ["player:5"] * 3

    def test_a_cut_takes_the_login_with_it(self, committed, login, clock):
        with committed():
            live.cut("player:5")
        assert not BrokerLogin.objects.exists()

    def test_connections_end_with_the_ticket(self, login, closed, clock):
        live.drain()
        assert closed == []
        clock[0] += 60_000
        live.drain()
        assert (closed, BrokerLogin.objects.count()) == (["player:5"], 1)
        clock[0] += removals.REMEMBERED_MS
        live.drain()
        live.drain()
        assert (closed, BrokerLogin.objects.count()) == (["player:5"] * 2, 0)

    def test_a_management_that_is_away_is_asked_again(self, committed, login, closed, clock, monkeypatch):
        def away(subject):
            raise BrokerUnavailable("away")

        with monkeypatch.context() as patched:
            patched.setattr("quiz.live.rabbitmq.close_connections", away)
            with committed():
                live.cut("player:6")
            clock[0] += 60_000 + removals.REMEMBERED_MS
            live.drain()
        assert (BrokerLogin.objects.count(), Cut.objects.get().told_at) == (1, None)
        live.drain()
        assert (closed, BrokerLogin.objects.count()) == (["player:6", "player:5"], 0)
