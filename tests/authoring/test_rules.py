"""What a question must be to be played."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring import rules
from quiz.authoring.rules import ChoiceDraft, QuestionDraft, is_blank, problems

GOOD = QuestionDraft("Which?", (ChoiceDraft("this", True), ChoiceDraft("that", False)))


def codes(draft):
    return [problem.code for problem in problems(draft)]


def with_choices(*choices):
    return replace(GOOD, choices=tuple(ChoiceDraft(text, right) for text, right in choices))


def test_good_question_has_no_problems():
    assert problems(GOOD) == []


def test_six_options_and_several_right_ones_are_good():
    assert problems(with_choices(*((letter, letter in "AF") for letter in "ABCDEF"))) == []


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u2060", "\u202e"])
def test_question_that_nobody_can_see_is_empty(text):
    assert codes(replace(GOOD, text=text)) == ["question-empty"]


def test_one_option_is_too_few():
    assert codes(with_choices(("this", True))) == ["too-few-choices"]


def test_seven_options_are_too_many():
    assert codes(with_choices(*((letter, letter == "A") for letter in "ABCDEFG"))) == ["too-many-choices"]


def test_one_option_must_be_right():
    assert codes(with_choices(("this", False), ("that", False))) == ["none-right"]


def test_empty_option_is_named_by_its_place():
    (problem,) = problems(with_choices(("this", True), ("", False)))
    assert (problem.code, problem.choice) == ("choice-empty", 2)


def test_options_of_the_same_text_are_repeated():
    (problem,) = problems(with_choices(("this", True), ("a  b", False), ("a b", False)))
    assert (problem.code, problem.choice, problem.values["first"]) == ("choice-repeated", 3, 2)
    assert problem.harmless


def test_same_text_cannot_be_right_and_wrong():
    (problem,) = problems(with_choices(("this", True), ("this", False)))
    assert problem.code == "choice-right-and-wrong"
    assert not problem.harmless


def test_case_tells_options_apart():
    assert problems(with_choices(("Co", True), ("CO", False))) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "x" * (rules.MAX_QUESTION_CHARS + 1)}, "question-too-long"),
        ({"explanation": "x" * (rules.MAX_EXPLANATION_CHARS + 1)}, "explanation-too-long"),
        ({"time_limit_s": rules.MIN_TIME_LIMIT_S - 1}, "time-limit-out-of-range"),
        ({"time_limit_s": rules.MAX_TIME_LIMIT_S + 1}, "time-limit-out-of-range"),
        ({"points": -1}, "points-out-of-range"),
        ({"points": rules.MAX_POINTS + 1}, "points-out-of-range"),
        ({"text": "Which\x00?"}, "control-character"),
        ({"explanation": "so\ud800"}, "control-character"),
    ],
)
def test_each_limit_can_be_crossed(change, code):
    assert codes(replace(GOOD, **change)) == [code]


def test_option_can_be_too_long():
    assert codes(with_choices(("x" * (rules.MAX_CHOICE_CHARS + 1), True), ("y", False))) == ["choice-too-long"]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "x" * rules.MAX_QUESTION_CHARS},
        {"explanation": "x" * rules.MAX_EXPLANATION_CHARS},
        {"time_limit_s": rules.MIN_TIME_LIMIT_S},
        {"time_limit_s": rules.MAX_TIME_LIMIT_S},
        {"points": 0},
        {"points": rules.MAX_POINTS},
        {"text": "Two\nlines\tand a tab"},
    ],
)
def test_each_limit_can_be_reached(change):
    assert problems(replace(GOOD, **change)) == []


def test_family_of_joined_emoji_is_not_blank():
    assert not is_blank("👩‍👩‍👧")


@given(
    text=st.text(),
    choices=st.lists(st.tuples(st.text(max_size=5), st.booleans()), max_size=8),
    time_limit_s=st.integers(),
    points=st.integers(),
)
def test_any_question_is_judged(text, choices, time_limit_s, points):
    draft = QuestionDraft(text, tuple(ChoiceDraft(*choice) for choice in choices), "", time_limit_s, points)
    for problem in problems(draft):
        assert problem.choice is None or 1 <= problem.choice <= len(choices)
