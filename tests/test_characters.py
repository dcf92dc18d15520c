"""Characters that hide, pile up or turn a line round, and those that look so and are needed."""

import pytest

from quiz.characters import can_be_seen, has_tricks, key


@pytest.mark.parametrize(
    "text", ["a\u202eb", "a\u200bb", "a\x07b", "a\u2066b", "e\u0301\u0302\u0303", "a\u3164b", "\ue000"]
)
def test_what_hides_or_climbs_is_a_trick(text: str) -> None:
    assert has_tricks(text)


@pytest.mark.parametrize("text", ["👩‍🚀", "❤️", "می‌خواهم", "étoile", "שלום", "ナイス", "ok!"])
def test_what_is_written_honestly_is_none(text: str) -> None:
    assert not has_tricks(text)
    assert can_be_seen(text)


@pytest.mark.parametrize("text", ["", " ", "\u200d"])
def test_blanks_cannot_be_seen(text: str) -> None:
    assert not can_be_seen(text)


def test_case_width_and_joiners_make_no_other_text() -> None:
    assert key("Ｏrbit") == key("ORBIT") == key("or\u200dbit")
