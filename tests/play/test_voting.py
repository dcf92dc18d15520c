from hypothesis import given
from hypothesis import strategies as st

from quiz.play.voting import Swing, swing

VOTES = st.dictionaries(st.integers(1, 9), st.booleans())


def test_those_who_changed_their_mind_are_counted_in_both_directions() -> None:
    first = {1: False, 2: False, 3: True, 4: True, 5: False}
    second = {1: True, 2: False, 3: True, 4: False, 6: True}
    assert swing(first, second) == Swing(to_right=1, to_wrong=1)


@given(VOTES, VOTES)
def test_a_change_back_undoes_the_change(first: dict[int, bool], second: dict[int, bool]) -> None:
    there, back = swing(first, second), swing(second, first)
    assert (there.to_right, there.to_wrong) == (back.to_wrong, back.to_right)
    both = first.keys() & second.keys()
    gained = sum(second[player] for player in both) - sum(first[player] for player in both)
    assert there.to_right - there.to_wrong == gained
