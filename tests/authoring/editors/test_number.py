"""The form of numbers."""

from typing import Any

import pytest
from django.http import QueryDict

from quiz.authoring.editors import NumberForm
from quiz.kinds.language import ENGLISH, Language

GOOD = {"text": "How far?", "value": "384,400.5", "tolerance": "1", "percent": "%", "range": "", "unit": " km "}
GOOD |= {"time_limit_s": "20", "points": "500"}
ITALIAN = Language(",", true="Vero", false="Falso")
NAMES = ("value", "tolerance", "percent", "range", "unit")


def filled(language: Language = ENGLISH, **change: str) -> NumberForm:
    data = QueryDict(mutable=True)
    data.update({**GOOD, **change})
    return NumberForm(data, language=language)


def test_numbers_are_read_as_the_quizs_language_writes_them() -> None:
    form = filled()
    assert form.is_valid()
    expected = {"value": 384400.5, "tolerance": 1, "percent": True, "range": None, "unit": "km", "decimal": "."}
    assert form.cleaned_data["draft"].data == expected
    italian = filled(ITALIAN, value="1.234", range="0,5", percent="")
    assert italian.is_valid()
    assert [italian.cleaned_data["draft"].data[name] for name in NAMES] == [1234, 1, False, 0.5, "km"]


@pytest.mark.parametrize(("language", "value"), [(ENGLISH, "384,400.5"), (ITALIAN, "384.400,5")])
def test_stored_question_fills_the_form(language: Language, value: str) -> None:
    stored = filled(range="10")
    assert stored.is_valid()
    form = NumberForm(question=stored.cleaned_data["draft"], language=language)
    assert [form[name].value() for name in NAMES] == [value, "1", "%", "10", "km"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": ""},
        {"value": "384 400 km"},
        {"value": "1" * 16},
        {"tolerance": "-1"},
        {"tolerance": "some"},
        {"range": "0"},
        {"range": "far"},
        {"unit": "x" * 21},
    ],
)
def test_problem_stands_beside_its_field(wrong: dict[str, Any]) -> None:
    assert list(filled(**wrong).errors) == list(wrong)
