"""Which options a cell calls right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring.formats.answers import right_options

CITIES = ["Rome", "Paris", "Oslo", "New York, NY"]


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("1", {0}),
        ("1.0", {0}),
        ("2,0", {1}),
        ("1,3", {0, 2}),
        ("1.3", {0, 2}),
        ("1; 3", {0, 2}),
        ("1 e 3", {0, 2}),
        ("1 and 3", {0, 2}),
        ("b", {1}),
        ("A, C", {0, 2}),
        ("A C", {0, 2}),
        ("Oslo", {2}),
        ("oslo", {2}),
        ("Rome; Oslo", {0, 2}),
        ("Rome|Oslo", {0, 2}),
        ("New York, NY", {3}),
        ("New York, NY; Rome", {0, 3}),
    ],
)
def test_number_letter_or_text(cell, right):
    assert right_options(cell, CITIES) == (right, False)


@pytest.mark.parametrize("cell", ["", "0", "5", "1,5", "E", "Berlin", "Rome; Berlin", "?", "-1"])
def test_cell_that_fits_no_option_names_none(cell):
    assert right_options(cell, CITIES) == (None, False)


def test_place_of_an_empty_cell_is_no_option():
    assert right_options("2", ["Rome", "", "Oslo"]) == (None, False)


def test_place_comes_before_text_and_the_doubt_is_told():
    assert right_options("3", ["3", "1", "2"]) == ({2}, True)
    assert right_options("2", ["1", "2", "3"]) == ({1}, False)


def test_exact_text_comes_before_text_in_other_case():
    assert right_options("CO", ["Co", "CO"]) == ({1}, False)


@given(st.text(), st.lists(st.text(), max_size=6))
def test_any_cell_names_options_that_are_there_or_none(cell, options):
    right, _ = right_options(cell, options)
    assert right is None or (right and all(options[place] for place in right))
