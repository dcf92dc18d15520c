"""What was tried on other live quizzes, and went wrong in some of them, tried here.

A player is cut in mid-question and comes back:

- twice, and plays on: below; in browsers ``tests/browser/test_game.py::test_whole_game_over_websockets`` and
  ``tests/browser/test_modes.py::test_three_play_alone_and_meet_at_the_end``
- answered, cut, back: below, and ``tests/play/test_presence.py::test_a_second_page_shows_the_answer_of_the_first``

Somebody answers twice:

- wrong, cut, right: below, and
  ``tests/play/test_table_d.py::test_d3_of_two_answers_the_first_stays_and_both_are_told_it``
- copies back to back: below, and ``tests/play/test_races.py::test_one_answer_sent_by_ten_connections_is_stored_once``
- for another: ``tests/play/test_table_d.py::test_d1_an_answer_for_somebody_else_is_the_callers_own``

Somebody answers early or late: below, and
``tests/play/test_table_d.py::test_d2_an_answer_before_or_after_its_time_is_refused``.

The host is cut:

- in the lobby: below, and ``tests/play/test_presence.py::test_a_lobby_is_not_paused``
- in mid-game: below, and
  ``tests/play/test_presence.py::test_a_game_whose_host_has_vanished_is_paused_once_and_keeps_its_time``
- with a second screen: ``tests/browser/test_flow.py::test_two_screens_of_a_host_that_press_at_once_go_on_once``

A process is killed (-9):

- all: ``tests/system/test_faults.py::test_a_game_goes_on_after_all_processes_were_killed_at_once``
- web: ``tests/system/test_faults.py::test_answer_sent_again_and_again_while_web_dies_and_returns_is_stored_once``
- referee: ``tests/system/test_faults.py::test_answers_in_the_hands_of_a_referee_that_is_killed_are_stored_once``
- relay and broker: ``tests/browser/test_faults.py::test_relay_and_broker_die_and_return_in_mid_question``

Who may do what:

- hosts' calls, and what a PIN alone opens: below
- over STOMP: ``tests/system/test_faults.py::test_forged_frame_is_refused_and_nobody_sees_anything``
- remote control: ``tests/play/test_cohosts.py::test_the_remote_control_and_its_code_are_for_hosts``
- what is right: ``tests/play/test_table_d.py::test_d7_no_byte_before_the_reveal_knows_what_is_right``
- another game: below, and ``tests/play/test_intake.py::test_a_player_of_another_game_changes_nothing``

Two players of one name: ``tests/play/test_races.py::test_ten_who_want_the_same_name_get_it_once`` and
``tests/play/test_table_d.py::test_d13_a_name_that_looks_like_anothers_is_taken_and_another_is_offered``.
"""

import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from quiz.live import memory
from quiz.live.connection import Delivery
from quiz.play import destinations, intake, joining, presence, snapshot
from quiz.play.models import Answer, Game, Player
from quiz.play.presence import PRESENT_MS, Signs
from quiz.play.urls import STEPS

ROOT = Path(__file__).resolve().parents[2]
OPENED = 1_800_000_006_000
NAMED = re.compile(r"``(tests/[\w/.]+)::(\w+)``")


def post(client: Client, url: str, data: Any = None, **extra: Any) -> Any:
    return client.post(url, json.dumps(data or {}), content_type="application/json", **extra)


