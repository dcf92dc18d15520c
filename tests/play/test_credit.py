import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.credit import ANSWER_MS, GAIN_MS, LATE_MS, QUOTA_MS, START_MS, credit_ms, grace_ms, quota_after
from quiz.play.options import Options, Preset
from quiz.play.tally import Given, fold
from tests.play.tasks import choice_task

MOST_PRETENDED = 60_000
lines = st.integers(0, MOST_PRETENDED)
reactions = st.integers(200, 19_000)


def credits(line_ms: list[int], elapsed_ms: int = 5_000) -> list[int]:
    """What a player gets in question after question over lines of these round trips."""
    quota, given_ms = START_MS, []
    for line in line_ms:
        given_ms.append(credit_ms(elapsed_ms, line, quota))
        quota = quota_after(quota, given_ms[-1])
    return given_ms


def points(reaction_ms: list[int], line_ms: int, limit_ms: int, *, credited: bool = True) -> int:
    """Of a player who reacts so quickly, question after question, at the end of a line."""
    tasks = [choice_task(right=["b"], several=False, limit_ms=limit_ms, points=1000)] * len(reaction_ms)
    answers = [Given(["b"], reaction + line_ms, line_ms if credited else 0) for reaction in reaction_ms]
    return fold(tasks, answers, Options(scoring=Preset.CLASSIC))[-1].total


@pytest.mark.parametrize("line_ms", [0, 30, 200, GAIN_MS])
def test_a_line_of_up_to_the_gain_is_made_up_for_in_every_question(line_ms: int) -> None:
    assert credits([line_ms] * 200) == [line_ms] * 200


def test_one_answer_gets_no_more_than_a_second() -> None:
    assert credits([ANSWER_MS + 1])[0] == ANSWER_MS


def test_an_answer_counts_no_less_than_nothing() -> None:
    assert credit_ms(elapsed_ms=120, line_ms=400, quota_ms=START_MS) == 120
    assert credit_ms(elapsed_ms=0, line_ms=400, quota_ms=START_MS) == 0


def test_a_slow_line_uses_the_stock_up_and_lives_on_what_comes_in() -> None:
    assert credits([1_000] * 5) == [1_000, 600, 400, 400, 400]


def test_questions_without_need_fill_the_stock_up_to_its_limit() -> None:
    assert credits([0] * 50 + [ANSWER_MS] * 5)[50:] == [1_000, 1_000, 1_000, 1_000, 400]
    assert quota_after(QUOTA_MS, 0) == QUOTA_MS


@given(st.lists(lines, min_size=1, max_size=60))
def test_pretending_gains_no_more_than_the_start_and_what_comes_in(pretended: list[int]) -> None:
    given_ms = credits(pretended)
    assert sum(given_ms) <= START_MS + GAIN_MS * (len(pretended) - 1)
    assert all(0 <= each <= min(ANSWER_MS, line) for each, line in zip(given_ms, pretended, strict=True))


@given(st.lists(reactions, min_size=1, max_size=40))
def test_two_players_of_equal_reaction_near_and_far_score_within_a_hundredth(reaction_ms: list[int]) -> None:
    near, far = points(reaction_ms, 30, 20_000), points(reaction_ms, 400, 20_000)
    assert abs(near - far) <= near / 100


@given(st.lists(st.integers(200, 4_500), min_size=1, max_size=40))
def test_the_same_holds_where_a_question_is_short(reaction_ms: list[int]) -> None:
    near, far = points(reaction_ms, 30, 5_000), points(reaction_ms, 400, 5_000)
    assert abs(near - far) <= near / 100


def test_without_the_credit_distance_costs_more_than_a_hundredth() -> None:
    near, far = (points([2_000] * 10, line, 5_000, credited=False) for line in (30, 400))
    assert near - far > 4 * near / 100


def test_pretending_to_a_line_of_a_second_gains_little() -> None:
    for limit_ms, most in ((20_000, 124), (5_000, 534)):
        honest = points([2_500] * 10, 0, limit_ms)
        tasks = [choice_task(right=["b"], several=False, limit_ms=limit_ms, points=1000)] * 10
        cheat = fold(tasks, [Given(["b"], 2_500, 1_000)] * 10, Options())[-1].total
        assert 0 < cheat - honest <= most


@pytest.mark.parametrize(("line_ms", "due"), [(0, 0), (299, 299), (LATE_MS, LATE_MS), (1_000, LATE_MS)])
def test_an_answer_may_be_late_by_its_line_within_the_closing(line_ms: int, due: int) -> None:
    assert grace_ms(line_ms) == due
