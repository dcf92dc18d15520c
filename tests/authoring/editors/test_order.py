"""The form of orders."""

from typing import Any

import pytest
from django.http import QueryDict

from quiz.authoring.editors import OrderForm

GOOD = {"text": "From the Sun?", "choice_1": "Venus", "choice_3": "Earth", "choice_4": "Mars"}
GOOD |= {"time_limit_s": "20", "points": "500"}


def filled(**change: str) -> OrderForm:
    data = QueryDict(mutable=True)
    data.update({**GOOD, **change})
    return OrderForm(data)


def test_rows_are_the_right_order() -> None:
    form = filled()
    assert form.is_valid()
    draft = form.cleaned_data["draft"]
    assert (draft.kind, [choice.text for choice in draft.choices]) == ("order", ["Venus", "Earth", "Mars"])


def test_stored_question_fills_the_form() -> None:
    stored = filled()
    assert stored.is_valid()
    form = OrderForm(question=stored.cleaned_data["draft"])
    assert [row.text.value() for row in form.rows[:4]] == ["Venus", "Earth", "Mars", None]
    assert form.rows[0].right is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"choice_3": ""}, "__all__"), ({"choice_3": "Mars"}, "choice_4"), ({"choice_1": "x" * 301}, "choice_1")],
)
def test_problem_stands_beside_its_row(wrong: dict[str, Any], field: str) -> None:
    assert list(filled(**wrong).errors) == [field]
