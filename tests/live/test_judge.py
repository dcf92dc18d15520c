"""judge.py: RabbitMQ is told exactly what the ticket says, and nothing after its end."""

import pytest
from django.db import DatabaseError

from quiz.live import judge, tickets
from quiz.live.clock import now_ms
from quiz.live.models import BrokerLogin, Cut

pytestmark = pytest.mark.django_db

KEY = "judge-key-of-the-tests-" + "x" * 20
STATUS = "/games/7/status"
ANSWERS = "/games/7/answers"
OWN_QUEUE = "stomp-subscription-Hq0vTnNBmUqVbZ1KxM5c6A"


@pytest.fixture(autouse=True)
def rabbitmq(settings):
    settings.STOMP_DESTINATIONS, settings.RABBITMQ_JUDGE_KEY = "rabbitmq", KEY


@pytest.fixture
def ask(client):
    def ask(what, username="player:5", **fields):
        answer = client.post(f"/rabbitmq/{KEY}/{what}/", {"username": username, "vhost": "/", **fields})
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def ticket(subject="player:5", read=(STATUS,), write=(ANSWERS,), seconds=60):
    return tickets.make(subject, read=read, write=write, seconds=seconds)


@pytest.fixture
def logged_in(ask):
    assert ask("user", password=ticket()) == "allow"


def test_ticket_lets_its_own_subject_in_and_nobody_else(ask):
    assert ask("user", password=ticket()) == "allow"
    assert ask("user", "player:6", password=ticket()) == "deny"
    assert ask("user", "web", password=ticket()) == "deny"


@pytest.mark.parametrize("password", ["", "x", ticket.__name__, "a.b.c"])
def test_what_is_no_ticket_lets_nobody_in(ask, password):
    assert ask("user", password=password) == "deny"
    assert not BrokerLogin.objects.exists()


def test_expired_ticket_and_a_services_let_nobody_in(ask):
    assert ask("user", password=ticket(seconds=-1)) == "deny"
    assert ask("user", "service:web", password=ticket("service:web")) == "deny"


@pytest.mark.parametrize(
    ("permission", "key", "verdict"),
    [
        ("read", "games.7.status", "allow"),
        ("write", "games.7.answers", "allow"),
        ("write", "games.7.status", "deny"),
        ("read", "games.7.answers", "deny"),
        ("read", "games.7.host", "deny"),
        ("read", "games.8.status", "deny"),
        ("read", "games.*.status", "deny"),
        ("read", "games.7.#", "deny"),
        ("read", "#", "deny"),
        ("read", "games/7/status", "deny"),
        ("read", "", "deny"),
        ("configure", "games.7.status", "deny"),
    ],
)
@pytest.mark.usefixtures("logged_in")
def test_topics_are_those_of_the_ticket_by_their_exact_names(ask, permission, key, verdict):
    fields = {"resource": "topic", "name": "amq.topic", "permission": permission, "routing_key": key}
    assert ask("topic", **fields) == verdict
    assert ask("topic", **fields | {"name": "amq.direct"}) == "deny"


@pytest.mark.parametrize(
    ("resource", "name", "permission", "verdict"),
    [
        ("queue", OWN_QUEUE, "configure", "allow"),
        ("queue", OWN_QUEUE, "write", "allow"),
        ("queue", OWN_QUEUE, "read", "allow"),
        ("queue", "games.7.answers", "configure", "deny"),
        ("queue", "games.7.answers", "read", "deny"),
        ("exchange", "amq.topic", "read", "allow"),
        ("exchange", "amq.topic", "write", "allow"),
        ("exchange", "amq.topic", "configure", "deny"),
        ("exchange", "amq.default", "write", "deny"),
        ("exchange", "amq.fanout", "read", "deny"),
        ("topic", "amq.topic", "read", "deny"),
    ],
)
@pytest.mark.usefixtures("logged_in")
def test_queues_are_those_of_own_subscriptions_and_the_exchange_that_of_topics(
    ask, resource, name, permission, verdict
):
    assert ask("resource", resource=resource, name=name, permission=permission) == verdict


