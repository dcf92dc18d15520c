"""The door over HTTP, for pages and for programs: PIN, nickname, and the way back in."""

from typing import Any

import pytest
from django.test import Client

from quiz.play.models import Game, Player
from tests.play.calls import call


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


@pytest.mark.parametrize("nickname", [None, 5, {"a": 1}, ["Ada"]])
def test_what_is_no_text_is_no_nickname(game: Game, nickname: Any) -> None:
    answer = call(Client(), "/join/", {"pin": game.pin, "nickname": nickname})
    assert (answer.status_code, answer.json()["error"]) == (400, "nickname-empty")


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
