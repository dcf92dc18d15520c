"""Choice, true or false, poll: how answers are read and judged."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from quiz.kinds import Asked, BadChoice, BadSolution, ChoiceDraft, Kind, Partial, QuestionDraft, named
from quiz.kinds.choice import Choice, Poll, TrueOrFalse, statement
from quiz.kinds.language import ENGLISH, Language
from tests.kinds import laws

MOONS = QuestionDraft("Moons?", tuple(ChoiceDraft(text, text != "Ceres") for text in ("Io", "Titan", "Ceres")))
PLANET = QuestionDraft("Planet?", tuple(ChoiceDraft(text, text == "Mars") for text in ("Io", "Mars")))
STATEMENT = QuestionDraft("The Sun is a star.", statement(True, ENGLISH), kind="truefalse")
TASTE = QuestionDraft("Nicest?", (ChoiceDraft("Io", False), ChoiceDraft("Titan", False)), kind="poll")


@pytest.mark.parametrize("draft", [MOONS, PLANET, STATEMENT, TASTE, replace(TASTE, data={"several": True})])
def test_kinds_with_options_keep_the_laws(draft: QuestionDraft, monkeypatch: Any) -> None:
    ids = iter("abc")
    monkeypatch.setattr("quiz.kinds.choice.secrets.token_hex", lambda _: next(ids))
    laws.check(named(draft.kind), draft, ["a", ["b"]])


def test_options_get_ids_that_tell_nothing_and_keep_the_authors_order() -> None:
    one, other = Choice().freeze(MOONS), Choice().freeze(MOONS)
    assert [choice["text"] for choice in one.choices] == ["Io", "Titan", "Ceres"]
    assert {choice["id"] for choice in one.choices}.isdisjoint(choice["id"] for choice in other.choices)
    assert one.solution == [choice["id"] for choice in one.choices[:2]]
    assert (one.several, Choice().freeze(PLANET).several) == (True, False)


ASKED = Asked([{"id": id, "text": id.upper()} for id in "abc"], ["a", "b"], several=True)
SINGLE = replace(ASKED, several=False)


@pytest.mark.parametrize("value", [["c", "a"], ["a", "c"]])
def test_ids_are_stored_in_the_questions_order(value: list[str]) -> None:
    assert Choice().read(value, ASKED) == ["a", "c"]


@pytest.mark.parametrize(
    ("value", "asked"), [([], ASKED), (["d"], ASKED), (["a", "a"], ASKED), (["a", "b"], SINGLE), (None, SINGLE)]
)
def test_what_is_no_choice_is_refused(value: Any, asked: Asked) -> None:
    with pytest.raises(BadChoice):
        Choice().read(value, asked)


@pytest.mark.parametrize("right", [[], ["d"], ["a", "d"], "a", None, {"a": 1}, [["a"]]])
def test_right_is_one_option_at_least(right: Any) -> None:
    with pytest.raises(BadSolution):
        Choice().regrade(right, ASKED)


def test_right_options_are_kept_once_and_in_the_questions_order() -> None:
    assert Choice().regrade(["c", "a", "c"], ASKED) == ["a", "c"]


def test_a_statement_has_two_options_of_which_one_is_right() -> None:
    both = replace(STATEMENT, choices=(ChoiceDraft("True", True), ChoiceDraft("False", True)))
    for draft in (replace(MOONS, kind="truefalse"), both):
        assert [problem.code for problem in TrueOrFalse().problems(draft)] == ["true-and-false"]
    assert statement(False, Language(",", true="Vero", false="Falso")) == (
        ChoiceDraft("Vero", False),
        ChoiceDraft("Falso", True),
    )


def test_nothing_is_right_in_a_poll_and_its_author_says_how_many_may_be_chosen() -> None:
    poll: Kind = Poll()
    asked = poll.freeze(replace(MOONS, kind="poll", data={"several": True}))
    assert (asked.solution, asked.several) == ([], True)
    assert poll.credit(poll.read([asked.choices[0]["id"]], asked), asked, Partial.LENIENT) == Fraction(0)
    assert not poll.freeze(TASTE).several
    with pytest.raises(BadSolution):
        poll.regrade([asked.choices[0]["id"]], asked)
