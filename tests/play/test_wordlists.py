from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play import unwanted, wordlists
from quiz.play.names import WORDS
from quiz.play.options import Words
from quiz.play.wordlists import is_unwanted, words_in

LIST = ("bad", "moss", "zorro")


@pytest.mark.parametrize(
    "name",
    ["bad", "BAD", "b4d", "b a d", "b.a.d", "baaaad", "bаd", "a bad one", "BigBad", "bad7", "7bad", "z0rr0", "m o s s"],
)
def test_an_unwanted_word_is_found_in_every_disguise(name: str) -> None:
    assert is_unwanted(name, LIST)


@pytest.mark.parametrize(
    "name", ["bad!", "¡bad!", "so|bad|", "b a d!", "BigBad!", "$bad$", "bad®", "mo$$", "mo$$!", "(bad)", "bad,moss…"]
)
def test_a_sign_that_looks_like_a_letter_hides_no_word_beside_it(name: str) -> None:
    assert is_unwanted(name, LIST)


@pytest.mark.parametrize("name", ["badge", "Abadan", "mos", "zoro", "b ad", "Ada", "", "7"])
def test_a_word_counts_where_it_stands_alone(name: str) -> None:
    assert not is_unwanted(name, LIST)


def test_an_empty_list_refuses_nothing() -> None:
    assert not is_unwanted("bad", ())


def test_a_list_has_one_word_a_line_and_comments() -> None:
    assert words_in("# ours\nbad\n\n moss # a plant\n") == ["bad", "moss"]


@given(st.text(max_size=120))
def test_no_text_hides_a_word_that_stands_alone_behind_it(name: str) -> None:
    assert is_unwanted(f"{name} bad", LIST)
    assert is_unwanted(f"{name} bad!", LIST)


def test_the_lists_are_sorted_and_no_word_is_mild_and_strict() -> None:
    for language in WORDS:
        mild, strict = (
            words_in((unwanted.LISTS / f"{language}.{strength}.txt").read_text())
            for strength in (Words.MILD, Words.STRICT)
        )
        assert set(mild).isdisjoint(strict)
        assert len(mild) > 30 < len(strict)


def test_no_friendly_name_has_an_unwanted_word() -> None:
    strict = unwanted.words(Words.STRICT)
    words = [word for adjectives, nouns, _ in WORDS.values() for word in (*adjectives, *nouns)]
    assert [word for word in words if wordlists.is_unwanted(word, strict)] == []


def test_an_operators_own_words_count_from_mild_on(settings: object, tmp_path: Path) -> None:
    settings.NICKNAME_WORDS = "zorro"  # type: ignore[attr-defined]
    unwanted.words.cache_clear()
    assert "zorro" in unwanted.words(Words.MILD)
    assert unwanted.words(Words.OFF) == ()
    unwanted.words.cache_clear()
