"""Forms: every problem beside its field."""

import pytest
from django.http import QueryDict
from django.utils import translation

from quiz.authoring.forms import QuestionForm, page_language, title_from
from tests.authoring.questions import question

GOOD = {
    "text": "Largest?",
    "choice_1": "Mars",
    "choice_2": "Jupiter",
    "right_2": "on",
    "time_limit_s": "20",
    "points": "1000",
    "explanation": "",
}


def filled(**change):
    data = QueryDict(mutable=True)
    data.update({key: value for key, value in {**GOOD, **change}.items() if value is not None})
    return QuestionForm(data)


def test_good_form_gives_a_question():
    form = filled(text="Largest?\r\nReally?", explanation="So\r\nit is.")
    assert form.is_valid()
    expected = question("Largest?\nReally?", explanation="So\nit is.")
    assert form.cleaned_data["draft"].text == expected.text
    assert form.cleaned_data["draft"].explanation == expected.explanation
    assert [(choice.text, choice.right) for choice in form.cleaned_data["draft"].choices] == [
        ("Mars", False),
        ("Jupiter", True),
    ]


def test_rows_left_empty_are_no_options():
    form = filled(choice_1="", choice_5="Mars")
    assert form.is_valid()
    assert [choice.text for choice in form.cleaned_data["draft"].choices] == ["Jupiter", "Mars"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"explanation": "x" * 1001}, "explanation"),
        ({"choice_6": "Mars"}, "choice_6"),
        ({"choice_6": "x" * 301}, "choice_6"),
        ({"right_6": "on"}, "choice_6"),
        ({"right_2": None}, "__all__"),
        ({"choice_1": ""}, "__all__"),
        ({"time_limit_s": "4"}, "time_limit_s"),
        ({"time_limit_s": "soon"}, "time_limit_s"),
        ({"points": "2001"}, "points"),
        ({"points": ""}, "points"),
        ({"text": "x\x07"}, "text"),
    ],
)
def test_each_problem_stands_beside_its_field(change, field):
    assert list(filled(**change).errors) == [field]


def test_repeated_option_names_the_row_of_the_first():
    form = filled(choice_1="", choice_3="Mars", choice_6="Mars")
    assert form.errors["choice_6"] == ["This option says the same as option C."]


def test_question_fills_the_form():
    form = QuestionForm(question=question("Which?", right="this", wrong=("that",), time_limit_s=45))
    assert [(row.letter, row.text.value(), row.right.value()) for row in form.rows][:3] == [
        ("A", "this", True),
        ("B", "that", False),
        ("C", None, None),
    ]
    assert form["time_limit_s"].value() == 45


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("solar_system-2.gift", "solar system 2"),
        ("../../etc/x.csv", "x"),
        ("x" * 300 + ".csv", "x" * 120),
        (".csv", ".csv"),
    ],
)
def test_title_comes_from_the_name_of_the_file(name, title):
    assert title_from(name) == title


@pytest.mark.parametrize(("language", "expected"), [("it", "it"), ("en-gb", "en"), ("de", "en")])
def test_new_quiz_is_in_the_language_of_the_page(language, expected):
    with translation.override(language):
        assert page_language() == expected
