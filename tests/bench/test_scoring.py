import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring import place, points
from quiz.play import scoring as product


@pytest.mark.parametrize(("elapsed_ms", "due"), [(0, 1000), (20, 1000), (21, 999), (10_000, 750), (20_000, 500)])
def test_a_right_answer_loses_half_until_the_deadline(elapsed_ms: int, due: int) -> None:
    assert points(["b", "a"], ["a", "b"], elapsed_ms, 20_000, 1000) == due


@pytest.mark.parametrize("choice", [["a"], ["a", "b", "c"], ["c"], []])
def test_anything_but_the_right_options_gets_nothing(choice: list[str]) -> None:
    assert points(choice, ["a", "b"], 0, 20_000, 1000) == 0


@given(st.integers(-1_000, 250_000), st.integers(5_000, 240_000), st.integers(0, 2_000))
def test_both_writings_of_the_formula_agree(elapsed_ms: int, limit_ms: int, possible: int) -> None:
    assert points(["a"], ["a"], elapsed_ms, limit_ms, possible) == product.points_for(elapsed_ms, limit_ms, possible)


def test_equals_share_a_place() -> None:
    assert [place(own, [900, 700, 700, 100]) for own in (900, 700, 100)] == [1, 2, 4]
