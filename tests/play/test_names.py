import pytest

from quiz.play.names import WORDS, friendly
from quiz.play.nicknames import clean


@pytest.mark.parametrize("language", ["en", "it", "it-it", "fr", None])
def test_a_friendly_name_is_a_good_nickname(language: str | None) -> None:
    for _ in range(50):
        name = friendly(language)
        assert clean(name) == name


def test_italians_are_offered_italian_words() -> None:
    adjectives, nouns, _ = WORDS["it"]
    noun, adjective = friendly("it").split(" ")
    assert noun in nouns
    assert adjective in adjectives


def test_each_word_is_one() -> None:
    assert [word for *lists, _ in WORDS.values() for words in lists for word in words if len(word) < 3] == []


def test_all_pairs_fit() -> None:
    for adjectives, nouns, pattern in WORDS.values():
        assert all(clean(pattern.format(adjective=a, noun=n)) for a in adjectives for n in nouns)
