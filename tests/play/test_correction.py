from typing import Any

import pytest

from quiz.play.correction import MAX_POINTS, BadCorrection, Correction, regrading, voiding
from quiz.play.states import Move


def test_a_regrading_names_what_is_right_or_the_points_or_both() -> None:
    assert regrading({"right": ["a"]}) == Correction(right=["a"])
    assert regrading({"points": 0}) == Correction(points=0)
    assert regrading({"right": ["a", "b"], "points": MAX_POINTS}) == Correction(right=["a", "b"], points=MAX_POINTS)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "bad-right"),
        ({"points": -1}, "bad-points"),
        ({"points": MAX_POINTS + 1}, "bad-points"),
        ({"points": True}, "bad-points"),
        ({"points": "1000"}, "bad-points"),
    ],
)
def test_what_is_no_regrading_is_refused(data: dict[str, Any], code: str) -> None:
    with pytest.raises(BadCorrection, match=code):
        regrading(data)


def test_voiding_can_be_taken_back() -> None:
    assert voiding({}) == Correction(voided=True)
    assert voiding({"voided": False}) == Correction(voided=False)
    with pytest.raises(BadCorrection, match="bad-voided"):
        voiding({"voided": "no"})


def test_each_correction_has_its_move_and_its_event() -> None:
    found = [(each.move, each.event) for each in (voiding({}), voiding({"voided": False}), regrading({"points": 1}))]
    assert found == [
        (Move.VOID, "question.voided"),
        (Move.VOID, "question.restored"),
        (Move.REGRADE, "question.regraded"),
    ]
