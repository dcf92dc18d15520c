import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.lookalikes import ALIKE, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mario", "Маrіо"),
        ("Ada", "ＡＤＡ"),
        ("Iza", "lza"),
        ("Iza", "1za"),
        ("lZA", "iza"),
        ("Otto", "0tt0"),
        ("modern", "rnodem"),
        ("Ada", "A\u200dda\ufe0f"),
        ("Player 3", "Player \u0663"),
        ("O'Neil", "O\u2019Neil"),
    ],
)
def test_what_looks_alike_has_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "Ida"), ("Team 2", "Team 3"), ("Zoe", "Zoë"), ("李", "王"), ("محمد", "احمد"), ("Анна", "Инна")],
)
def test_what_looks_different_has_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_no_character_stands_for_two_letters() -> None:
    others = "".join(ALIKE.values())
    assert sorted(others) == sorted(set(others))


@given(st.text(max_size=60))
def test_case_makes_no_difference_to_a_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)
