"""The form of open questions."""

import pytest
from django.http import QueryDict

from quiz.authoring.editors.open import OpenForm

GOOD = {"text": "What is space to you?", "form": "cloud", "entries": "2", "time_limit_s": "30"}


def filled(**change: str) -> OpenForm:
    data = QueryDict(mutable=True)
    data.update({**GOOD, **change})
    return OpenForm(data)


def test_a_cloud_has_as_many_words_as_the_author_wants() -> None:
    form = filled()
    assert form.is_valid()
    draft = form.cleaned_data["draft"]
    assert (draft.kind, draft.choices, draft.points) == ("open", (), 0)
    assert draft.data == {"form": "cloud", "entries": 2}


def test_a_text_is_one() -> None:
    form = filled(form="text", entries="3")
    assert form.is_valid()
    assert form.cleaned_data["draft"].data == {"form": "text", "entries": 1}


def test_stored_question_fills_the_form() -> None:
    stored = filled()
    assert stored.is_valid()
    form = OpenForm(question=stored.cleaned_data["draft"])
    assert (form["form"].value(), form["entries"].value()) == ("cloud", 2)
    assert "points" not in form.fields


@pytest.mark.parametrize(("field", "value"), [("form", "poem"), ("form", ""), ("entries", "4"), ("entries", "x")])
def test_problem_stands_beside_its_field(field: str, value: str) -> None:
    assert list(filled(**{field: value}).errors) == [field]
