"""What the load answers to questions of every kind is taken, and its second reading agrees with the product's."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import answers, scoring
from quiz.kinds import ChoiceDraft, Partial, QuestionDraft, named

FOUR = tuple(ChoiceDraft(text, right=text == "b") for text in "abcd")
NUMBER = {"value": 40, "tolerance": 5, "range": 20}
ASKED = {
    draft.kind: named(draft.kind).freeze(draft)
    for draft in [
        QuestionDraft("?", FOUR),
        QuestionDraft("?", (), kind="typed", data={"accepted": ["x"]}),
        QuestionDraft("?", (), kind="number", data=NUMBER),
        QuestionDraft("?", FOUR, kind="order"),
        QuestionDraft("?", FOUR, kind="match", data={"partners": ["1", "2", "2", "3"]}),
    ]
}


def shown(kind: str) -> dict[str, Any]:
    asked = ASKED[kind]
    return {"kind": kind, "choices": asked.choices, "several": asked.several, "view": named(kind).shown(asked)}


@pytest.mark.parametrize("kind", ASKED)
def test_what_the_load_answers_is_read(kind: str) -> None:
    choice = answers.some(shown(kind), Random(1))
    assert named(kind).read(choice, ASKED[kind]) == choice or kind == "choice"


def test_of_other_kinds_the_load_knows_no_answer() -> None:
    assert answers.some({"kind": "stars", "choices": [], "several": False, "view": {}}, Random(1)) is None


@given(st.sampled_from(["order", "match"]), st.integers(0, 10**6), st.sampled_from(Partial))
def test_both_readings_of_orders_and_matchings_agree(kind: str, seed: int, partial: Partial) -> None:
    asked = ASKED[kind]
    choice = answers.some(shown(kind), Random(seed))
    assert share(kind, choice, partial) == named(kind).credit(choice, asked, partial)


@given(st.decimals(-100, 100, places=2), st.booleans(), st.sampled_from(Partial))
def test_both_readings_of_numbers_agree(number: Any, percent: bool, partial: Partial) -> None:
    data = {**NUMBER, "percent": percent}
    asked = named("number").freeze(QuestionDraft("?", (), kind="number", data=data))
    choice = named("number").read(float(number), asked)
    near = answers.nearness(choice, asked.solution, dict(asked.settings))
    assert share("number", choice, partial, asked=asked, near=near) == named("number").credit(choice, asked, partial)


def share(kind: str, choice: Any, partial: Partial, asked: Any = None, near: tuple[int, int] = (0, 1)) -> Fraction:
    asked = asked or ASKED[kind]
    given_, right, several = answers.held(kind, choice, asked.solution, dict(asked.settings))
    question = scoring.Question(right, several, 20_000, 1_000, False, given_, 0, near=near)
    return Fraction(*scoring.share(question, partial))
