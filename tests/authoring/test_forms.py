"""What the forms of quiz and import fill in by themselves."""

import pytest
from django.utils import translation

from quiz.authoring.forms import page_language, title_from


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
