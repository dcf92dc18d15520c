"""Threads at once on real rows: what two processes may do to each other."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from quiz.play import answering
from quiz.play.models import Answer, Game
from quiz.play.states import GameError
from quiz.play.timing import CLOSING_MS

OPENED = 1_800_000_006_000
DEADLINE = OPENED + 20_000
CLOSES = DEADLINE + CLOSING_MS

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """Run all in threads of their own, started together; what each returned or raised, in order."""
    barrier = threading.Barrier(len(tasks))
    results: list[Any] = [None] * len(tasks)

    def run(n: int, task: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[n] = task()
        except Exception as error:  # noqa: BLE001  # the test looks at it
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, task)) for n, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def body(question: Any, **more: Any) -> dict[str, Any]:
    return {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.right, **more}


def test_one_answer_sent_by_ten_connections_is_stored_once(open_game: Game, ada: Any) -> None:
    data = body(open_game.question())
    acknowledgements = at_once([lambda: answering.take(ada, data, OPENED + 5).acknowledgement()] * 10)
    assert Answer.objects.count() == 1
    assert acknowledgements == [Answer.objects.get().acknowledgement()] * 10


def test_ten_different_answers_of_one_player_leave_the_first(open_game: Game, ada: Any) -> None:
    question = open_game.question()
    choices = [question.choice_ids[n % 3] for n in range(10)]
    results = at_once([lambda c=c: answering.take(ada, body(question, choice=c), OPENED + 5) for c in choices])
    stored = Answer.objects.get()
    for choice, result in zip(choices, results, strict=True):
        if [choice] == stored.choice:
            assert result == stored
        else:
            assert result.answer == stored


def test_referees_who_take_the_same_batch_at_once_store_each_answer_once(open_game: Game, join: Any) -> None:
    question = open_game.question()
    players = [join(f"Player {n}") for n in range(20)]
    batch = [answering.Sent(player.pk, body(question), OPENED + 5) for player in players]
    results = at_once([lambda part=batch[n:]: answering.take_all(open_game.pk, part) for n in (0, 5, 0, 10)])
    stored = list(Answer.objects.order_by("player_id"))
    assert [answer.player for answer in stored] == players
    assert results == [stored, stored[5:], stored, stored[10:]]


def test_an_answer_is_either_scored_or_refused_when_it_meets_the_deadline(open_game: Game, join: Any) -> None:
    players = [join(f"Player {n}") for n in range(12)]
    question = open_game.question()
    takers = [lambda p=p: answering.take(p, body(question), DEADLINE) for p in players]
    results = at_once([*takers[:6], lambda: Game.objects.get(pk=open_game.pk).close_if_due(CLOSES), *takers[6:]])
    closed = results.pop(6)
    assert closed is True
    for player, result in zip(players, results, strict=True):
        player.refresh_from_db()
        if isinstance(result, Answer):
            assert (Answer.objects.get(pk=result.pk).points, player.points) == (500, 500)
        else:
            assert isinstance(result, GameError)
            assert player.points == 0


def test_of_ten_hosts_who_press_next_one_moves_the_game(open_game: Game) -> None:
    version = open_game.version
    results = at_once([lambda: Game.objects.get(pk=open_game.pk).next(seen=version)] * 10)
    assert sorted(str(result) for result in results) == ["None"] + ["game-has-moved-on"] * 9
    open_game.refresh_from_db()
    assert (open_game.phase, open_game.version) == ("reveal", version + 1)


def test_ten_who_want_the_same_name_get_it_once(game: Game, join: Any) -> None:
    results = at_once([lambda: join("Ada")] * 10)
    assert [player.nickname for player in game.players.all()] == ["Ada"]
    assert sorted(str(result) for result in results) == ["Ada"] + ["nickname-taken"] * 9
