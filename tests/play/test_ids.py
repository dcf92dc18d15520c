"""What is taken for the key of a row."""

from typing import Any

import pytest

from quiz.play.ids import LARGEST_ID, id_in, is_id


@pytest.mark.parametrize("value", [1, LARGEST_ID])
def test_a_key_is_taken_from_json_and_from_digits(value: int) -> None:
    assert is_id(value)
    assert id_in(str(value)) == value


@pytest.mark.parametrize("value", [0, -1, LARGEST_ID + 1, True, 1.0, "1", None, [1]])
def test_what_no_database_has_as_a_key_is_none(value: Any) -> None:
    assert not is_id(value)


@pytest.mark.parametrize("text", ["", "0", "-1", "1.0", " 1", "x", "²", "١", str(LARGEST_ID + 1), "9" * 5_000])
def test_a_text_that_spells_no_key_is_that_of_no_row(text: str) -> None:
    assert id_in(text) == 0
