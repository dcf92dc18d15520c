"""Numbers as people type them."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.kinds import figures
from quiz.kinds.figures import MAX_CHARS, MAX_DIGITS, NotANumber
from tests.kinds.typednumbers import NONE, READ

numbers = st.one_of(
    st.integers(1 - 10**MAX_DIGITS, 10**MAX_DIGITS - 1),
    st.decimals(-(10**6), 10**6, places=4).map(lambda each: figures.number(float(each))),
)


@pytest.mark.parametrize(("text", "decimal", "value"), READ)
def test_typed_numbers_are_read_by_common_sense(text: str, decimal: str, value: Any) -> None:
    read = figures.read(text, decimal)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_number_or_too_large_is_refused(text: str) -> None:
    for decimal in ".,":
        with pytest.raises(NotANumber):
            figures.read(text, decimal)


def test_a_text_that_is_too_long_is_refused() -> None:
    assert figures.read(" " * (MAX_CHARS - 1) + "7", ".") == 7
    with pytest.raises(NotANumber):
        figures.read(" " * MAX_CHARS + "7", ".")


@given(numbers, st.sampled_from(".,"))
def test_what_is_written_is_read_again(number: Any, decimal: str) -> None:
    assert figures.read(figures.written(number, decimal), decimal) == number
    assert figures.number(number) == number


@given(st.text("0123456789.,' -+", max_size=12), st.sampled_from(".,"))
def test_any_text_gives_a_number_of_json_or_none(text: str, decimal: str) -> None:
    try:
        read = figures.read(text, decimal)
    except NotANumber:
        return
    assert figures.number(read) == read
    assert figures.exact(read) == Fraction(str(read))


@pytest.mark.parametrize("value", [True, None, "7", [7], 10**MAX_DIGITS, 10**400, float("nan"), float("inf"), 1e-16])
def test_json_that_is_no_number_to_keep_is_refused(value: Any) -> None:
    with pytest.raises(NotANumber):
        figures.number(value)


def test_whole_numbers_are_kept_as_such_and_others_with_fifteen_digits() -> None:
    assert str(figures.number(5.0)) == "5"
    assert str(figures.number(-0.0)) == "0"
    assert figures.number(0.1 + 0.2) == 0.3


@pytest.mark.parametrize(
    ("number", "decimal", "text"),
    [
        (1822, ".", "1822"),
        (12345, ".", "12,345"),
        (12345.5, ",", "12.345,5"),
        (-0.5, ",", "-0,5"),
        (1e-7, ".", "0.0000001"),
    ],
)
def test_years_are_written_without_a_sign_between_the_thousands(number: Any, decimal: str, text: str) -> None:
    assert figures.written(number, decimal) == text
