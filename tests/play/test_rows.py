from typing import Any

from quiz.play.models import Answer
from quiz.play.rows import rewrite


def test_the_named_fields_of_each_row_are_stored_and_no_others(open_game: Any, ada: Any, bob: Any, answer: Any) -> None:
    stored = [answer(ada), answer(bob)]
    for points, row in enumerate(stored):
        row.right, row.points, row.choice, row.elapsed_ms = bool(points), -points, ["x", "y"], 99
    rewrite(stored, ["right", "points", "choice"])
    assert list(Answer.objects.values_list("right", "points", "choice", "elapsed_ms")) == [
        (False, 0, ["x", "y"], 0),
        (True, -1, ["x", "y"], 0),
    ]


def test_no_rows_are_no_statement(django_assert_num_queries: Any, ada: Any) -> None:
    with django_assert_num_queries(0):
        rewrite([], ["points"])
