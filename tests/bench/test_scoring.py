from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring import Question, place, place_by_right, points, speed_bonus, total
from quiz.play import scoring, tally
from quiz.play.options import OptionError, Options, Partial, Preset
from tests.play.tasks import choice_task

DEFAULTS = Options().data()
LIMIT_MS = 20_500


def asked(choice: list[str] | None, elapsed_ms: int = 0, **more: Any) -> Question:
    question = {"right": ["a", "b"], "several": True, "limit_ms": LIMIT_MS, "possible": 1000, "voided": False}
    return Question(**{**question, **more}, choice=choice, elapsed_ms=elapsed_ms)


@pytest.mark.parametrize(("elapsed_ms", "due"), [(0, 1000), (520, 1000), (521, 999), (10_500, 750), (20_500, 500)])
def test_a_right_answer_loses_half_until_the_deadline(elapsed_ms: int, due: int) -> None:
    assert points(asked(["b", "a"], elapsed_ms), DEFAULTS) == due


@pytest.mark.parametrize("choice", [["a"], ["a", "b", "c"], ["c"]])
def test_anything_but_the_right_options_gets_nothing(choice: list[str]) -> None:
    assert points(asked(choice), DEFAULTS) == 0


options = st.fixed_dictionaries(
    {
        "scoring": st.sampled_from([str(preset) for preset in Preset]),
        "streak": st.booleans(),
        "penalty_percent": st.integers(0, 100),
        "partial": st.sampled_from([str(partial) for partial in Partial]),
        "ties": st.sampled_from(["shared", "broken"]),
    }
)
some = st.lists(st.sampled_from("abcdef"), min_size=1, unique=True)
questions = st.lists(
    st.builds(
        Question,
        right=some,
        several=st.booleans(),
        limit_ms=st.integers(5_000, 240_000),
        possible=st.integers(0, 2_000),
        voided=st.booleans(),
        choice=st.none() | some,
        elapsed_ms=st.integers(0, 250_000),
        line_ms=st.integers(0, 2_000),
    ),
    max_size=12,
)


@given(questions, options)
def test_both_writings_of_the_rules_agree(asked: list[Question], chosen: dict[str, Any]) -> None:
    try:
        product = Options.of(chosen)
    except OptionError:
        product, chosen = Options(), DEFAULTS
    bonus = speed_bonus([question.possible for question in asked], chosen)
    if product.scoring is Preset.ACCURACY:
        assert bonus == scoring.speed_bonus([question.possible for question in asked])
    stand = tally.Tally()
    for question in asked:
        task = choice_task(
            question.right, question.several, question.limit_ms, question.possible, question.voided, bonus
        )
        given = None if question.choice is None else tally.Given(question.choice, question.elapsed_ms, question.line_ms)
        stand, _ = stand.after(task, given, product)
    sum_, rights, time_ms = total(asked, chosen, bonus)
    assert sum_ == stand.points
    if chosen["ties"] == "broken":
        assert rights * tally.TIE_OF_RIGHT - time_ms == stand.tie


def test_equals_share_a_place() -> None:
    assert [place(own, [900, 700, 700, 100]) for own in (900, 700, 100)] == [1, 2, 4]


def test_broken_ties_go_by_right_answers_and_then_by_time() -> None:
    totals = [(900, 1, 10), (700, 3, 50), (700, 3, 60), (700, 2, 1), (700, 2, 1)]
    places = [place_by_right(own, totals) for own in totals]
    assert places == [1, 2, 3, 4, 4]
    assert all(one <= other for one, other in pairwise(places))