def body(question: Any, *, right: bool = True, **more: Any) -> dict[str, Any]:
    wrong = [id for id in question.choice_ids if id not in question.right][:1]
    choice = question.right if right else wrong
    return {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": choice, **more}


def test_every_test_that_is_named_above_is_there() -> None:
    named = NAMED.findall(__doc__)
    assert len(named) > 15
    assert [(file, name) for file, name in named if f"def {name}(" not in (ROOT / file).read_text()] == []


# A player who is cut.


@pytest.fixture
def played(game: Game, host: Client, player: Client, join: Callable[[str], Player]) -> Game:
    """By Ada, in her browser, and Bob: the first question is open."""
    join("Bob")
    for step in ("start", "next", "next"):
        assert post(host, f"/games/{game.pk}/{step}/").status_code == 200
    game.refresh_from_db()
    return game


def reloaded(player: Client, game: Game) -> Any:
    """The state of the page that comes back."""
    post(player, f"/games/{game.pk}/away/")
    return player.get(f"/play/{game.pin}/").context["page"]["state"]


def test_who_was_cut_twice_is_the_same_player_and_sees_the_question_with_its_time(played: Game, player: Client) -> None:
    before = player.get(f"/games/{played.pk}/state/").json()
    for _ in range(2):
        back = reloaded(player, played)
        assert back["me"]["player"] == before["me"]["player"]
        assert (back["question"], back["phase_ends_at"]) == (before["question"], before["phase_ends_at"])
    assert post(player, f"/games/{played.pk}/answer/", body(played.question())).status_code == 200
    played.next()
    assert played.players.get(nickname="Ada").points > 500


def test_a_program_that_was_cut_twice_plays_on_with_its_token(played: Game) -> None:
    admitted = post(Client(), "/join/", {"pin": played.pin, "nickname": "Cleo"}).json()
    token = admitted["resume"]
    for _ in range(2):
        back = post(Client(), "/resume/", {"resume": token}).json()
        token = back["resume"]
        assert (back["player"], back["state"]["phase"]) == (admitted["player"], "open")
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {back['ticket']}"}
    assert post(Client(), f"/games/{played.pk}/answer/", body(played.question()), **bearer).status_code == 200


def test_who_answered_and_was_cut_finds_the_answer_and_its_points(played: Game, player: Client) -> None:
    sent = body(played.question())
    assert post(player, f"/games/{played.pk}/answer/", sent).status_code == 200
    for _ in range(2):
        assert reloaded(player, played)["me"]["answer"]["choice"] == sent["choice"]
    played.next()
    assert reloaded(player, played)["me"]["points"] > 500


def test_a_right_answer_after_a_wrong_one_and_a_cut_scores_nothing_and_closes_nothing(
    played: Game, player: Client
) -> None:
    question = played.question()
    first = body(question, right=False)
    assert post(player, f"/games/{played.pk}/answer/", first).status_code == 200
    reloaded(player, played)
    second = post(player, f"/games/{played.pk}/answer/", body(question))
    assert (second.status_code, second.json()["error"]) == (409, "already-answered")
    assert second.json()["answer"]["choice"] == first["choice"]
    assert not played.close_if_complete(question.opened_at + 100)  # Bob has all his time.
    played.next()
    assert reloaded(player, played)["me"]["points"] == 0


# Answers that come again, early, or late.


@pytest.mark.parametrize("same_id", [True, False])
def test_three_copies_back_to_back_are_one_answer(open_game: Game, ada: Player, *, same_id: bool) -> None:
    sent = body(open_game.question())
    copies = [sent if same_id else {**sent, "answer_id": str(uuid.uuid4())} for _ in range(3)]
    batch = [delivered(open_game, ada, copy, OPENED + 1_000 + n) for n, copy in enumerate(copies)]
    intake.handle(batch[:2], Signs())
    intake.handle(batch[2:], Signs())
    stored = Answer.objects.get()
    open_game.next()
    ada.refresh_from_db()
    stored.refresh_from_db()
    assert (stored.received_at, ada.points) == (OPENED + 1_000, stored.points)
    assert ada.points <= open_game.question().points


def delivered(game: Game, player: Player, data: dict[str, Any], received_at: int) -> Delivery:
    return Delivery(destinations.answers(game.pk), player.subject, json.dumps(data), received_at, ack="")


@pytest.mark.django_db(transaction=True)
def test_an_answer_after_the_reveal_counts_for_no_other_question(open_game: Game, ada: Player) -> None:
    late = body(open_game.question())
    open_game.next(now=OPENED + 5_000)
    assert refused(open_game, ada, late, OPENED + 5_001) == "question-not-open"
    for now in (OPENED + 6_000, OPENED + 7_000, OPENED + 12_000):
        open_game.next(now=now)
        assert refused(open_game, ada, late, now + 1) == "question-not-open"
    assert (open_game.phase, open_game.position) == ("open", 2)
    open_game.next(now=OPENED + 13_000)
    ada.refresh_from_db()
    assert (ada.points, Answer.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_an_answer_before_the_opening_counts_for_nothing(open_game: Game, ada: Player) -> None:
    for now in (OPENED + 1_000, OPENED + 2_000, OPENED + 3_000):
        open_game.next(now=now)
    assert (open_game.phase, open_game.position) == ("reading", 2)
    early = body(open_game.question())
    assert refused(open_game, ada, early, OPENED + 3_001) == "question-not-open"
    open_game.next(now=OPENED + 4_000)
    assert snapshot.for_player(ada)["me"]["answer"] is None
    open_game.next(now=OPENED + 5_000)
    ada.refresh_from_db()
    assert ada.points == 0


def refused(game: Game, player: Player, data: dict[str, Any], received_at: int) -> str:
    """Why an answer over the line is not taken."""
    intake.handle([delivered(game, player, data, received_at)], Signs())
    told = memory.outbox[-1]
    assert (told.destination, told.data["answer_id"]) == (destinations.player(player.pk), data["answer_id"])
    return str(told.data["error"])


# A host who is cut.


def test_a_lobby_outlives_its_hosts_line_and_any_browser_of_the_host_starts_it(
    game: Game, host: Client, player: Client, author: Any
) -> None:
    post(host, f"/games/{game.pk}/here/")
    game.refresh_from_db()
    assert not game.pause_if_deserted(game.host_due_at + 600_000)
    assert player.get(f"/games/{game.pk}/state/").json()["phase"] == "lobby"
    assert joining.join(game.pin, "Late")
    other = Client()
    other.force_login(author)
    assert [entry["nickname"] for entry in other.get(f"/games/{game.pk}/state/").json()["me"]["roster"]] == [
        "Ada",
        "Late",
    ]
    assert post(other, f"/games/{game.pk}/start/").status_code == 200


def test_a_host_who_comes_back_in_mid_game_has_the_state_and_the_lead(
    open_game: Game, ada: Player, bob: Player, answer: Any, author: Any
) -> None:
    answer(ada)
    presence.host_is_here(open_game, OPENED)
    open_game.refresh_from_db()
    due = open_game.host_due_at
    Game.objects.filter(pk=open_game.pk).update(phase_ends_at=due + 5_000)
    assert open_game.pause_if_deserted(due)
    other = Client()
    other.force_login(author)
    state = other.get(f"/games/{open_game.pk}/").context["page"]["state"]
    assert (state["phase"], state["host_lost"], state["answered"], state["remaining_ms"]) == ("paused", True, 1, 5_000)
    assert post(other, f"/games/{open_game.pk}/resume/").status_code == 200
    assert post(other, f"/games/{open_game.pk}/next/").status_code == 200
    ada.refresh_from_db()
    assert ada.points > 500
    assert open_game.players.in_game().count() == 2


# Who may do what.


@pytest.mark.parametrize("step", STEPS)
def test_no_player_does_what_a_host_does(open_game: Game, step: str, bob: Player) -> None:
    eve = post(Client(), "/join/", {"pin": open_game.pin, "nickname": "Eve"}).json()
    version, seen = Game.objects.get(pk=open_game.pk).version, {"player": bob.pk, "locked": True, "question": 1}
    answer = post(Client(), f"/games/{open_game.pk}/{step}/", seen, HTTP_AUTHORIZATION=f"Bearer {eve['ticket']}")
    assert answer.status_code == 403
    assert Game.objects.get(pk=open_game.pk).version == version


PAGES = ["", "state/", "events/", "remote/", "results/", "results.csv", "sheet/", "qr.svg", "own/progress/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_pin_alone_opens_nothing_but_the_door(open_game: Game, page: str) -> None:
    answer = Client().get(f"/games/{open_game.pk}/{page}")
    assert answer.status_code in (302, 403, 404)
    door = Client().get(f"/join/?pin={open_game.pin}")
    for question in open_game.questions.all():
        assert question.text not in answer.content.decode() + door.content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_heard_of_in_no_other_game(
    open_game: Game, ada: Player, bob: Player, quiz: Any, memory_backend: list[Any]
) -> None:
    other = Game.open_lobby(quiz)
    joining.join(other.pin, "Cleo")
    memory_backend.clear()
    intake.handle([delivered(open_game, who, body(open_game.question()), OPENED + 5) for who in (ada, bob)], Signs())
    own = {destinations.player(who.pk) for who in (ada, bob)}
    assert {message.destination for message in memory_backend} == own
    assert open_game.close_if_complete(OPENED + PRESENT_MS // 2)
    other.refresh_from_db()
    assert (other.phase, other.version) == ("lobby", 1)
