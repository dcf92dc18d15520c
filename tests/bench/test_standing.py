from typing import Any

import pytest

from bench.standing import Given, Standing, place_problems

QUESTION = {"id": 31, "points": 1000, "time_limit_ms": 20_500, "several": False, "voided": False}
REVEAL = {"right": ["b"]}
RECEIPT = {"answer_id": "one", "question": 31, "choice": ["b"], "received_at": 5, "elapsed_ms": 10_500}
JUDGED = {**RECEIPT, "right": True, "points": 750}


def me(points: int = 750, *, answer: dict[str, Any] | None = JUDGED, place: int = 2) -> dict[str, Any]:
    return {"player": 7, "points": points, "place": place, "answer": answer}


def row(points: int, place: int, player: int = 7) -> dict[str, Any]:
    return {"player": player, "points": points, "place": place}


@pytest.fixture
def standing() -> Standing:
    """One acknowledged answer, b to question 31 at half of its time."""
    standing = Standing()
    standing.given[31] = Given("one", ["b"])
    assert standing.acknowledge(RECEIPT) == []
    return standing


@pytest.fixture
def judged(standing: Standing) -> Standing:
    """The same after its reveal."""
    assert standing.judge(me(), QUESTION, REVEAL) == []
    return standing


def test_the_same_receipt_again_is_right(standing: Standing) -> None:
    assert standing.acknowledge(dict(RECEIPT)) == []


@pytest.mark.parametrize("changed", [{"received_at": 6}, {"choice": ["a"]}, {"answer_id": "two"}])
def test_another_receipt_for_the_same_answer_is_noticed(standing: Standing, changed: dict[str, Any]) -> None:
    assert standing.acknowledge(RECEIPT | changed)


def test_a_right_result_leaves_nothing_lost_or_unjudged(judged: Standing) -> None:
    assert (judged.lost, judged.unjudged) == (0, 0)


def test_an_acknowledged_answer_that_the_reveal_does_not_know_is_lost(standing: Standing) -> None:
    assert "lost" in standing.judge(me(0, answer=None), QUESTION, REVEAL)[0]


def test_an_answer_without_receipt_or_refusal_is_lost(standing: Standing) -> None:
    standing.given[32] = Given("two", ["a"])
    assert standing.lost == 0
    standing.given[32].sent_at = 1.0
    assert standing.lost == 1
    standing.given[32].is_refused = True
    assert standing.lost == 0


@pytest.mark.parametrize(("own_ms", "taken"), [(10_500, 0), (10_100, 10), (0, 250), (20_500, 0)])
def test_waiting_takes_what_is_due_by_the_own_clock_and_was_not_given(
    standing: Standing, own_ms: float, taken: int
) -> None:
    given = standing.given[31]
    given.seen_at, given.sent_at = 1_000.0, 1_000.0 + own_ms
    assert standing.taken_by_waiting(JUDGED, QUESTION, REVEAL) == taken


def test_an_answer_that_was_never_sent_is_noticed(standing: Standing) -> None:
    assert "never sent" in standing.judge(me(answer=JUDGED | {"answer_id": "other"}), QUESTION, REVEAL)[0]


@pytest.mark.parametrize("wrong", [{"points": 751}, {"choice": ["a"]}, {"right": False}])
def test_an_answer_judged_wrongly_is_noticed(standing: Standing, wrong: dict[str, Any]) -> None:
    assert standing.judge(me(answer=JUDGED | wrong), QUESTION, REVEAL)


def test_a_voided_question_gives_nothing(standing: Standing) -> None:
    voided = QUESTION | {"voided": True}
    assert standing.judge(me(0, answer=JUDGED | {"points": 0}), voided, REVEAL) == []
    assert standing.judge(me(), voided, REVEAL)


def test_points_that_are_not_the_sum_are_noticed(standing: Standing) -> None:
    assert "not the sum" in standing.judge(me(1500), QUESTION, REVEAL)[0]


def test_a_player_who_was_away_at_a_reveal_can_only_have_more(judged: Standing) -> None:
    judged.given[32] = Given("two", ["a"], acknowledgement=RECEIPT)
    assert judged.unjudged == 1
    assert judged.final(me(750), [row(750, 2)]) == []
    judged.me = None
    assert judged.final(me(1500, place=1), [row(1500, 1)]) == []
    assert judged.final(me(700), [row(700, 2)])


def test_the_place_of_the_last_result_is_the_final_one(judged: Standing) -> None:
    assert judged.final(me(), [row(900, 1, player=8), row(750, 2)]) == []
    assert "last result" in judged.final(me(place=3), [row(750, 3)])[0]


def test_another_place_on_the_podium_is_noticed(judged: Standing) -> None:
    assert "podium shows" in judged.final(me(), [row(750, 1)])[0]


def test_a_player_missing_on_the_podium_is_noticed(judged: Standing) -> None:
    assert "missing" in judged.final(me(), [row(900, 1, player=8), row(100, 2, player=9)])[0]
    assert judged.final(me(), [row(900, 1, player=8), row(800, 2, player=9)]) == []


def test_places_are_held_against_each_other() -> None:
    finals = {7: me(750, place=1), 8: me(750, place=1), 9: me(0, place=3)}
    assert place_problems(finals) == []
    finals[9]["place"] = 2
    assert place_problems(finals) == ["player 9 has place 2 with 0 points"]
