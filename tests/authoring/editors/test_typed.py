"""The form of typed answers."""

import pytest
from django.http import QueryDict

from quiz.authoring.editors import TypedForm

GOOD = {
    "text": "Whose law?",
    "accepted": "Kepler\r\n\r\n Keppler ",
    "near": "on",
    "time_limit_s": "20",
    "points": "500",
}


def filled(**change):
    data = QueryDict(mutable=True)
    data.update({**GOOD, **change})
    return TypedForm(data)


def test_each_line_is_a_spelling():
    form = filled()
    assert form.is_valid()
    draft = form.cleaned_data["draft"]
    assert (draft.kind, draft.choices, draft.points) == ("typed", (), 500)
    assert draft.data == {"accepted": ["Kepler", "Keppler"], "case": False, "near": True}


def test_stored_question_fills_the_form():
    stored = filled(case="on")
    assert stored.is_valid()
    form = TypedForm(question=stored.cleaned_data["draft"])
    assert [form[name].value() for name in ("accepted", "case", "near")] == ["Kepler\nKeppler", True, True]


@pytest.mark.parametrize("accepted", ["", " \r\n ", "x" * 81, "\n".join(map(str, range(51))), "\u200b"])
def test_problem_stands_beside_the_spellings(accepted):
    assert list(filled(accepted=accepted).errors) == ["accepted"]
