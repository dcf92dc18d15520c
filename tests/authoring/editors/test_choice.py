"""Forms of questions with options: every problem beside its field."""

import pytest
from django.http import QueryDict

from quiz.authoring.editors import ChoiceForm, PollForm, TrueOrFalseForm
from quiz.authoring.rules import ChoiceDraft, QuestionDraft
from quiz.kinds.language import Language
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


def filled(form=ChoiceForm, **change):
    data = QueryDict(mutable=True)
    data.update({key: value for key, value in {**GOOD, **change}.items() if value is not None})
    return form(data, language=Language(",", true="Vero", false="Falso"))


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
    form = ChoiceForm(question=question("Which?", right="this", wrong=("that",), time_limit_s=45))
    assert [(row.letter, row.text.value(), row.right.value()) for row in form.rows][:3] == [
        ("A", "this", True),
        ("B", "that", False),
        ("C", None, None),
    ]
    assert form["time_limit_s"].value() == 45


def test_statement_has_the_two_options_in_the_language_of_the_quiz():
    form = filled(TrueOrFalseForm, is_true="false")
    assert form.is_valid()
    draft = form.cleaned_data["draft"]
    assert (draft.kind, draft.choices) == ("truefalse", (ChoiceDraft("Vero", False), ChoiceDraft("Falso", True)))
    assert TrueOrFalseForm(question=draft)["is_true"].value() == "false"


def test_statement_that_is_neither_true_nor_false_is_refused():
    assert list(filled(TrueOrFalseForm).errors) == ["is_true"]


def test_poll_has_neither_ticks_nor_points():
    form = filled(PollForm, several="on")
    assert form.is_valid()
    assert form.cleaned_data["draft"] == QuestionDraft(
        "Largest?",
        (ChoiceDraft("Mars", False), ChoiceDraft("Jupiter", False)),
        points=0,
        kind="poll",
        data={"several": True},
    )
    assert all(row.right is None for row in form.rows)
    assert PollForm(question=form.cleaned_data["draft"])["several"].value() is True


def test_a_statement_without_a_tick_is_told_what_to_do():
    assert filled(TrueOrFalseForm).errors == {"is_true": ["Say whether the statement is true or false."]}
