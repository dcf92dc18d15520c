"""The page before a game and its calls: any author's, about the author's own page alone."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from quiz import live
from quiz.live.clock import now_ms

PAGE = re.compile(r'<script id="page" type="application/json">(.*?)</script>')


@pytest.fixture
def page(host: Client) -> Any:
    found = PAGE.search(host.get("/preflight/").content.decode())
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("call", ["", "time/"])
def test_who_is_not_logged_in_is_asked_to(client: Client, player: Client, call: str) -> None:
    for nobody in (client, player):
        assert nobody.get(f"/preflight/{call}").url.startswith("/accounts/login/")  # type: ignore[attr-defined]


@pytest.mark.parametrize("call", ["echo", "capacity"])
def test_nobody_else_makes_the_server_work(client: Client, player: Client, call: str) -> None:
    for nobody in (client, player):
        assert nobody.post(f"/preflight/{call}/", {}, content_type="application/json").status_code == 302
    assert live.outbox == []


@pytest.mark.parametrize("call", ["echo", "capacity"])
def test_what_makes_work_is_no_mere_look(host: Client, call: str) -> None:
    assert host.get(f"/preflight/{call}/").status_code == 405


def test_the_ticket_reads_the_own_page_and_nothing_else(page: Any, author: Any) -> None:
    ticket = live.tickets.read(page["ticket"])
    assert ticket.subject == f"user:{author.pk}"
    assert (ticket.read, ticket.write) == ({f"/preflight/{author.pk}"}, frozenset())
    assert page["destination"] in page["broker"]["destinations"]


def test_the_clock_is_the_servers(host: Client) -> None:
    before = now_ms()
    assert before <= host.get("/preflight/time/").json()["server_time"] <= now_ms()


def test_an_echo_goes_to_the_page_that_asked(
    host: Client, author: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = host.post("/preflight/echo/", {"nonce": "abc"}, content_type="application/json")
    assert answer.status_code == 200
    [message] = [one for one in live.outbox if one.destination.startswith("/preflight/")]
    assert (message.destination, message.type, message.data) == (
        f"/preflight/{author.pk}",
        "preflight.echo",
        {"nonce": "abc"},
    )


@pytest.mark.parametrize("nonce", [None, 7, "", "x" * 65, "\ud800", ["abc"]])
def test_an_echo_of_anything_else_is_refused(host: Client, nonce: Any) -> None:
    answer = host.post("/preflight/echo/", json.dumps({"nonce": nonce}), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad-nonce")
    assert [one for one in live.outbox if one.destination.startswith("/preflight/")] == []


def test_the_estimate_is_kept_for_a_while(host: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from quiz.play import yardstick

    looks: list[None] = []
    machine = yardstick.machine()
    monkeypatch.setattr(yardstick, "machine", lambda: looks.append(None) or machine)
    answers = [host.post("/preflight/capacity/", {}, content_type="application/json").json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["bound"] in ("rule", "cpu", "memory", "descriptors")
    assert answers[0]["players"] > 0
    assert len(looks) == 1
