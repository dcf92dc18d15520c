"""What members of a game ask for over HTTP, and the answers they give."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quiz.live import tickets
from quiz.play.models import Answer, Game, Player
from quiz.play.views.screens import OWN_CALLS, PLAYER_CALLS
from tests.play.calls import bearer, call


@pytest.mark.parametrize("page", ["state", "events"])
def test_only_members_see_a_game(page: str, game: Game, host: Client, player: Client, stranger: Client) -> None:
    url = f"/games/{game.pk}/{page}/"
    assert [who.get(url).status_code for who in (host, player, stranger, Client())] == [200, 200, 403, 403]


@pytest.mark.parametrize("page", ["state/", "events/", "door/"])
def test_nobody_on_the_way_keeps_what_one_member_reads(game: Game, player: Client, page: str) -> None:
    assert "no-store" in player.get(f"/games/{game.pk}/{page}")["Cache-Control"]


@pytest.mark.parametrize("call", [*PLAYER_CALLS, *OWN_CALLS, "door"])
def test_a_game_that_no_database_could_have_is_nobodys(player: Client, call: str) -> None:
    path = reverse(f"play:{call}", args=[2**63])
    answers = [player.get(path), player.post(path, "{}", content_type="application/json")]
    assert {answer.status_code for answer in answers} <= {403, 404, 405}


def test_a_ticket_is_for_members(game: Game, host: Client, player: Client, stranger: Client) -> None:
    url = f"/games/{game.pk}/ticket/"
    assert [call(who, url).status_code for who in (host, player, stranger, Client())] == [200, 200, 403, 403]


def test_a_host_who_also_plays_is_a_player_on_the_players_page(game: Game, host: Client) -> None:
    host.post("/join/", {"pin": game.pin, "nickname": "Ada"})
    ada = Player.objects.get()
    urls = host.get(f"/play/{game.pin}/").context["page"]["urls"]
    assert host.get(urls["state"]).json()["me"]["player"] == ada.pk
    assert tickets.read(call(host, urls["ticket"]).json()["ticket"]).subject == ada.subject
    assert host.get(f"/games/{game.pk}/state/").json()["me"]["role"] == "host"


def test_a_host_who_asks_as_a_player_and_is_none_is_told_so(game: Game, host: Client) -> None:
    answer = host.get(f"/games/{game.pk}/state/?as=player")
    assert (answer.status_code, answer.json()["error"]) == (403, "not-a-player")
    assert host.get(f"/games/{game.pk}/?as=player").status_code == 200


def test_a_ticket_acts_for_its_player_and_no_other_game(game: Game, admitted: dict[str, Any], quiz: Any) -> None:
    other = Game.open_lobby(quiz)
    program = Client(enforce_csrf_checks=True)
    mine = program.get(f"/games/{game.pk}/state/", **bearer(admitted["ticket"]))
    assert mine.json()["me"]["player"] == admitted["player"]
    assert program.get(f"/games/{other.pk}/state/", **bearer(admitted["ticket"])).status_code == 403
    assert call(program, f"/games/{game.pk}/start/", **bearer(admitted["ticket"])).status_code == 403


def test_the_hosts_ticket_is_good_over_http_too(game: Game, host: Client, player: Client) -> None:
    ticket = call(host, f"/games/{game.pk}/ticket/").json()["ticket"]
    program = Client(enforce_csrf_checks=True)
    assert call(program, f"/games/{game.pk}/start/", **bearer(ticket)).status_code == 200


def test_events_continue_after_what_a_page_has(game: Game, host: Client, player: Client) -> None:
    call(host, f"/games/{game.pk}/start/")
    call(host, f"/games/{game.pk}/next/")
    after = player.get(f"/games/{game.pk}/events/?after=1").json()["events"]
    assert [(event["seq"], event["type"]) for event in after] == [(2, "question.reading")]
    assert player.get(f"/games/{game.pk}/events/?after=x").status_code == 400


@pytest.fixture
def open_question(game: Game, host: Client, player: Client) -> Any:
    for step in ("start", "next", "next"):
        assert call(host, f"/games/{game.pk}/{step}/").status_code == 200
    game.refresh_from_db()
    return game.question()


def body(question: Any, **more: Any) -> dict[str, Any]:
    return {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.choice_ids[0], **more}


def test_an_answer_is_acknowledged_and_says_nothing_of_right(game: Game, player: Client, open_question: Any) -> None:
    data = body(open_question)
    answer = call(player, f"/games/{game.pk}/answer/", data)
    assert answer.status_code == 200
    assert set(answer.json()) == {"answer_id", "question", "round", "choice", "received_at", "elapsed_ms"}
    assert answer.json()["answer_id"] == data["answer_id"]
    assert call(player, f"/games/{game.pk}/answer/", data).json() == answer.json()


def test_only_players_answer(game: Game, host: Client, stranger: Client, open_question: Any) -> None:
    for who in (host, stranger, Client()):
        assert call(who, f"/games/{game.pk}/answer/", body(open_question)).status_code == 403
    assert not Answer.objects.exists()


def test_who_answers_is_who_is_logged_in_not_who_is_named(
    game: Game, player: Client, admitted: Any, open_question: Any
) -> None:
    call(player, f"/games/{game.pk}/answer/", body(open_question, player=admitted["player"]))
    assert Answer.objects.get().player.nickname == "Ada"


def test_a_changed_mind_is_told_what_counts(game: Game, player: Client, open_question: Any) -> None:
    first = call(player, f"/games/{game.pk}/answer/", body(open_question)).json()
    second = call(player, f"/games/{game.pk}/answer/", body(open_question, choice=open_question.choice_ids[1]))
    assert (second.status_code, second.json()["error"], second.json()["answer"]) == (409, "already-answered", first)


def test_a_late_answer_is_refused(game: Game, host: Client, player: Client, open_question: Any) -> None:
    call(host, f"/games/{game.pk}/next/")
    answer = call(player, f"/games/{game.pk}/answer/", body(open_question))
    assert (answer.status_code, answer.json()["error"]) == (409, "question-not-open")


def test_an_option_of_another_question_is_refused(game: Game, player: Client, open_question: Any) -> None:
    foreign = game.questions.get(position=2).choice_ids[0]
    answer = call(player, f"/games/{game.pk}/answer/", body(open_question, choice=foreign))
    assert (answer.status_code, answer.json()["error"]) == (400, "bad-choice")
    assert not Answer.objects.exists()


def test_what_is_right_is_not_sent_before_the_reveal(
    game: Game, host: Client, player: Client, memory_backend: list[Any]
) -> None:
    seen = ""
    for step in ("start", "next", "next"):
        call(host, f"/games/{game.pk}/{step}/")
        pages = [f"/games/{game.pk}/state/", f"/games/{game.pk}/events/", f"/play/{game.pin}/"]
        seen += "".join(player.get(page).content.decode() for page in pages)
    seen += "".join(message.body.decode() for message in memory_backend)
    assert "Jupiter" in seen
    assert "Because." not in seen
    assert '"right": [' not in seen
    assert '"right":[' not in seen
    assert game.questions.get(position=2).text not in seen
