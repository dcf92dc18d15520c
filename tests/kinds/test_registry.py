"""Kinds by name."""

import pytest

from quiz import kinds
from quiz.kinds.choice import Choice


def test_our_own_kinds_are_known() -> None:
    assert {"choice", "truefalse", "poll", "typed"} <= set(kinds.names())
    assert kinds.named("poll").name == "poll"


def test_a_kind_that_nobody_registered_is_named_in_the_error() -> None:
    with pytest.raises(kinds.UnknownKind, match=r"'gone'.*QUESTION_KINDS"):
        kinds.named("gone")


def test_two_kinds_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="'choice'"):
        kinds.register(Choice())