def test_who_may_write_nothing_may_not_write_to_the_exchange(ask):
    ask("user", "user:1", password=ticket("user:1", write=()))
    assert ask("resource", "user:1", resource="exchange", name="amq.topic", permission="write") == "deny"


@pytest.mark.usefixtures("logged_in")
def test_other_virtual_hosts_are_closed(ask):
    assert ask("vhost") == "allow"
    assert ask("vhost", vhost="other") == "deny"
    assert ask("resource", vhost="other", resource="queue", name=OWN_QUEUE, permission="read") == "deny"


def test_nothing_is_allowed_after_the_tickets_end_nor_before_it_was_shown(ask, logged_in, monkeypatch):
    assert ask("vhost", "player:6") == "deny"
    end = BrokerLogin.objects.get().expires_at
    monkeypatch.setattr(judge, "now_ms", lambda: end)
    fields = {"resource": "topic", "name": "amq.topic", "permission": "read", "routing_key": "games.7.status"}
    assert ask("vhost") == ask("topic", **fields) == "deny"
    assert ask("resource", resource="queue", name=OWN_QUEUE, permission="read") == "deny"


def test_newest_ticket_wins(ask):
    fields = {"resource": "topic", "name": "amq.topic", "permission": "read", "routing_key": "games.7.status"}
    old, new = ticket(), ticket(read=["/games/8/status"], seconds=90)
    ask("user", password=old)
    assert ask("topic", **fields) == "allow"
    assert [ask("user", password=one) for one in (new, old)] == ["allow", "allow"]
    assert ask("topic", **fields) == "deny"
    assert ask("topic", **fields | {"routing_key": "games.8.status"}) == "allow"


@pytest.mark.usefixtures("logged_in")
def test_whoever_was_cut_may_do_nothing_more_with_tickets_from_before(ask):
    fields = {"resource": "topic", "name": "amq.topic", "permission": "read", "routing_key": "games.7.status"}
    Cut.objects.note("player:5", now_ms())
    assert ask("vhost") == ask("topic", **fields) == ask("user", password=ticket()) == "deny"
    assert ask("user", "player:6", password=ticket("player:6")) == "allow"


def test_a_login_that_was_judged_while_its_subject_was_cut_is_none(ask):
    old = tickets.read(ticket())
    Cut.objects.note("player:5", now_ms())
    BrokerLogin.objects.keep(old)
    assert ask("vhost") == "deny"


@pytest.mark.usefixtures("logged_in")
def test_a_ticket_from_after_the_cut_is_good_again_and_no_older_one(ask):
    old = ticket(seconds=600)
    Cut.objects.note("player:5", now_ms() - 5_000)
    Cut.objects.update(at=tickets.read(old).issued_at - 1)
    assert ask("user", password=old) == "allow"
    Cut.objects.update(at=tickets.read(old).issued_at)
    assert ask("user", password=old) == "deny"


@pytest.mark.parametrize("what", ["user", "vhost", "resource", "topic"])
def test_nothing_is_there_without_the_key(client, settings, what):
    assert client.post(f"/rabbitmq/{KEY[:-1]}/{what}/").status_code == 404
    assert client.post(f"/rabbitmq/é/{what}/").status_code == 404
    assert client.get(f"/rabbitmq/{KEY}/{what}/").status_code == 405
    settings.RABBITMQ_JUDGE_KEY = ""
    assert client.post(f"/rabbitmq/{KEY}/{what}/").status_code == 404


def test_database_that_is_away_allows_nothing_and_tells_no_key(ask, monkeypatch, caplog):
    def away(*_):
        raise DatabaseError("away")

    monkeypatch.setattr(judge, "_login", away)
    assert ask("vhost") == "deny"
    assert "the database is away" in caplog.text
    assert KEY not in caplog.text
