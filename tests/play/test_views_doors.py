"""The door over HTTP: who waits, who is let in, and what a host may ask for."""

from typing import Any

import pytest
from django.test import Client

from quiz.play import naming, people
from quiz.play.models import Game, Knock, Player
from quiz.play.options import Options
from tests.play.calls import call


@pytest.fixture
def guarded(game: Game) -> Game:
    people.guard(game, True)
    return game


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("sweep", {"players": "all"}),
        ("sweep", {"players": []}),
        ("sweep", {"players": [True]}),
        ("sweep", {"players": [10**30]}),
        ("sweep", {"players": list(range(1, people.MAX_AT_ONCE + 2))}),
        ("admit", {}),
        ("refuse", {"knocks": {"a": 1}}),
        ("guard", {"approve": "true"}),
    ],
)
def test_a_body_that_names_nobody_changes_nothing(game: Game, host: Client, step: str, body: Any) -> None:
    assert call(host, f"/games/{game.pk}/{step}/", body).status_code == 400


def test_a_browser_waits_and_goes_on_by_itself(guarded: Game, host: Client) -> None:
    browser = Client()
    led = browser.post("/join/", {"pin": guarded.pin, "nickname": "Ada"})
    assert (led.status_code, led.url) == (302, f"/play/{guarded.pin}/")
    assert b"Almost in" in browser.get(led.url).content
    assert browser.get(f"/games/{guarded.pk}/door/").json()["door"] == "waiting"
    assert browser.get(f"/games/{guarded.pk}/state/").status_code == 403
    assert call(host, f"/games/{guarded.pk}/admit/", {"knocks": "all"}).status_code == 200
    assert browser.get(f"/games/{guarded.pk}/door/").json() == {"door": "open"}
    assert browser.get(led.url).context["page"]["state"]["me"]["nickname"] == "Ada"


def test_a_browser_that_is_turned_away_is_told_so(guarded: Game, host: Client) -> None:
    browser = Client()
    browser.post("/join/", {"pin": guarded.pin, "nickname": "Ada"})
    call(host, f"/games/{guarded.pk}/refuse/", {"knocks": [Knock.objects.get().pk]})
    assert browser.get(f"/games/{guarded.pk}/door/").json() == {"door": "refused"}
    assert b"did not let you in" in browser.get(f"/play/{guarded.pin}/").content
    assert browser.post("/join/", {"pin": guarded.pin, "nickname": "Bob"}).status_code == 403


def test_a_program_waits_with_its_token(guarded: Game, host: Client) -> None:
    answer = call(Client(), "/join/", {"pin": guarded.pin, "nickname": "Bob", "device": "mine"})
    assert answer.status_code == 202
    waits = answer.json()
    assert (waits["game"], waits["again_in_ms"] >= 2_000) == (guarded.pk, True)
    assert call(Client(), "/resume/", {"resume": waits["resume"]}).status_code == 202
    call(host, f"/games/{guarded.pk}/admit/", {"knocks": "all"})
    assert call(Client(), "/resume/", {"resume": waits["resume"]}).json()["state"]["me"]["nickname"] == "Bob"
    assert Player.objects.get().device_hash


def test_a_stranger_hears_nothing_at_a_door(game: Game, client: Client) -> None:
    assert client.get(f"/games/{game.pk}/door/").status_code == 403


def test_a_name_that_a_host_may_not_give_is_told(game: Game, host: Client, ada: Any, bob: Any) -> None:
    url = f"/games/{game.pk}/rename/"
    taken = call(host, url, {"player": ada.pk, "nickname": "BOB"})
    assert (taken.status_code, taken.json()["error"], taken.json()["suggestion"]) == (409, "nickname-taken", "BOB 2")
    assert call(host, url, {"player": ada.pk, "nickname": "Admin"}).json()["error"] == "nickname-reserved"
    assert call(host, url, {"player": 4711, "nickname": "Cy"}).json()["error"] == "no-such-player"


def test_a_game_of_friendly_names_offers_them_and_takes_no_others(quiz: Any, client: Client) -> None:
    game = Game.open_lobby(quiz, options=Options.of({"names": "friendly"}))
    offers = client.get("/join/", {"pin": game.pin}).context["offers"]
    assert len(offers) == len(set(offers)) >= 1
    refused = client.post("/join/", {"pin": game.pin, "nickname": "Ada"})
    assert refused.status_code == 400
    assert b"one of the names that are offered" in refused.content
    assert client.post("/join/", {"pin": game.pin, "nickname": offers[0]}).status_code == 302
    assert call(Client(), "/join/", {"pin": game.pin, "nickname": naming.free(game, offers[0])}).status_code == 201


def test_too_many_wrong_pins_are_told_on_the_page(db: None, client: Client) -> None:
    for _ in range(11):
        page = client.get("/join/", {"pin": "12"}, REMOTE_ADDR="192.0.2.7")
    assert (page.status_code, page["Retry-After"].isdecimal()) == (429, True)
    assert b"Too many wrong PINs" in page.content
    assert b"Try again in" in page.content


def test_a_crowded_door_keeps_what_was_typed(game: Game, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from quiz.play import joining
    from quiz.play.rates import Rate

    monkeypatch.setattr(joining, "JOINS_OF_ONE_GAME", Rate(1, 10_000))
    form = {"pin": game.pin, "nickname": "Ada"}
    assert client.post("/join/", form, REMOTE_ADDR="192.0.2.7").status_code == 302
    page = Client().post("/join/", {**form, "nickname": "Bob"}, REMOTE_ADDR="192.0.2.8")
    assert (page.status_code, page.context["nickname"], page.context["wait_ms"] > 0) == (429, "Bob", True)
