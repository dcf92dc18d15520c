"""The live pages of players and hosts, and their QR codes."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from quiz.play.models import Game
from quiz.play.rates import WRONG_PINS


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
