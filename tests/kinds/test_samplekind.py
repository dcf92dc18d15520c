"""A kind of an app outside of the package, from its author's form to the results of its game."""

import json
from typing import Any

import pytest
from django.test import Client

from quiz.authoring.models import Question
from quiz.kinds import QuestionDraft, named
from quiz.play.models import Game
from quiz.play.states import GameError
from tests.kinds import laws
from tests.samplekind.kind import Stars

FORM = {"text": "How good?", "stars": "4", "time_limit_s": "20", "points": "1000", "explanation": ""}


def call(client: Client, url: str, data: Any = None) -> Any:
    return client.post(url, json.dumps(data or {}), content_type="application/json")


def test_a_setting_switches_it_on() -> None:
    assert isinstance(named("stars"), Stars)


def test_it_keeps_the_laws() -> None:
    laws.check(Stars(), QuestionDraft("How good?", (), kind="stars", data={"stars": 4}), [1, 3, 4, 5, 4])


def test_its_author_its_players_and_its_host_play_it_through(author: Any, host: Client) -> None:
    quiz = author.quizzes.create(title="Taste")
    address = f"/quizzes/{quiz.pk}/questions/new/?kind=stars"
    assert "One to 5 stars." in host.post(address, {**FORM, "stars": "0"}).content.decode()
    assert host.post(address, FORM).status_code == 302
    assert "★★★★" in host.get(f"/quizzes/{quiz.pk}/").content.decode()
    game = Game.open_lobby(quiz)
    game.options = {**game.options, "partial": "lenient", "scoring": "flat"}
    game.save()
    ada, bob = Client(), Client()
    for player, name in ((ada, "Ada"), (bob, "Bob")):
        player.post("/join/", {"pin": game.pin, "nickname": name})
    for step in ("start", "next", "next"):
        assert call(host, f"/games/{game.pk}/{step}/").status_code == 200
    state = ada.get(f"/games/{game.pk}/state/").json()
    assert (state["question"]["kind"], state["question"]["view"]) == ("stars", {"most": 5})
    given = {"question": state["question"]["id"]}
    bad = call(
        ada, f"/games/{game.pk}/answer/", {**given, "answer_id": "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "choice": 6}
    )
    assert (bad.status_code, bad.json()["error"]) == (400, "bad-choice")
    for player, stars, id in (
        (ada, 4, "1b4e28ba-2fa1-41d2-883f-0016d3cca421"),
        (bob, 3, "1b4e28ba-2fa1-41d2-883f-0016d3cca422"),
    ):
        answer = call(player, f"/games/{game.pk}/answer/", {**given, "answer_id": id, "choice": stars})
        assert (answer.status_code, answer.json()["choice"]) == (200, stars)
    call(host, f"/games/{game.pk}/next/")
    reveal = bob.get(f"/games/{game.pk}/state/").json()
    assert (reveal["reveal"]["right"], reveal["reveal"]["counts"]["4"], reveal["me"]["points"]) == (4, 1, 500)
    assert "★★★" in bob.get(f"/games/{game.pk}/sheet/").content.decode()
    host.post(f"/games/{game.pk}/results/", {"question": given["question"], "right": "3", "points": "1000"})
    assert bob.get(f"/games/{game.pk}/state/").json()["me"]["points"] == 1000
    assert "right was ★★★★, is ★★★" in host.get(f"/games/{game.pk}/results/").content.decode()


@pytest.mark.django_db
def test_where_it_was_switched_off_its_questions_are_named_and_not_asked(quiz: Any, host: Client) -> None:
    Question.objects.filter(position=1).update(kind="gone", data={"any": "thing"})
    page = host.get(f"/quizzes/{quiz.pk}/")
    assert "Questions of this kind cannot be asked here" in page.content.decode()
    assert host.get(f"/quizzes/{quiz.pk}/questions/{quiz.questions.first().pk}/").status_code == 404
    with pytest.raises(GameError, match="kind-unknown"):
        Game.open_lobby(quiz)
