import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play import teams

POINTS = st.none() | st.integers(-500, 3000)


@pytest.mark.parametrize(
    ("players", "count", "most"), [(0, 4, 1), (1, 4, 2), (2, 4, 2), (5, 4, 3), (12, 4, 4), (9, 2, 6)]
)
def test_a_team_holds_its_fair_share_and_one_more(players: int, count: int, most: int) -> None:
    assert teams.capacity(players, count) == most


def test_two_friends_may_be_together_and_a_third_goes_elsewhere() -> None:
    assert teams.fits({1: 1, 2: 1}, 1)
    assert not teams.fits({1: 2, 2: 0}, 1)


@given(st.integers(0, 60), st.integers(2, 8))
def test_whoever_is_dealt_keeps_the_teams_even(players: int, count: int) -> None:
    sizes = dict.fromkeys(range(1, count + 1), 0)
    for _ in range(players):
        sizes[teams.smallest(sizes)] += 1
    assert max(sizes.values()) - min(sizes.values()) <= 1


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(1, 8)), max_size=60), st.integers(2, 8))
def test_no_choosing_lets_one_team_have_more_than_its_room(moves: list[tuple[int, int]], count: int) -> None:
    sizes = dict.fromkeys(range(1, count + 1), 3)
    for source, target in moves:
        source, target = source % count + 1, target % count + 1
        if source != target and sizes[source] and teams.fits(sizes, target):
            sizes[source] -= 1
            sizes[target] += 1
    assert max(sizes.values()) <= teams.capacity(3 * count, count)


def test_no_answer_brings_nothing_and_counts() -> None:
    assert teams.means([teams.shares([900], 0), teams.shares([None], 0)], 1) == [450]


def test_who_comes_late_counts_from_the_first_question_on_that_opened_afterwards() -> None:
    assert teams.shares([None, None, 700, None], since=2) == [None, None, 700, 0]


def test_an_answer_counts_even_to_a_question_that_was_open_already() -> None:
    assert teams.shares([800, None], since=1) == [800, 0]


def test_three_questions_without_an_answer_cost_the_team_and_the_fourth_does_not() -> None:
    assert teams.shares([100, None, None, None, None, None, 50, None], 0) == [100, 0, 0, 0, None, None, 50, 0]


def test_a_team_in_which_nobody_counts_gains_nothing() -> None:
    assert teams.means([teams.shares([None], 1)], 1) == teams.means([], 1) == [0]


def test_a_mean_is_rounded_once_halves_up() -> None:
    assert teams.means([[1], [2]], 1) == [2]
    assert teams.means([[1], [1], [2]], 1) == [1]


@given(st.lists(st.lists(POINTS, min_size=5, max_size=5), min_size=1, max_size=6))
def test_a_mean_lies_between_the_least_and_the_most_that_a_member_brought(points: list[list[int | None]]) -> None:
    rows = [teams.shares(own, 0) for own in points]
    for index, mean in enumerate(teams.means(rows, 5)):
        brought = [own for row in rows if (own := row[index]) is not None] or [0]
        assert min(brought) <= mean <= max(brought)


def test_a_team_never_falls_below_nothing() -> None:
    assert teams.totals([100, -300, 200]) == [100, 0, 200]


def test_equal_points_share_the_place() -> None:
    assert teams.places({1: 500, 2: 900, 3: 500, 4: 10}) == {2: 1, 1: 2, 3: 2, 4: 4}
