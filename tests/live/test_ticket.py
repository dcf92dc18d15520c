"""management/commands/ticket.py: one ticket on stdout, or one line on what is wrong."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from quiz.live import tickets
from quiz.live.clock import now_ms

pytestmark = pytest.mark.django_db


def printed(*args):
    out = StringIO()
    call_command("ticket", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def user(django_user_model, monkeypatch):
    user = django_user_model.objects.create_user("ada")
    monkeypatch.setattr(tickets, "grants", [lambda user: tickets.Rights(read=[f"/users/{user.pk}"])])
    return user


def test_ticket_of_a_user_acts_as_the_user_with_the_granted_rights(user):
    ticket = tickets.read(printed("--user", "ada").strip())
    assert ticket.subject == f"user:{user.pk}"
    assert ticket.read == {f"/users/{user.pk}"}
    assert ticket.write == frozenset()


def test_ticket_lasts_as_many_hours_as_asked(user):
    ticket = tickets.read(printed("--user", "ada", "--hours", "3").strip())
    assert abs(ticket.expires_at - now_ms() - 3 * 3_600_000) < 60_000


def test_nothing_but_the_ticket_is_printed(user):
    assert printed("--user", "ada").count("\n") == 1


def test_ticket_of_a_service(user):
    assert tickets.read(printed("--service", "prometheus").strip()).subject == "service:prometheus"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--user", "bob"], "no active user 'bob'"),
        ([], "one of the arguments --user --service is required"),
        (["--user", "ada", "--service", "x"], "not allowed with"),
        (["--user", "ada", "--hours", "0"], "whole number from 1 to 8760"),
        (["--user", "ada", "--hours", "8761"], "whole number from 1 to 8760"),
        (["--user", "ada", "--hours", "soon"], "whole number from 1 to 8760"),
    ],
)
def test_wrong_arguments_are_told_in_one_line(user, args, message):
    with pytest.raises(CommandError, match=message):
        printed(*args)


def test_deactivated_user_gets_no_ticket(user):
    user.is_active = False
    user.save()
    with pytest.raises(CommandError, match="no active user"):
        printed("--user", "ada")


def test_more_rights_than_fit_into_a_ticket_are_told(user, monkeypatch):
    rights = tickets.Rights(read=[f"/games/{n}/status" for n in range(500)])
    monkeypatch.setattr(tickets, "grants", [lambda user: rights])
    with pytest.raises(CommandError, match="fewer destinations"):
        printed("--user", "ada")
