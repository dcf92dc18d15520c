import json
import uuid
from typing import Any

import pytest

from quiz.live.connection import Delivery
from quiz.play import destinations, intake, joining
from quiz.play.models import Answer, Game
from quiz.play.presence import PRESENT_MS, Signs

OPENED = 1_800_000_006_000

pytestmark = pytest.mark.django_db(transaction=True)


def deliver(game: Game, sender: str, body: Any, at: int = OPENED + 250) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    intake.handle([Delivery(destinations.answers(game.pk), sender, text, at, "ack")], Signs())


def data_of(game: Game) -> dict[str, Any]:
    question = game.question()
    return {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.right}


@pytest.fixture
def told(memory_backend: list[Any], open_game: Game) -> list[Any]:
    memory_backend.clear()
    return memory_backend


def test_an_answer_over_stomp_is_stored_and_acknowledged_to_its_player(
    open_game: Game, ada: Any, told: list[Any]
) -> None:
    deliver(open_game, ada.subject, data_of(open_game))
    stored = Answer.objects.get()
    assert (stored.player, stored.elapsed_ms) == (ada, 250)
    assert [(m.destination, m.type, m.data) for m in told] == [
        (f"/players/{ada.pk}", "answer.received", stored.acknowledgement())
    ]


def test_a_message_that_came_twice_is_stored_once_and_acknowledged_twice(
    open_game: Game, ada: Any, told: list[Any]
) -> None:
    data = data_of(open_game)
    deliver(open_game, ada.subject, data)
    deliver(open_game, ada.subject, data, at=OPENED + 900)
    assert Answer.objects.count() == 1
    assert told[0].data == told[1].data


def test_a_late_answer_is_refused_with_its_reason(open_game: Game, ada: Any, told: list[Any]) -> None:
    data = data_of(open_game)
    deliver(open_game, ada.subject, data, at=OPENED + 20_001)
    assert [(m.type, m.data) for m in told] == [
        ("answer.refused", {"answer_id": data["answer_id"], "error": "question-not-open"})
    ]
    assert not Answer.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "7", "[" * 20_000])
def test_what_is_no_json_object_is_refused(open_game: Game, ada: Any, told: list[Any], body: str) -> None:
    deliver(open_game, ada.subject, body)
    assert [(m.type, m.data["error"]) for m in told] == [("answer.refused", "bad-json")]


def test_an_id_that_no_message_can_carry_is_refused_without_it(open_game: Game, ada: Any, told: list[Any]) -> None:
    deliver(open_game, ada.subject, '{"answer_id": "\\ud800"}')
    assert [m.data for m in told] == [{"answer_id": "", "error": "bad-answer-id"}]


@pytest.mark.parametrize("sender", ["", "user:1", "player:x", "player:4711", "service:web", "player:١"])
def test_only_players_answer(open_game: Game, told: list[Any], sender: str) -> None:
    deliver(open_game, sender, data_of(open_game))
    assert not Answer.objects.exists()
    assert told == []


def test_a_player_of_another_game_changes_nothing(open_game: Game, ada: Any, quiz: Any, told: list[Any]) -> None:
    other = Game.open_lobby(quiz)
    deliver(other, ada.subject, data_of(open_game))
    assert not Answer.objects.exists()
    assert told == []


def test_queues_are_read_for_games_that_run(open_game: Game, quiz: Any) -> None:
    lobby = Game.open_lobby(quiz)
    assert intake.queues() == {destinations.answers(open_game.pk), destinations.answers(lobby.pk)}
    lobby.finish()
    assert intake.queues() == {destinations.answers(open_game.pk)}


def test_a_game_in_play_is_read_before_any_lobby(open_game: Game, quiz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Game.open_lobby(quiz)
    monkeypatch.setattr(intake, "MAX_QUEUES", 1)
    assert intake.queues() == {destinations.answers(open_game.pk)}


def test_a_sign_of_life_is_heard_and_answered_by_nobody(open_game: Game, ada: Any, told: list[Any]) -> None:
    signs = Signs()
    for sender in (ada.subject, "user:1", ""):
        intake.handle([Delivery(destinations.answers(open_game.pk), sender, '{"here": true}', OPENED, "ack")], signs)
    signs.fold(OPENED)
    ada.refresh_from_db()
    assert ada.here_until == OPENED + PRESENT_MS
    assert told == []


def batch(game: Game, answers: list[tuple[Any, dict[str, Any]]], at: int = OPENED + 250) -> list[Delivery]:
    queue = destinations.answers(game.pk)
    return [
        Delivery(queue, player.subject, json.dumps(data), at + number, f"ack {number}")
        for number, (player, data) in enumerate(answers)
    ]


def test_a_batch_gets_an_answer_each_in_one_publishing(
    open_game: Game, ada: Any, bob: Any, told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[int] = []
    monkeypatch.setattr("quiz.live.backend.deliver", lambda messages: published.append(len(messages)))
    good, bad = data_of(open_game), data_of(open_game) | {"choice": "none of these"}
    intake.handle(batch(open_game, [(ada, good), (bob, bad), (ada, good)]), Signs())
    assert Answer.objects.get().player == ada
    assert published == [3]


def test_a_batch_from_several_games_goes_to_each(open_game: Game, ada: Any, quiz: Any, told: list[Any]) -> None:
    other = Game.open_lobby(quiz)
    eve, _ = joining.join(other.pin, "Eve")
    deliveries = batch(open_game, [(ada, data_of(open_game))])
    deliveries += batch(other, [(eve, {**data_of(open_game), "question": other.questions.first().pk})])
    intake.handle(deliveries, Signs())
    assert [(message.destination, message.type) for message in told] == [
        (destinations.player(ada.pk), "answer.received"),
        (destinations.player(eve.pk), "answer.refused"),
    ]


def test_a_batch_that_comes_again_changes_nothing_and_is_acknowledged_as_before(
    open_game: Game, ada: Any, bob: Any, told: list[Any]
) -> None:
    """A referee died between the commit and the acknowledgement to the broker."""
    answers = [(ada, data_of(open_game)), (bob, data_of(open_game))]
    intake.handle(batch(open_game, answers), Signs())
    before = [message.data for message in told]
    open_game.next()
    told.clear()
    intake.handle(batch(open_game, answers, at=OPENED + 30_000), Signs())
    assert [message.data for message in told] == before
    assert Answer.objects.count() == 2
