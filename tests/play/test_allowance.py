"""More time for one player: the arithmetic, and how the game waits without saying for whom."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from quiz.play import allowance, answering, needs, snapshot
from quiz.play.allowance import ALLOWANCES, EVERYBODYS, NOBODYS_LIMIT
from quiz.play.guessing import TooOften
from quiz.play.models import Answer, Game, Player
from quiz.play.sheet import sheet
from quiz.play.states import GameError
from quiz.play.timing import CLOSING_MS

T0 = 1_800_000_000_000
OPENED = T0 + 6_000
LIMIT = 20_000
DEADLINE = OPENED + LIMIT
DOUBLE = DEADLINE + LIMIT


@pytest.fixture
def slow(ada: Any) -> Player:
    """Ada, who has twice the time."""
    Player.objects.filter(pk=ada.pk).update(allowance=200)
    ada.refresh_from_db()
    return ada


def send(player: Player, at: int) -> Answer:
    question = player.game.questions.get(position=1)
    data = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.right}
    return answering.take(player, data, at)


@pytest.mark.parametrize("percent", [one for one in ALLOWANCES if one != NOBODYS_LIMIT])
def test_the_same_part_of_the_own_time_counts_the_same(percent: int) -> None:
    own_ms = LIMIT * percent // 100
    assert allowance.ends_at(DEADLINE, LIMIT, percent) == OPENED + own_ms
    assert allowance.counted_ms(own_ms // 2, LIMIT, percent) == LIMIT // 2
    assert allowance.counted_ms(own_ms, LIMIT, percent) == LIMIT


def test_without_a_deadline_nobody_counts_slower_than_the_middle() -> None:
    assert allowance.ends_at(DEADLINE, LIMIT, NOBODYS_LIMIT) is None
    assert allowance.counted_ms(3_000, LIMIT, NOBODYS_LIMIT) == 3_000
    assert allowance.counted_ms(9 * LIMIT, LIMIT, NOBODYS_LIMIT) == LIMIT // 2


def test_the_question_closes_for_the_others_and_stays_open_for_one(open_game: Game, slow: Any, bob: Any) -> None:
    assert not open_game.close_if_due(DEADLINE + CLOSING_MS)
    with pytest.raises(GameError, match="question-not-open"):
        send(bob, DEADLINE + 1)
    assert send(slow, DOUBLE).elapsed_ms == 2 * LIMIT


def test_late_even_by_the_own_deadline_is_late(open_game: Game, slow: Any) -> None:
    with pytest.raises(GameError, match="question-not-open"):
        send(slow, DOUBLE + 1)


def test_the_reveal_comes_when_the_last_answer_is_in(open_game: Game, slow: Any, bob: Any) -> None:
    send(bob, OPENED + 500)
    send(slow, DEADLINE + 5_000)
    assert open_game.close_if_due(DEADLINE + 5_001)


def test_the_reveal_comes_at_the_own_deadline(open_game: Game, slow: Any) -> None:
    assert not open_game.close_if_due(DOUBLE)
    assert open_game.close_if_due(DOUBLE + CLOSING_MS)


def test_without_a_deadline_the_host_ends_the_question(open_game: Game, ada: Any) -> None:
    needs.give_time(open_game, ada.pk, NOBODYS_LIMIT)
    assert not open_game.close_if_due(OPENED + 3_600_000)
    open_game.next(now=OPENED + 3_600_001)
    assert open_game.phase == "reveal"


def test_who_has_gone_away_is_not_waited_for_unless_we_cannot_know(open_game: Game, slow: Any) -> None:
    Player.objects.filter(pk=slow.pk).update(here_until=DEADLINE)
    assert not open_game.close_if_due(DEADLINE + CLOSING_MS, all_players=True)
    assert open_game.close_if_due(DEADLINE + CLOSING_MS)


def test_more_time_given_in_mid_question_counts_at_once(open_game: Game, ada: Any) -> None:
    needs.give_time(open_game, ada.pk, 300)
    assert not open_game.close_if_due(DEADLINE + CLOSING_MS)
    assert send(ada, DOUBLE + 1)


def test_a_pause_after_everybodys_deadline_takes_nothing_from_the_own_time(open_game: Game, slow: Any) -> None:
    open_game.pause(now=DEADLINE + 5_000)
    open_game.resume(now=DEADLINE + 65_000)
    assert snapshot.for_player(slow)["me"]["ends_at"] == DOUBLE + 60_000
    with pytest.raises(GameError, match="question-not-open"):
        send(slow, DOUBLE + 60_001)
    assert send(slow, DOUBLE + 60_000).elapsed_ms == 2 * LIMIT


def test_speed_counts_in_proportion_and_a_later_change_changes_no_points(open_game: Game, slow: Any, bob: Any) -> None:
    send(slow, OPENED + LIMIT)
    send(bob, OPENED + LIMIT // 2)
    open_game.next()
    needs.give_time(open_game, slow.pk, EVERYBODYS)
    open_game.correct(None, _another_weight(), "author")
    points = dict(open_game.players.values_list("nickname", "points"))
    assert points["Ada"] == points["Bob"] > 0


def test_a_line_is_made_up_for_in_the_same_proportion(open_game: Game, slow: Any, bob: Any) -> None:
    send(slow, OPENED + 10_800)
    send(bob, OPENED + 5_400)
    Answer.objects.filter(player=slow).update(line_ms=800)
    Answer.objects.filter(player=bob).update(line_ms=400)
    open_game.next()
    assert [sheet(who)["questions"][0]["credit_ms"] for who in (slow, bob)] == [400, 400]
    points = dict(open_game.players.values_list("nickname", "points"))
    assert points["Ada"] == points["Bob"] > 0


def _another_weight() -> Any:
    from quiz.play.correction import Correction

    return Correction(points=2_000)


def test_the_sheet_tells_that_player_alone_what_more_time_counts(open_game: Game, slow: Any, bob: Any) -> None:
    assert any("2 times" in rule for rule in sheet(slow)["rules"])
    assert not any("times" in rule for rule in sheet(bob)["rules"])


def test_no_byte_for_the_others_knows_who_has_more_time(
    open_game: Game, ada: Any, bob: Any, memory_backend: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    before, told = snapshot.for_player(bob), len(memory_backend)
    version = Game.objects.get(pk=open_game.pk).version
    with django_capture_on_commit_callbacks(execute=True):
        needs.ask_for_time(ada, True)
        needs.give_time(open_game, ada.pk, 500)
    after = snapshot.for_player(bob)
    assert {**after, "server_time": 0} == {**before, "server_time": 0}
    assert Game.objects.get(pk=open_game.pk).version == version
    heard = {message.destination for message in memory_backend[told:]}
    assert heard == {f"/players/{ada.pk}", f"/games/{open_game.pk}/host"}


def test_nothing_that_all_get_from_the_reveal_to_the_podium_has_anybodys_time(
    open_game: Game, slow: Any, bob: Any, memory_backend: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    send(slow, DEADLINE + 1_000)
    read = []
    for step in (open_game.next, open_game.next, open_game.finish, open_game.finish):
        with django_capture_on_commit_callbacks(execute=True):
            step()
        read.append({key: part for key, part in snapshot.for_player(bob).items() if key != "me"})
    room = (f"/games/{open_game.pk}/status", f"/games/{open_game.pk}/players", f"/players/{bob.pk}")
    heard = [json.loads(message.body)["data"] for message in memory_backend if message.destination in room]
    assert [state["phase"] for state in read] == ["reveal", "standings", "podium", "ended"]
    for data in (*read, *(part for part in heard if "phase" in part)):
        assert "allowance" not in json.dumps(data)
    assert {own["me"]["allowance"] for own in heard if "me" in own} == {EVERYBODYS}


def test_an_answer_in_more_than_everybodys_time_moves_no_count(open_game: Game, slow: Any, bob: Any) -> None:
    send(bob, OPENED + 500)
    before = open_game.counted(DEADLINE + 50)
    send(slow, DEADLINE + 1_000)
    after = open_game.counted(DEADLINE + 1_001)
    assert (after.answered_now, after.expected_now) == (before.answered_now, before.expected_now) == (1, 2)
    open_game.next(now=DEADLINE + 2_000)
    assert open_game.counted(DEADLINE + 2_000).answered_now == 2


def test_a_pause_tells_nobody_of_an_answer_in_more_than_everybodys_time(open_game: Game, slow: Any, bob: Any) -> None:
    send(bob, OPENED + 500)
    send(slow, DEADLINE + 1_000)
    open_game.pause(now=DEADLINE + 2_000)
    assert open_game.counted(DEADLINE + 2_000).answered_now == 1
    open_game.resume(now=DEADLINE + 62_000)
    assert open_game.counted(DEADLINE + 62_000).answered_now == 1


def test_more_time_comes_along_into_the_next_game(open_game: Game, slow: Any) -> None:
    from quiz.play import following

    open_game.finish()
    open_game.replay()
    slow.refresh_from_db()
    assert following.follow(slow)[0].allowance == 200


# Over HTTP


def post(client: Client, url: str, body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def test_only_a_host_gives_time(game: Game, host: Client, player: Client, stranger: Client) -> None:
    ada = game.players.get()
    body = {"player": ada.pk, "allowance": 150}
    assert [post(who, f"/games/{game.pk}/allow/", body).status_code for who in (player, stranger, host)] == [
        403,
        403,
        200,
    ]
    ada.refresh_from_db()
    assert ada.allowance == 150
    assert snapshot.for_host(game)["me"]["roster"][0]["allowance"] == 150


@pytest.mark.parametrize("value", [None, 99, 0.5, True, "150", -1, 100_000, [150]])
def test_an_allowance_that_there_is_not_is_refused(game: Game, host: Client, player: Client, value: Any) -> None:
    answer = post(host, f"/games/{game.pk}/allow/", {"player": game.players.get().pk, "allowance": value})
    assert (answer.status_code, answer.json()["error"]) == (400, "bad-allowance")


@pytest.mark.parametrize("id", [None, 0, 10**20, "1", 999_999])
def test_time_is_given_to_a_player_of_the_game(game: Game, host: Client, id: Any) -> None:
    answer = post(host, f"/games/{game.pk}/allow/", {"player": id, "allowance": 150})
    assert (answer.status_code, answer.json()["error"]) == (409, "no-such-player")


def test_a_player_asks_with_one_call_and_only_the_host_sees_it(
    game: Game, host: Client, player: Client, stranger: Client
) -> None:
    url = f"/games/{game.pk}/ask/"
    assert [post(who, url, {}).status_code for who in (host, stranger, player)] == [403, 403, 200]
    assert snapshot.for_host(game)["me"]["roster"][0]["asks_for_time"] is True
    assert post(player, url, {"asks": "yes"}).status_code == 400
    assert post(player, url, {"asks": False}).status_code == 200
    assert snapshot.for_host(game)["me"]["roster"][0]["asks_for_time"] is False


def test_the_host_hears_of_a_wish_once_however_often_it_is_sent(
    ada: Any, memory_backend: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            needs.ask_for_time(ada, True)
    assert sum(b"roster.changed" in message.body for message in memory_backend) == 1


def test_who_takes_a_wish_back_asks_again_after_a_minute(game: Game, ada: Any) -> None:
    needs.ask_for_time(ada, True, now=T0)
    needs.ask_for_time(ada, False, now=T0 + 1)
    for now, wait_ms in ((T0 + 2, 59_998), (T0 + 59_999, 1)):
        with pytest.raises(TooOften, match="asked-just-now") as refused:
            needs.ask_for_time(ada, True, now=now)
        assert refused.value.wait_ms == wait_ms
    assert game.players.get().asks_for_time is False
    needs.ask_for_time(ada, True, now=T0 + 60_000)
    assert game.players.get().asks_for_time is True


def test_who_asks_too_often_is_told_and_the_host_is_not(game: Game, player: Client) -> None:
    url = f"/games/{game.pk}/ask/"
    assert [post(player, url, {"asks": asks}).status_code for asks in (True, False)] == [200, 200]
    answer = post(player, url, {"asks": True})
    assert (answer.status_code, answer.json()["error"]) == (429, "asked-just-now")
    assert 50 < int(answer["Retry-After"]) <= 60
    assert snapshot.for_host(game)["me"]["roster"][0]["asks_for_time"] is False


def test_who_was_given_time_may_ask_for_more_at_once(game: Game, ada: Any) -> None:
    needs.ask_for_time(ada, True)
    needs.give_time(game, ada.pk, 125)
    needs.ask_for_time(ada, True)
    assert game.players.get().asks_for_time is True


def test_a_wish_that_is_granted_is_no_wish_any_more(game: Game, ada: Any) -> None:
    needs.ask_for_time(ada, True)
    needs.give_time(game, ada.pk, 125)
    assert game.players.get().asks_for_time is False
