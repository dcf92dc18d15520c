"""The practice question: what is a try, and that nothing is kept of it."""

from typing import Any

import pytest
from django.test import Client

from quiz.live.connection import Delivery
from quiz.play import destinations, intake, practice
from quiz.play.models import Answer, Game
from quiz.play.presence import Signs

NO_TRIES = [None, [], "abc", {}, {"practice": ""}, {"practice": 7}, {"practice": "x" * 65}, {"practice": "\ud800"}]


def test_a_try_has_a_name_and_nothing_else() -> None:
    assert practice.name_of({"practice": "abc"}) == "abc"
    assert practice.name_of({"practice": "x" * practice.MAX_NAME}) == "x" * practice.MAX_NAME


@pytest.mark.parametrize("data", [*NO_TRIES, {"practice": "abc", "question": 1}])
def test_what_is_no_try_has_no_name(data: Any) -> None:
    assert practice.name_of(data) == ""


@pytest.mark.django_db(transaction=True)
def test_a_try_over_the_line_comes_back_to_its_player_and_leaves_no_row(
    game: Game, ada: Any, memory_backend: list[Any]
) -> None:
    memory_backend.clear()
    delivery = Delivery(destinations.answers(game.pk), ada.subject, '{"practice": "abc"}', 0, "ack")
    intake.handle([delivery], Signs())
    assert [(m.destination, m.type, m.data) for m in memory_backend] == [
        (f"/players/{ada.pk}", "practice.received", {"practice": "abc"})
    ]
    assert not Answer.objects.exists()


def test_a_player_may_try_over_http(game: Game, player: Client) -> None:
    answer = player.post(f"/games/{game.pk}/practice/", {"practice": "abc"}, content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"practice": "abc"})


def test_hosts_and_strangers_have_nothing_to_practise(game: Game, host: Client, stranger: Client) -> None:
    for nobody in (host, stranger):
        answer = nobody.post(f"/games/{game.pk}/practice/", {"practice": "abc"}, content_type="application/json")
        assert answer.status_code == 403


def test_a_try_without_a_name_is_refused(game: Game, player: Client) -> None:
    answer = player.post(f"/games/{game.pk}/practice/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad-practice")
