from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.options import Options, Partial, Preset
from quiz.play.scoring import credit, is_right, penalty, points_for, rounded, speed, speed_bonus
from tests.play.tasks import choice_task

SINGLE = choice_task(right=["b"], several=False, limit_ms=20_500, points=1000)
SEVERAL = choice_task(right=["a", "b"], several=True, limit_ms=20_500, points=1000)
DEADLINE = 20_500
HALFWAY = 10_500

times = st.integers(-10_000, 300_000)
limits = st.integers(1, 240_000)
weights = st.integers(0, 2_000)
presets = st.sampled_from(Preset)
choices = st.lists(st.sampled_from("abcdef"), min_size=1, unique=True)


def paid(preset: Preset, elapsed_ms: int, *, points: int = 1000, speed_bonus: int = 0) -> int:
    task = choice_task(["b"], several=False, limit_ms=DEADLINE, points=points, speed_bonus=speed_bonus)
    return points_for(["b"], elapsed_ms, task, Options(scoring=preset))


@pytest.mark.parametrize(
    ("preset", "at_once", "halfway", "at_the_deadline"),
    [("classic", 1000, 750, 500), ("calm", 1000, 800, 600), ("flat", 1000, 1000, 1000)],
)
def test_each_preset_by_time(preset: str, at_once: int, halfway: int, at_the_deadline: int) -> None:
    assert [paid(Preset(preset), ms) for ms in (0, HALFWAY, DEADLINE)] == [at_once, halfway, at_the_deadline]


@pytest.mark.parametrize("preset", Preset)
def test_the_first_half_second_costs_nothing(preset: Preset) -> None:
    assert paid(preset, 500, speed_bonus=49) == paid(preset, 0, speed_bonus=49)


def test_accuracy_adds_a_small_bonus_for_speed_to_the_whole_points() -> None:
    assert [paid(Preset.ACCURACY, ms, speed_bonus=49) for ms in (0, HALFWAY, DEADLINE)] == [1049, 1025, 1000]


def test_halves_round_up() -> None:
    assert [rounded(Fraction(n, 2)) for n in (1, 2, 3, -1)] == [1, 1, 2, 0]
    assert paid(Preset.CLASSIC, 500 + 4_700) == 883  # 882.5


@given(presets, times, limits, weights)
def test_points_are_the_exact_value_with_halves_rounded_up(preset: Preset, ms: int, limit: int, weight: int) -> None:
    quick = speed(ms, limit)
    floors = {Preset.CLASSIC: Fraction(1, 2), Preset.CALM: Fraction(3, 5)}
    exact = weight * (1 - (1 - floors.get(preset, Fraction(1))) * (1 - quick))
    task = choice_task(["b"], several=False, limit_ms=limit, points=weight)
    assert points_for(["b"], ms, task, Options(scoring=preset)) == floor(exact + Fraction(1, 2))


@given(times, limits)
def test_speed_is_between_nothing_and_one(ms: int, limit: int) -> None:
    assert 0 <= speed(ms, limit) <= 1


@given(presets, times, times, limits, weights, st.integers(0, 999), choices, st.sampled_from(Partial))
def test_the_quicker_of_the_same_answers_never_gets_less(
    preset: Preset, one: int, other: int, limit: int, weight: int, bonus: int, choice: list[str], partial: Partial
) -> None:
    task = choice_task(["a", "c"], several=True, limit_ms=limit, points=weight, speed_bonus=bonus)
    options = Options(scoring=preset, partial=Partial.NONE if preset is Preset.ACCURACY else partial)
    quick, slow = sorted([one, other])
    assert points_for(choice, quick, task, options) >= points_for(choice, slow, task, options) >= 0


@given(presets, times, limits, weights, choices)
def test_no_answer_earns_more_than_the_question_is_worth(
    preset: Preset, ms: int, limit: int, weight: int, choice: list[str]
) -> None:
    task = choice_task(["a", "c"], several=True, limit_ms=limit, points=weight, speed_bonus=7)
    most = weight + 7 if preset is Preset.ACCURACY and weight else weight
    assert 0 <= points_for(choice, ms, task, Options(scoring=preset)) <= most


def test_where_one_is_to_be_chosen_any_right_one_will_do() -> None:
    regraded = choice_task(right=["a", "b"], several=False, limit_ms=20_000, points=1000)
    assert is_right(["a"], regraded)
    assert is_right(["b"], regraded)
    assert not is_right(["c"], regraded)


