from hypothesis import given
from hypothesis import strategies as st

from quiz.play.survival import Fate, is_decided, last_out


def fate(*survived: bool | None, lives: int = 1) -> Fate:
    here = Fate()
    for number, each in enumerate(survived, start=1):
        here = here.after(number, each, lives)
    return here


def test_one_wrong_answer_is_the_end_of_one_life() -> None:
    assert fate(True, False, False) == Fate(lost=1, out_at=2)


def test_three_lives_last_for_two_wrong_answers() -> None:
    assert fate(False, True, False, lives=3) == Fate(lost=2)
    assert fate(False, True, False, False, lives=3) == Fate(lost=3, out_at=4)


def test_a_question_that_counts_for_nobody_costs_no_life() -> None:
    assert fate(None, True, None) == Fate()


@given(st.lists(st.sampled_from([True, False, None]), max_size=30), st.integers(1, 3))
def test_whoever_is_out_lost_the_last_life_there_and_stays_out(survived: list[bool | None], lives: int) -> None:
    end = fate(*survived, lives=lives)
    assert end.lost == min(survived.count(False), lives)
    if end.out_at is None:
        assert end.lost < lives
    else:
        assert survived[end.out_at - 1] is False
        assert survived[: end.out_at].count(False) == lives


def test_it_is_over_when_one_is_left_or_nobody() -> None:
    assert [is_decided(left, 3) for left in (3, 2, 1, 0)] == [False, False, True, True]


def test_who_plays_alone_plays_on() -> None:
    assert not is_decided(1, 1)
    assert is_decided(0, 1)
    assert not is_decided(0, 0)


def test_the_last_ones_are_those_of_the_last_question_that_took_somebody() -> None:
    assert last_out([2, 5, 5]) == 5
    assert last_out([2, None]) is None
    assert last_out([]) is None
