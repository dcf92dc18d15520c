import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.models import Player
from quiz.play.nicknames import MAX_CODE_POINTS, MAX_GRAPHEMES, NicknameError, clean, key, numbered

GOOD = ["Ada", "Zoë", "李小龙", "محمد", "Ana María", "👩‍👩‍👧‍👦 crew", "O'Neil-7", "ⅷ"]


@pytest.mark.parametrize("name", GOOD)
def test_names_of_many_tongues_are_fine(name: str) -> None:
    assert clean(name)


@pytest.mark.parametrize("name", ["", "   ", "\u200d", "\u0301"])
def test_a_name_needs_something_to_see(name: str) -> None:
    with pytest.raises(NicknameError) as error:
        clean(name)
    assert error.value.code in ("nickname-empty", "nickname-bad-characters")


@pytest.mark.parametrize("name", ["a\nb", "a\x00", "\u202eevil", "a\u200bb", "\ud800", "\u2066a"])
def test_hidden_characters_are_refused(name: str) -> None:
    with pytest.raises(NicknameError, match="bad-characters"):
        clean(name)


@pytest.mark.parametrize("name", ["z\u0300\u0301\u0302", "z\u0300\u200d\u0301\u200d\u0302", "z" + "\u0344\u200d" * 9])
def test_piled_up_marks_are_refused_whatever_is_between_them(name: str) -> None:
    with pytest.raises(NicknameError, match="bad-characters"):
        clean(name)


def test_the_longest_name_fits_and_one_more_does_not() -> None:
    assert clean("x" * MAX_GRAPHEMES)
    with pytest.raises(NicknameError, match="too-long"):
        clean("x" * (MAX_GRAPHEMES + 1))


def test_what_no_name_needs_is_not_even_looked_at() -> None:
    with pytest.raises(NicknameError, match="too-long"):
        clean("x" * (MAX_CODE_POINTS + 1))


def test_what_grows_when_it_is_written_out_still_fits_its_column() -> None:
    with pytest.raises(NicknameError, match="too-long"):
        clean("\ufb2c" * 10 + "\u1100" * 100)


def test_blanks_round_and_within_are_tidied() -> None:
    assert clean("  Ada   Lovelace ") == "Ada Lovelace"


@pytest.mark.parametrize(("one", "other"), [("Ada", "aDA"), ("ﬁn", "fin"), ("Straße", "STRASSE")])
def test_names_that_read_alike_have_one_key(one: str, other: str) -> None:
    assert key(clean(one)) == key(clean(other))


@given(st.text(max_size=200))
def test_any_text_is_a_short_visible_name_or_refused(raw: str) -> None:
    try:
        name = clean(raw)
    except NicknameError as error:
        assert error.code in ("nickname-empty", "nickname-too-long", "nickname-bad-characters")
    else:
        assert 1 <= len(regex.findall(r"\X", name)) <= MAX_GRAPHEMES
        assert len(name) <= Player._meta.get_field("nickname").max_length
        assert len(key(name)) <= Player._meta.get_field("nickname_key").max_length
        assert clean(name) == name


@given(st.sampled_from(GOOD), st.integers(2, 999))
def test_a_numbered_name_is_a_name(name: str, number: int) -> None:
    assert clean(numbered(clean(name), number))
