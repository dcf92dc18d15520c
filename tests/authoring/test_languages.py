"""Questions may be in any language that pages are offered in."""

from typing import Any

import pytest
from django.utils import translation

from quiz.authoring import languages
from quiz.kinds.language import ENGLISH, Language

OFFERED = [("en", "English"), ("de", "Deutsch"), ("it", "Italiano"), ("pt-br", "Português brasileiro"), ("tlh", "Tlh")]


def test_the_choice_is_that_of_the_pages_and_named_in_theirs(settings: Any) -> None:
    settings.LANGUAGES = OFFERED
    with translation.override("it"):
        assert languages.choices() == [
            ("en", "Inglese"), ("de", "Tedesco"), ("it", "Italiano"), ("pt-br", "Brasiliano Portoghese"), ("tlh", "Tlh")
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("page", "expected"), [("it", "it"), ("en-gb", "en"), ("pt-br", "pt-br"), ("fr", "en"), ("", "en")]
)
def test_what_is_new_is_in_the_language_of_the_page_or_the_nearest(settings: Any, page: str, expected: str) -> None:
    settings.LANGUAGES = OFFERED
    with translation.override(page or None):
        assert languages.of_page() == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ENGLISH),
        ("it", Language(",", true="Vero", false="Falso")),
        ("de", Language(",", true="True", false="False")),  # not translated by us
        ("tlh", ENGLISH),  # of which Django knows nothing
    ],
)
def test_english_stands_in_for_what_a_language_leaves_open(code: str, expected: Language) -> None:
    assert languages.described(code) == expected
