"""What the forms of quiz and import fill in by themselves."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from quiz.authoring.forms import QuizForm, title_from


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


def test_a_language_that_is_no_longer_offered_is_asked_for_anew(quiz):
    """The browser would choose the first of the list, and the next change of the title would take it over."""
    quiz.language = "eo"
    fields = {"title": "Planets", "description": ""}
    assert '<option value="">—</option>' in str(QuizForm(instance=quiz)["language"])
    assert list(QuizForm(QueryDict(urlencode({**fields, "language": ""})), instance=quiz).errors) == ["language"]
    assert QuizForm(QueryDict(urlencode({**fields, "language": "it"})), instance=quiz).is_valid()
    assert '<option value="">' not in str(QuizForm(instance=quiz)["language"])