def test_where_several_are_to_be_chosen_all_of_them_must_be_and_no_other() -> None:
    assert is_right(["b", "a"], SEVERAL)
    assert not is_right(["a"], SEVERAL)
    assert not is_right(["a", "b", "c"], SEVERAL)


@pytest.mark.parametrize(
    ("choice", "none", "balanced", "lenient"),
    [
        (["a", "b"], "1", "1", "1"),
        (["a"], "0", "1/2", "1/2"),
        (["a", "c"], "0", "0", "1/2"),
        (["a", "b", "c"], "0", "1/2", "1"),
        (["c", "d"], "0", "0", "0"),
    ],
)
def test_each_rule_of_partial_credit(choice: list[str], none: str, balanced: str, lenient: str) -> None:
    given = [str(credit(choice, SEVERAL, partial)) for partial in Partial]
    assert given == [none, balanced, lenient]


def test_there_is_no_partial_credit_where_one_is_to_be_chosen() -> None:
    assert [credit(["a"], SINGLE, partial) for partial in Partial] == [0, 0, 0]


@given(choices, choices, st.booleans(), st.sampled_from(Partial))
def test_the_order_of_options_and_choices_means_nothing(
    choice: list[str], right: list[str], several: bool, partial: Partial
) -> None:
    orders = zip(permutations(choice[:4]), permutations(right[:4]), strict=False)
    credits = {credit(some, choice_task(key, several, 20_000, 1000), partial) for some, key in orders}
    assert len(credits) == 1
    assert 0 <= credits.pop() <= 1


@given(choices, choices)
def test_lenient_gives_no_less_than_balanced_and_balanced_no_less_than_none(
    choice: list[str], right: list[str]
) -> None:
    task = choice_task(right, several=True, limit_ms=20_000, points=1000)
    none, balanced, lenient = (credit(choice, task, partial) for partial in Partial)
    assert none <= balanced <= lenient


@pytest.mark.parametrize(("percent", "weight", "cost"), [(0, 1000, 0), (50, 1000, 500), (100, 2000, 2000), (50, 1, 1)])
def test_a_penalty_is_a_part_of_the_questions_points(percent: int, weight: int, cost: int) -> None:
    task = choice_task(["b"], several=False, limit_ms=20_000, points=weight)
    assert penalty(task, Options(penalty_percent=percent)) == cost


@pytest.mark.parametrize(
    ("points", "bonus"),
    [([1000] * 20, 49), ([1000, 500], 249), ([1000, 0], 999), ([0], 0), ([], 0), ([1000] * 5_000, 0), ([999, 1000], 0)],
)
def test_the_bonus_of_accuracy_is_shared_by_all_questions(points: list[int], bonus: int) -> None:
    assert speed_bonus(points) == bonus


class TestMoreRightAnswersAlwaysWin:
    """The promise of ``accuracy``."""

    @staticmethod
    def total(points: Sequence[int], rights: Sequence[bool], times: Sequence[int]) -> int:
        bonus, options = speed_bonus(points), Options(scoring=Preset.ACCURACY)
        tasks = [choice_task(["b"], several=False, limit_ms=20_000, points=each, speed_bonus=bonus) for each in points]
        answers = zip(tasks, rights, times, strict=True)
        return sum(points_for(["b" if right else "a"], ms, task, options) for task, right, ms in answers)

    @given(st.data(), st.integers(1, 30), st.integers(1, 2_000))
    def test_in_a_quiz_of_equal_questions(self, data: st.DataObject, n: int, weight: int) -> None:
        rights = st.lists(st.booleans(), min_size=n, max_size=n)
        times = st.lists(st.integers(0, 20_000), min_size=n, max_size=n)
        mine, his = data.draw(rights), data.draw(rights)
        more, fewer = (mine, his) if sum(mine) >= sum(his) else (his, mine)
        one, other = (self.total([weight] * n, each, data.draw(times)) for each in (more, fewer))
        if sum(mine) != sum(his):
            assert one > other

    @given(st.data(), st.lists(weights, min_size=1, max_size=12))
    def test_and_of_other_questions_those_that_are_worth_more(self, data: st.DataObject, points: list[int]) -> None:
        n = len(points)
        rights, times = st.lists(st.booleans(), min_size=n, max_size=n), st.lists(st.integers(0, 20_000), min_size=n)
        worth, totals = [], []
        for _ in range(2):
            mine = data.draw(rights)
            worth.append(sum(each for each, right in zip(points, mine, strict=True) if right))
            totals.append(self.total(points, mine, data.draw(times)[:n]))
        if worth[0] > worth[1]:
            assert totals[0] > totals[1]
