"""Items to be put into order: how they are shown, and what an order is worth."""

from collections import Counter
from fractions import Fraction
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.kinds import Asked, BadChoice, BadSolution, ChoiceDraft, Partial, QuestionDraft
from quiz.kinds.choice import MAX_CHOICES
from quiz.kinds.order import MIN_ITEMS, Order
from tests.kinds import laws

KIND = Order()
PLANETS = ("Mercury", "Venus", "Earth", "Mars")
ASKED = Asked([{"id": id, "text": id.upper()} for id in "dbca"], list("abcd"))


def draft(*texts: str) -> QuestionDraft:
    return QuestionDraft("From the Sun?", tuple(ChoiceDraft(text, right=False) for text in texts), kind="order")


def test_orders_keep_the_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = iter("abcd" * 2)
    monkeypatch.setattr("quiz.kinds.order.secrets.token_hex", lambda _: next(ids))
    laws.check(KIND, draft(*PLANETS), [list("abcd"), list("dcba"), list("abdc")])


def test_all_orders_are_shown_equally_often_and_ids_are_random(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.kinds.order._dice", Random(7))  # the same throws each time
    seen = Counter(tuple(one["text"] for one in KIND.freeze(draft("a", "b", "c")).choices) for _ in range(600))
    assert set(seen) == set(permutations("abc"))
    assert min(seen.values()) > 70
    one, other = KIND.freeze(draft(*PLANETS)), KIND.freeze(draft(*PLANETS))
    assert set(one.solution).isdisjoint(other.solution)
    assert KIND.solved(one) == ["1. Mercury", "2. Venus", "3. Earth", "4. Mars"]
    assert KIND.shown(one) == {}


@pytest.mark.parametrize(
    ("order", "balanced", "lenient"),
    [
        ("abcd", Fraction(1), Fraction(1)),
        ("abdc", Fraction(1, 3), Fraction(2, 3)),
        ("bacd", Fraction(1, 3), Fraction(2, 3)),
        ("dabc", Fraction(1, 3), Fraction(2, 3)),
        ("badc", Fraction(0), Fraction(1, 3)),
        ("dcba", Fraction(0), Fraction(0)),
    ],
)
def test_each_pair_of_neighbours_in_the_right_order_earns_a_share(
    order: str, balanced: Fraction, lenient: Fraction
) -> None:
    assert KIND.credit(list(order), ASKED, Partial.BALANCED) == balanced
    assert KIND.credit(list(order), ASKED, Partial.LENIENT) == lenient
    assert KIND.credit(list(order), ASKED, Partial.NONE) == int(order == "abcd")


@given(st.permutations(list("abcd")))
def test_only_the_right_order_earns_everything(order: list[str]) -> None:
    for partial in Partial:
        assert (KIND.credit(order, ASKED, partial) == 1) == (order == ASKED.solution)
    assert KIND.credit(order, ASKED, Partial.BALANCED) <= KIND.credit(order, ASKED, Partial.LENIENT)


BAD = [[], list("abc"), list("abcc"), list("abce"), list("abcda"), "abcd", None, [["a"], "b", "c", "d"], [1, 2, 3, 4]]


@pytest.mark.parametrize("value", BAD)
def test_what_does_not_name_each_item_once_is_refused(value: Any) -> None:
    with pytest.raises(BadChoice):
        KIND.read(value, ASKED)
    with pytest.raises(BadSolution):
        KIND.regrade(value, ASKED)


def test_counted_is_who_found_each_place() -> None:
    counts = KIND.counts([list("abcd"), list("abdc"), list("dbca")], ASKED)
    assert counts == {"a": 2, "b": 3, "c": 2, "d": 1}
    assert [(line.text, line.count) for line in KIND.lines(counts, ASKED)] == [
        ("1. A", 2),
        ("2. B", 3),
        ("3. C", 2),
        ("4. D", 1),
    ]


def test_a_host_says_which_order_is_right_instead() -> None:
    assert KIND.regrade(list("dcba"), ASKED) == list("dcba")


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (PLANETS[: MIN_ITEMS - 1], "too-few-choices"),
        ([str(n) for n in range(MAX_CHOICES + 1)], "too-many-choices"),
        (("a", "b", "b"), "choice-repeated"),
        (("a", "b", " "), "choice-empty"),
    ],
)
def test_three_to_six_different_items_make_an_order(texts: Any, code: str) -> None:
    [problem] = KIND.problems(draft(*texts))
    assert (problem.code, problem.harmless) == (code, False)
