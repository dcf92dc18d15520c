from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.options import Options, Partial, Preset, Ties
from quiz.play.scoring import Task, points_for
from quiz.play.tally import Given, Score, Tally, fold
from tests.play.tasks import choice_task

FLAT = Options(scoring=Preset.FLAT)
STREAK = Options(scoring=Preset.FLAT, streak=True)
PENALTY = Options(scoring=Preset.FLAT, penalty_percent=50)
BROKEN = Options(scoring=Preset.FLAT, ties=Ties.BROKEN)

RIGHT, WRONG, SILENT = Given(["b"], 1_000), Given(["a"], 1_000), None


def task(points: int = 1000, **more: Any) -> Task:
    return choice_task(**{"right": ["b"], "several": False, "limit_ms": 20_000, "points": points, **more})


def scores(options: Options, *answers: Given | None, tasks: list[Task] | None = None) -> list[Score]:
    return fold(tasks or [task()] * len(answers), answers, options)


tasks_and_answers = st.lists(
    st.tuples(
        st.builds(
            choice_task,
            right=st.lists(st.sampled_from("abc"), min_size=1, unique=True),
            several=st.booleans(),
            limit_ms=st.just(20_000),
            points=st.sampled_from([0, 500, 999, 1000, 2000]),
            voided=st.booleans(),
        ),
        st.none() | st.builds(Given, st.lists(st.sampled_from("abc"), min_size=1, unique=True), st.integers(0, 20_000)),
    ),
    max_size=12,
)
all_options = st.builds(
    Options,
    scoring=st.sampled_from([Preset.CLASSIC, Preset.CALM, Preset.FLAT]),
    streak=st.booleans(),
    penalty_percent=st.integers(0, 100),
    partial=st.sampled_from(Partial),
    ties=st.sampled_from(Ties),
)


def test_a_streak_adds_a_tenth_for_each_right_answer_after_the_first_up_to_half() -> None:
    assert [score.streak_bonus for score in scores(STREAK, *[RIGHT] * 8)] == [0, 100, 200, 300, 400, 500, 500, 500]


@pytest.mark.parametrize("end", [WRONG, SILENT])
def test_a_wrong_answer_and_none_end_a_streak(end: Given | None) -> None:
    assert [score.streak for score in scores(STREAK, RIGHT, RIGHT, end, RIGHT)] == [1, 2, 0, 1]


def test_a_question_of_no_points_prolongs_a_streak_and_pays_nothing() -> None:
    tasks = [task(), task(points=0), task()]
    assert [score.change for score in scores(STREAK, RIGHT, RIGHT, RIGHT, tasks=tasks)] == [1000, 0, 1200]


def test_a_voided_question_neither_prolongs_a_streak_nor_ends_it() -> None:
    tasks = [task(), task(voided=True), task()]
    assert [score.streak for score in scores(STREAK, RIGHT, WRONG, RIGHT, tasks=tasks)] == [1, 1, 2]


def test_without_the_option_streaks_pay_nothing() -> None:
    assert [score.change for score in scores(FLAT, RIGHT, RIGHT, RIGHT)] == [1000, 1000, 1000]


def test_a_partly_right_answer_ends_a_streak() -> None:
    options = Options(scoring=Preset.FLAT, streak=True, partial=Partial.LENIENT)
    several = task(right=["a", "b"], several=True)
    found = scores(options, Given(["a", "b"], 0), Given(["a"], 0), tasks=[several, several])
    assert [(score.streak, score.earned) for score in found] == [(1, 1000), (0, 500)]


def test_a_wrong_answer_costs_its_penalty_and_no_answer_nothing() -> None:
    assert [score.change for score in scores(PENALTY, RIGHT, WRONG, SILENT)] == [1000, -500, 0]


def test_a_total_never_falls_below_nothing() -> None:
    first, second = scores(PENALTY, WRONG, RIGHT)
    assert (first.penalty, first.change, first.total) == (500, 0, 0)
    assert second.total == 1000


def test_who_earns_a_part_is_not_punished() -> None:
    options = Options(scoring=Preset.FLAT, penalty_percent=100, partial=Partial.BALANCED)
    several = task(right=["a", "b"], several=True)
    part, nothing = scores(options, Given(["a"], 0), Given(["a", "c"], 0), tasks=[several, several])
    assert (part.change, nothing.change) == (500, -500)


def test_ties_are_broken_by_right_answers_and_then_by_their_time() -> None:
    def tie(*answers: Given | None) -> int:
        tally = Tally()
        for answer in answers:
            tally, _ = tally.after(task(), answer, BROKEN)
        return tally.tie

    quick, slow = Given(["b"], 1_000), Given(["b"], 240_000)
    assert tie(slow, slow) > tie(quick) > tie(slow) > tie(WRONG) == tie()


def test_where_places_are_shared_nothing_breaks_a_tie() -> None:
    assert Tally().after(task(), RIGHT, FLAT)[0].tie == 0


@given(tasks_and_answers, all_options)
def test_totals_are_never_negative_and_follow_from_the_changes(played: list[Any], options: Options) -> None:
    total = 0
    for score in fold([task for task, _ in played], [answer for _, answer in played], options):
        total += score.change
        assert score.total == total >= 0


@given(tasks_and_answers, all_options)
def test_voiding_is_as_if_the_question_had_not_been_asked(played: list[Any], options: Options) -> None:
    kept = [(task, answer) for task, answer in played if not task.voided]
    with_voided, without = (fold([t for t, _ in some], [a for _, a in some], options) for some in (played, kept))
    assert [score.total for score in with_voided][-1:] == [score.total for score in without][-1:] or not kept
    counted = [score for (task, _), score in zip(played, with_voided, strict=True) if not task.voided]
    assert counted == without


@given(tasks_and_answers, st.randoms(use_true_random=False))
def test_without_streak_and_penalty_the_order_of_questions_means_nothing(played: list[Any], random: Any) -> None:
    mixed = random.sample(played, len(played))
    one, other = (fold([t for t, _ in some], [a for _, a in some], Options()) for some in (played, mixed))
    assert sum(score.change for score in one) == sum(score.change for score in other)


@given(tasks_and_answers, all_options)
def test_a_score_is_made_of_its_parts(played: list[Any], options: Options) -> None:
    before = 0
    for (task, answer), score in zip(
        played, fold([t for t, _ in played], [a for _, a in played], options), strict=True
    ):
        if not task.voided:
            assert score.earned == (points_for(answer.choice, answer.elapsed_ms, task, options) if answer else 0)
        assert score.total == max(before + score.earned + score.streak_bonus - score.penalty, 0)
        before = score.total
