from hypothesis import given
from hypothesis import strategies as st

from quiz.play.ranking import gaps

many_points = st.lists(st.integers(0, 5), max_size=30).map(lambda points: sorted(points, reverse=True))


@given(many_points)
def test_a_gap_leads_to_the_next_better_points(points: list[int]) -> None:
    for mine, gap in zip(points, gaps(points), strict=True):
        better = [other for other in points if other > mine]
        assert gap == (min(better) - mine if better else None)
