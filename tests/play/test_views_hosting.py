"""What a host does over HTTP: opens a game, and takes each step of it."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from quiz.live.models import Cut
from quiz.play import owning
from quiz.play.models import Game, Player
from quiz.play.urls import STEPS
from tests.play.calls import call


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
