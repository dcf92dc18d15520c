"""tickets.py: only what we signed, for us, in time and whole, is a ticket."""

import time

import jwt
import pytest
from django.contrib.auth.models import User

from quiz.live import tickets
from quiz.live.errors import TicketError

STATUS = "/games/7/status"


def claims(**changes):
    now = int(time.time())
    good = {"aud": "orbit-quiz", "sub": "player:5", "iat": now, "exp": now + 60, "read": [STATUS], "write": []}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(settings, algorithm="HS256", key=None, **changes):
    return jwt.encode(claims(**changes), key or settings.STOMP_TICKET_KEY, algorithm=algorithm)


def test_ticket_says_who_until_when_and_what(settings):
    before = int(time.time())
    ticket = tickets.read(tickets.make("player:5", read=[STATUS], write=["/games/7/answers"], seconds=60))
    assert (ticket.subject, ticket.kind, ticket.name) == ("player:5", "player", "5")
    assert ticket.read == {STATUS}
    assert ticket.write == {"/games/7/answers"}
    assert (before + 60) * 1000 <= ticket.expires_at <= (int(time.time()) + 60) * 1000


def test_claims_are_those_that_the_broker_reads(settings):
    token = tickets.make("service:web", read=[], write=[], seconds=60)
    body = jwt.decode(token, options={"verify_signature": False})
    assert set(body) == {"aud", "sub", "iat", "exp", "read", "write"}
    assert (body["aud"], body["sub"], body["exp"] - body["iat"]) == ("orbit-quiz", "service:web", 60)
    assert jwt.get_unverified_header(token)["alg"] == "HS256"


def test_good_claims_are_accepted(settings):
    assert tickets.read(signed(settings)).subject == "player:5"


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "another-key-" + "x" * 32},
        {"algorithm": "HS384"},
        {"aud": "another-site"},
        {"aud": ["orbit-quiz", "another-site"]},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "player:"},
        {"sub": "admin:1"},
        {"read": None},
        {"read": STATUS},
        {"write": [7]},
        {"write": {STATUS: True}},
    ],
    ids=str,
)
def test_ticket_with_one_thing_wrong_is_refused(settings, changes):
    with pytest.raises(TicketError):
        tickets.read(signed(settings, **changes))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 20, "\ud800", "." * 7_000])
def test_what_is_no_ticket_at_all_is_refused(token):
    with pytest.raises(TicketError):
        tickets.read(token)


def test_unsigned_ticket_is_refused(settings):
    with pytest.raises(TicketError):
        tickets.read(jwt.encode(claims(), None, algorithm="none"))


def test_ticket_of_another_subject_kind_is_not_made():
    with pytest.raises(ValueError, match="admin:1"):
        tickets.make("admin:1", read=[], write=[], seconds=60)


def test_ticket_that_no_stomp_header_can_hold_is_neither_made_nor_read(settings):
    read = [f"/games/{n}/status" for n in range(500)]
    with pytest.raises(ValueError, match="fewer destinations"):
        tickets.make("user:1", read=read, write=[], seconds=60)
    with pytest.raises(TicketError, match="longer"):
        tickets.read(signed(settings, read=read))


def test_user_gets_what_the_apps_grant(monkeypatch):
    monkeypatch.setattr(tickets, "grants", [])
    tickets.grants.append(lambda user: tickets.Rights(read=[f"/users/{user.pk}", "/lobby"]))
    tickets.grants.append(lambda user: tickets.Rights(read=["/lobby"], write=["/chat"]))
    ticket = tickets.read(tickets.make_for_user(User(pk=3), seconds=60))
    assert ticket.subject == "user:3"
    assert ticket.read == {"/users/3", "/lobby"}
    assert ticket.write == {"/chat"}


def test_token_has_the_brokers_spelling_and_the_ticket_our_names(settings):
    settings.STOMP_DESTINATIONS = "rabbitmq"
    token = tickets.make("player:5", read=[STATUS], write=["/games/7/answers"], seconds=60)
    body = jwt.decode(token, options={"verify_signature": False})
    assert (body["read"], body["write"]) == (["/topic/games.7.status"], ["/topic/games.7.answers"])
    ticket = tickets.read(token)
    assert (ticket.read, ticket.write) == ({STATUS}, {"/games/7/answers"})


def test_ticket_with_a_destination_that_is_spelled_for_another_broker_is_refused(settings):
    token = tickets.make("player:5", read=[STATUS], write=[], seconds=60)
    settings.STOMP_DESTINATIONS = "rabbitmq"
    with pytest.raises(TicketError):
        tickets.read(token)
