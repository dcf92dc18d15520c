"""The form of matchings."""

from typing import Any

import pytest
from django.http import QueryDict

from quiz.authoring.editors import MatchForm

PAIRS = {1: ("Io", "Jupiter"), 3: ("Titan", "Saturn"), 4: ("Europa", "Jupiter")}
GOOD = {"text": "Whose moons?", "time_limit_s": "20", "points": "500"}
GOOD |= {f"choice_{place}": item for place, (item, _) in PAIRS.items()}
GOOD |= {f"partner_{place}": partner for place, (_, partner) in PAIRS.items()}


def filled(**change: str) -> MatchForm:
    data = QueryDict(mutable=True)
    data.update({**GOOD, **change})
    return MatchForm(data)


def test_rows_are_pairs() -> None:
    form = filled()
    assert form.is_valid()
    draft = form.cleaned_data["draft"]
    assert (draft.kind, [choice.text for choice in draft.choices]) == ("match", ["Io", "Titan", "Europa"])
    assert draft.data == {"partners": ["Jupiter", "Saturn", "Jupiter"]}


def test_stored_question_fills_the_form() -> None:
    stored = filled()
    assert stored.is_valid()
    form = MatchForm(question=stored.cleaned_data["draft"])
    assert [(pair.item.text.value(), pair.partner.value()) for pair in form.pairs[:4]] == [
        ("Io", "Jupiter"),
        ("Titan", "Saturn"),
        ("Europa", "Jupiter"),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"partner_3": ""}, "partner_3"),
        ({"choice_3": ""}, "choice_3"),
        ({"partner_4": "x" * 81}, "partner_4"),
        ({"choice_3": "", "partner_3": ""}, "__all__"),
        ({"partner_3": "Jupiter"}, "__all__"),
        ({"choice_4": "Io"}, "choice_4"),
    ],
)
def test_problem_stands_beside_its_field(wrong: dict[str, Any], field: str) -> None:
    assert list(filled(**wrong).errors) == [field]
