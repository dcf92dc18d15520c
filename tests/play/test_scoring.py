from fractions import Fraction
from math import floor

from hypothesis import example, given
from hypothesis import strategies as st

from quiz.play.scoring import gaps, is_right, places, points_for

many_points = st.lists(st.integers(0, 5), max_size=30).map(lambda points: sorted(points, reverse=True))


def test_an_answer_at_once_gets_all_points() -> None:
    assert points_for(0, 20_000, 1000) == 1000


def test_an_answer_at_the_deadline_gets_half() -> None:
    assert points_for(20_000, 20_000, 1000) == 500


def test_half_of_the_time_costs_a_quarter() -> None:
    assert points_for(10_000, 20_000, 1000) == 750


@given(st.integers(0, 20_000))
@example(4_700)  # 882.5
def test_points_are_the_exact_value_with_halves_rounded_up(elapsed_ms: int) -> None:
    exact = 1000 - Fraction(1000 * elapsed_ms, 40_000)
    assert points_for(elapsed_ms, 20_000, 1000) == floor(exact + Fraction(1, 2))


@given(st.integers(-10_000, 300_000), st.integers(5_000, 240_000), st.integers(0, 2000))
def test_points_stay_between_half_and_all(elapsed_ms: int, limit_ms: int, possible: int) -> None:
    assert possible // 2 <= points_for(elapsed_ms, limit_ms, possible) <= possible


@given(st.integers(0, 240_000), st.integers(0, 240_000), st.integers(5_000, 240_000))
def test_the_quicker_answer_never_gets_less(one: int, other: int, limit_ms: int) -> None:
    quick, slow = sorted([one, other])
    assert points_for(quick, limit_ms, 1000) >= points_for(slow, limit_ms, 1000)


def test_equal_points_share_a_place_and_use_it_up() -> None:
    assert places([900, 700, 700, 100]) == [1, 2, 2, 4]


@given(many_points)
def test_a_place_is_one_more_than_the_number_of_better_players(points: list[int]) -> None:
    assert places(points) == [1 + sum(other > mine for other in points) for mine in points]


@given(many_points)
def test_a_gap_leads_to_the_next_better_points(points: list[int]) -> None:
    for mine, gap in zip(points, gaps(points), strict=True):
        better = [other for other in points if other > mine]
        assert gap == (min(better) - mine if better else None)


def test_several_right_options_must_all_be_chosen_and_no_other() -> None:
    assert is_right(["b", "a"], ["a", "b"])
    assert not is_right(["a"], ["a", "b"])
    assert not is_right(["a", "b", "c"], ["a", "b"])
