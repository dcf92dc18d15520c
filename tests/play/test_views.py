"""The HTTP contract, each call tried as host, player and stranger."""

import json
import re
import uuid
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from quiz.live import tickets
from quiz.live.models import Cut
from quiz.play import owning
from quiz.play.models import Answer, Game, Player
from quiz.play.rates import WRONG_PINS

STEPS = ["start", "next", "skip", "pause", "resume", "lock", "kick", "void", "finish"]


def call(client: Client, url: str, data: Any = None, **extra: Any) -> Any:
    return client.post(url, json.dumps(data or {}), content_type="application/json", **extra)


def bearer(ticket: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {ticket}"}


@pytest.fixture
def admitted(game: Game) -> dict[str, Any]:
    """What a program gets that joined as Bob."""
    answer = call(Client(), "/join/", {"pin": game.pin, "nickname": "Bob"})
    assert answer.status_code == 201
    return answer.json()


# Opening a game.


def test_an_author_opens_a_game(host: Client, quiz: Any) -> None:
    answer = call(host, "/games/", {"quiz": quiz.pk})
    assert answer.status_code == 201
    game = Game.objects.get(pk=answer.json()["game"])
    assert answer.json() == {"game": game.pk, "pin": game.pin, "url": f"/games/{game.pk}/"}


def test_the_form_leads_to_the_host_screen(host: Client, quiz: Any) -> None:
    answer = host.post("/games/", {"quiz": quiz.pk})
    assert (answer.status_code, answer.url) == (302, f"/games/{Game.objects.get().pk}/")


@pytest.mark.parametrize("id", ["", "x", -1, 10**30, "9" * 5_000, None, "１"])
def test_a_quiz_that_is_not_there_opens_nothing(host: Client, quiz: Any, id: Any) -> None:
    answer = call(host, "/games/", {"quiz": id})
    assert (answer.status_code, answer.json()["error"]) == (404, "quiz-not-found")


def test_another_authors_quiz_looks_as_if_it_were_not_there(stranger: Client, quiz: Any) -> None:
    assert call(stranger, "/games/", {"quiz": quiz.pk}).status_code == 404
    assert not Game.objects.exists()


def test_an_author_has_so_many_games_open_and_no_more(
    host: Client, game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owning, "MAX_OPENED", 2)
    assert call(host, "/games/", {"quiz": game.quiz_id}).status_code == 201
    answer = call(host, "/games/", {"quiz": game.quiz_id})
    assert (answer.status_code, answer.json()["error"]) == (409, "too-many-games")
    form = host.post("/games/", {"quiz": game.quiz_id}, follow=True)
    assert "too many games open" in form.content.decode()
    game.finish()
    assert call(host, "/games/", {"quiz": game.quiz_id}).status_code == 201


def test_opening_a_game_needs_a_login(client: Client, quiz: Any) -> None:
    assert call(client, "/games/", {"quiz": quiz.pk}).status_code == 403


# Steps.


@pytest.mark.parametrize("step", STEPS)
def test_only_the_host_may_take_a_step(step: str, game: Game, player: Client, stranger: Client, client: Client) -> None:
    for who in (player, stranger, client):
        answer = call(who, f"/games/{game.pk}/{step}/")
        assert answer.status_code == 403
        assert answer.json()["error"] in ("login-required", "not-your-game")
    game.refresh_from_db()
    assert game.version == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_a_post(step: str, game: Game, host: Client) -> None:
    assert host.get(f"/games/{game.pk}/{step}/").status_code == 405


@pytest.mark.parametrize("step", STEPS)
def test_a_step_needs_the_csrf_token(step: str, game: Game, author: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(author)
    assert call(browser, f"/games/{game.pk}/{step}/").status_code == 403
    game.refresh_from_db()
    assert game.version == 1


def test_start_answers_with_an_empty_object(game: Game, host: Client, player: Client) -> None:
    answer = call(host, f"/games/{game.pk}/start/")
    assert (answer.status_code, answer.json()) == (200, {})


def test_a_second_start_is_told_why_not_and_how_things_stand(game: Game, host: Client, player: Client) -> None:
    call(host, f"/games/{game.pk}/start/")
    answer = call(host, f"/games/{game.pk}/start/")
    assert answer.status_code == 409
    assert answer.json()["error"] == "not-now"
    assert answer.json()["state"]["phase"] == "countdown"


def test_of_two_clicks_on_the_same_screen_one_wins(game: Game, host: Client, player: Client) -> None:
    call(host, f"/games/{game.pk}/start/", {"version": 1})
    assert call(host, f"/games/{game.pk}/next/", {"version": 2}).status_code == 200
    second = call(host, f"/games/{game.pk}/next/", {"version": 2})
    assert (second.status_code, second.json()["error"]) == (409, "game-has-moved-on")
    assert second.json()["state"]["phase"] == "reading"


def test_a_game_that_is_not_there(host: Client) -> None:
    for answer in (call(host, "/games/999/start/"), call(host, "/games/999/ticket/"), host.get("/games/999/state/")):
        assert (answer.status_code, answer.json()["error"]) == (404, "no-such-game")


@pytest.mark.parametrize(
    "body", ["{", "[]", "7", '"x"', "[" * 20_000, b"\xff\xfe", '{"version": "x"}', '{"version": true}']
)
def test_malformed_json_changes_nothing(game: Game, host: Client, player: Client, body: Any) -> None:
    answer = host.post(f"/games/{game.pk}/start/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad-json")
    game.refresh_from_db()
    assert game.phase == "lobby"


def test_a_body_that_breaks_off_changes_nothing_and_is_no_fault_of_ours(game: Game) -> None:
    class Broken(BytesIO):
        def read(self, *size: Any) -> bytes:
            raise ConnectionResetError

    extra = {"wsgi.input": Broken(), "CONTENT_LENGTH": "100", "CONTENT_TYPE": "application/json"}
    assert Client().generic("POST", "/join/", **extra).status_code == 400
    assert not Player.objects.exists()


def test_an_oversize_body_is_refused(game: Game, host: Client, player: Client) -> None:
    for url in (f"/games/{game.pk}/start/", "/join/"):
        answer = call(host, url, {"pin": game.pin, "nickname": "x" * 70_000})
        assert (answer.status_code, answer.json()["error"]) == (413, "too-large")


def test_a_kicked_player_is_out(game: Game, host: Client, player: Client) -> None:
    ada = Player.objects.get()
    assert call(host, f"/games/{game.pk}/kick/", {"player": ada.pk}).status_code == 200
    answer = player.get(f"/games/{game.pk}/state/")
    assert (answer.status_code, answer.json()["error"]) == (403, "removed")
    assert [cut.subject for cut in Cut.objects.all()] == [ada.subject]  # the open page hears no more


@pytest.mark.parametrize("page", ["state/", "events/", "door/"])
def test_nobody_on_the_way_keeps_what_one_member_reads(game: Game, player: Client, page: str) -> None:
    assert "no-store" in player.get(f"/games/{game.pk}/{page}")["Cache-Control"]


@pytest.mark.parametrize("nickname", [None, 5, {"a": 1}, ["Ada"]])
def test_what_is_no_text_is_no_nickname(game: Game, nickname: Any) -> None:
    answer = call(Client(), "/join/", {"pin": game.pin, "nickname": nickname})
    assert (answer.status_code, answer.json()["error"]) == (400, "nickname-empty")


@pytest.mark.parametrize("id", [None, "x", True, -1, 10**30, 4711])
def test_kicking_nobody_is_refused(game: Game, host: Client, player: Client, id: Any) -> None:
    assert call(host, f"/games/{game.pk}/kick/", {"player": id}).json()["error"] == "no-such-player"


def test_locking_and_opening_the_door(game: Game, host: Client) -> None:
    call(host, f"/games/{game.pk}/lock/", {"locked": True})
    assert call(Client(), "/join/", {"pin": game.pin, "nickname": "Eve"}).json()["error"] == "game-locked"
    call(host, f"/games/{game.pk}/lock/", {"locked": False})
    assert call(Client(), "/join/", {"pin": game.pin, "nickname": "Eve"}).status_code == 201


@pytest.mark.parametrize("locked", ["false", 0, None, []])
def test_a_lock_that_is_neither_open_nor_closed_changes_nothing(game: Game, host: Client, locked: Any) -> None:
    game.lock(True)
    assert call(host, f"/games/{game.pk}/lock/", {"locked": locked}).status_code == 400
    game.refresh_from_db()
    assert game.locked


# Joining.


def test_a_program_that_joins_gets_all_it_needs_and_no_cookie(game: Game) -> None:
    program = Client(enforce_csrf_checks=True)
    answer = call(program, "/join/", {"pin": game.pin, "nickname": "Bob"})
    assert answer.status_code == 201
    assert set(answer.json()) == {"game", "player", "ticket", "resume", "relay", "broker", "state"}
    assert not answer.cookies
    assert answer.json()["state"]["me"]["nickname"] == "Bob"


def test_pages_learn_their_login_and_how_the_broker_spells_their_destinations(
    game: Game, host: Client, player: Client, settings: Any
) -> None:
    settings.STOMP_DESTINATIONS = "rabbitmq"
    ada = game.players.get()
    topics = {f"/games/{game.pk}/{name}": f"/topic/games.{game.pk}.{name}" for name in ("status", "players")}
    own = {
        f"/games/{game.pk}/answers": f"/topic/games.{game.pk}.answers",
        f"/players/{ada.pk}": f"/topic/players.{ada.pk}",
    }
    told = player.get(f"/play/{game.pin}/").context["page"]["broker"]
    assert (told["login"], told["destinations"]) == (ada.subject, topics | own)
    told = host.get(f"/games/{game.pk}/").context["page"]["broker"]
    own = {f"/games/{game.pk}/{name}": f"/topic/games.{game.pk}.{name}" for name in ("host", "wall")}
    assert (told["login"], told["destinations"]) == (f"user:{game.owner_id}", topics | own)


def test_a_browser_that_joins_is_led_to_its_page(game: Game) -> None:
    browser = Client()
    answer = browser.post("/join/", {"pin": game.pin, "nickname": "Bob"})
    assert (answer.status_code, answer.url) == (302, f"/play/{game.pin}/")


def test_the_form_needs_the_csrf_token(game: Game) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/join/", {"pin": game.pin, "nickname": "Bob"}).status_code == 403
    assert not Player.objects.exists()


@pytest.mark.parametrize(
    ("nickname", "status", "error"),
    [
        ("", 400, "nickname-empty"),
        ("x" * 300, 400, "nickname-too-long"),
        ("a\x07b", 400, "nickname-bad-characters"),
        ("ADA", 409, "nickname-taken"),
    ],
)
def test_what_is_wrong_with_a_nickname_is_said(
    game: Game, player: Client, nickname: str, status: int, error: str
) -> None:
    answer = call(Client(), "/join/", {"pin": game.pin, "nickname": nickname})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["message"]
    assert Player.objects.count() == 1


def test_a_wrong_pin_and_an_ended_game_get_the_same_answer(game: Game) -> None:
    wrong = "000000" if game.pin != "000000" else "000001"
    game.finish()
    answers = [call(Client(), "/join/", {"pin": pin, "nickname": "Bob"}) for pin in (wrong, game.pin)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_player_comes_back_with_the_token(game: Game, admitted: dict[str, Any]) -> None:
    answer = call(Client(), "/resume/", {"resume": admitted["resume"]})
    assert answer.status_code == 200
    assert answer.json()["player"] == admitted["player"]


def test_a_wrong_token_opens_nothing(game: Game) -> None:
    assert call(Client(), "/resume/", {"resume": "wrong"}).status_code == 404


# State, events, ticket.


@pytest.mark.parametrize("page", ["state", "events"])
def test_only_members_see_a_game(page: str, game: Game, host: Client, player: Client, stranger: Client) -> None:
    url = f"/games/{game.pk}/{page}/"
    assert [who.get(url).status_code for who in (host, player, stranger, Client())] == [200, 200, 403, 403]


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


# Answers.


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


# What nobody may see before the reveal.


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


# Pages.


def test_the_door_asks_for_a_pin_then_for_a_name(game: Game, client: Client) -> None:
    assert (client.get("/").status_code, client.head("/").status_code) == (200, 200)  # monitors ask for the head
    page = client.get("/join/", {"pin": game.pin})
    assert page.status_code == 200
    assert "Sky" in page.content.decode()


def test_a_wrong_pin_is_asked_for_again(client: Client, db: None) -> None:
    page = client.get("/join/", {"pin": "12"})
    assert page.status_code == 404
    assert "Check the six digits" in page.content.decode()


def test_a_taken_name_is_asked_for_again_with_a_free_one(game: Game, player: Client, client: Client) -> None:
    page = client.post("/join/", {"pin": game.pin, "nickname": "ada"})
    assert page.status_code == 409
    assert "ada 2" in page.content.decode()


def test_a_stranger_on_a_players_page_is_led_to_the_door(game: Game, client: Client) -> None:
    answer = client.get(f"/play/{game.pin}/")
    assert (answer.status_code, answer.url) == (302, f"/join/?pin={game.pin}")


@pytest.mark.parametrize("pin", ["%00", "%ED%A0%80", "abc"])
def test_a_players_page_of_what_is_no_pin_leads_to_the_door(db: None, client: Client, pin: str) -> None:
    assert client.get(f"/play/{pin}/").status_code == 302


def test_the_host_screen_is_for_the_host(game: Game, host: Client, stranger: Client, client: Client) -> None:
    url = f"/games/{game.pk}/"
    assert [who.get(url).status_code for who in (host, stranger, client)] == [200, 404, 302]


def test_the_authors_texts_say_their_language_on_a_page_in_another(game: Game, host: Client, player: Client) -> None:
    Game.objects.filter(pk=game.pk).update(language="it")
    for client, path in ((host, f"/games/{game.pk}/"), (player, f"/play/{game.pin}/")):
        page = client.get(path).content.decode()
        assert '<html lang="en">' in page
        assert re.search(r'<h1 [^>]*_text rich-line"[^>]* lang="it"', page)  # the question
        assert '<span lang="it" data-ref="text">' in page  # each option
    game.start()
    for _ in range(3):
        game.next()
    for client, path in ((player, f"/games/{game.pk}/sheet/"), (host, f"/games/{game.pk}/results/")):
        assert re.search(r'id="question-1" lang="it">1\. Which planet', client.get(path).content.decode())


def test_the_qr_code_is_an_svg(game: Game, host: Client, stranger: Client) -> None:
    answer = host.get(f"/games/{game.pk}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert stranger.get(f"/games/{game.pk}/qr.svg").status_code == 404


def test_the_codes_link_lets_in_whom_wrong_pins_from_the_same_network_would_keep_out(
    game: Game, host: Client, monkeypatch: Any
) -> None:
    codes: list[str] = []
    monkeypatch.setattr("quiz.play.views.screens._qr_code", lambda address: codes.append(address) or HttpResponse())
    host.get(f"/games/{game.pk}/qr.svg")
    link, school = codes[0].removeprefix("http://testserver"), {"REMOTE_ADDR": "192.0.2.7"}
    browser = Client()
    for _ in range(WRONG_PINS.count):
        browser.get("/join/", {"pin": "0"}, **school)
    waiting = browser.get("/join/", {"pin": game.pin}, **school)
    assert waiting.status_code == 429
    assert "QR code or link" in waiting.content.decode()
    page = browser.get(link, **school).content.decode()
    fields = dict(re.findall(r'type="hidden" name="(pin|key)" value="(\w+)"', page))
    assert browser.post("/join/", {**fields, "nickname": "\N{ZERO WIDTH SPACE}"}, **school).status_code == 400
    assert browser.post("/join/", {**fields, "nickname": "Ada"}, **school).status_code == 302


def test_who_opens_the_door_again_is_shown_the_way_back(game: Game, player: Client, client: Client) -> None:
    way_back = f'href="/play/{game.pin}/"'
    assert way_back in player.get("/join/", {"pin": game.pin}).content.decode()
    assert way_back not in client.get("/join/", {"pin": game.pin}).content.decode()


def test_who_was_removed_is_not_led_back(game: Game, player: Client) -> None:
    game.kick(game.players.get().pk)
    assert f"/play/{game.pin}/" not in player.get("/join/", {"pin": game.pin}).content.decode()


def test_the_same_browser_with_the_same_name_is_no_second_player(game: Game, player: Client) -> None:
    answer = player.post("/join/", {"pin": game.pin, "nickname": " ada "})
    assert (answer.status_code, answer.url) == (302, f"/play/{game.pin}/")
    assert game.players.count() == 1


def test_a_locked_door_offers_no_free_names(game: Game, client: Client) -> None:
    game.lock(True)
    page = client.post("/join/", {"pin": game.pin, "nickname": "Bob"})
    assert page.status_code == 409
    assert "Still free" not in page.content.decode()


def test_a_free_name_is_one_press_away(game: Game, player: Client, client: Client) -> None:
    client.post("/join/", {"pin": game.pin, "nickname": ["ada", "ada 2"]})
    assert [player.nickname for player in game.players.order_by("pk")] == ["Ada", "ada 2"]
