"""Pairs to be found: how partners are shown, and what a matching is worth."""

from collections import Counter
from fractions import Fraction
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.kinds import Asked, BadChoice, BadSolution, ChoiceDraft, Partial, QuestionDraft
from quiz.kinds.match import MAX_PARTNER_CHARS, Match
from tests.kinds import laws

KIND = Match()
MOONS = {"Io": "Jupiter", "Titan": "Saturn", "Europa": "Jupiter", "Luna": "Earth"}
PARTNERS = [{"id": id, "text": id.upper()} for id in "zyx"]
ASKED = Asked([{"id": id, "text": id.upper()} for id in "abcd"], list("xyxz"), settings={"partners": PARTNERS})


def draft(pairs: dict[str, str]) -> QuestionDraft:
    choices = tuple(ChoiceDraft(text, right=False) for text in pairs)
    return QuestionDraft("Whose moons?", choices, kind="match", data={"partners": list(pairs.values())})


def test_matchings_keep_the_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = iter("xyz" + "abcd")
    monkeypatch.setattr("quiz.kinds.match.secrets.token_hex", lambda _: next(ids))
    laws.check(KIND, draft(MOONS), [list("xyxz"), list("xxxx"), list("zyxz")])


def test_a_formatted_partner_has_its_tree_beside_its_words() -> None:
    data = {"partners": ["x", "half", "x"], "partners_rich": [[["tex", "x"]], None, [["tex", "x"]]]}
    choices = tuple(ChoiceDraft(text, right=False) for text in "abc")
    shown = KIND.shown(KIND.freeze(QuestionDraft("Pair them.", choices, kind="match", data=data)))["partners"]
    assert {one["text"]: one.get("rich") for one in shown} == {"x": [["tex", "x"]], "half": None}


def test_partners_are_shown_once_each_in_any_order_and_ids_are_random(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.kinds.match._dice", Random(7))  # the same throws each time
    games = [KIND.freeze(draft(MOONS)) for _ in range(600)]
    seen = Counter(tuple(one["text"] for one in KIND.shown(game)["partners"]) for game in games)
    assert set(seen) == set(permutations(["Jupiter", "Saturn", "Earth"]))
    assert min(seen.values()) > 70
    assert [one["text"] for one in games[0].choices] == list(MOONS)
    assert set(games[0].solution).isdisjoint(games[1].solution)
    assert KIND.solved(games[0]) == ["Io → Jupiter", "Titan → Saturn", "Europa → Jupiter", "Luna → Earth"]


@pytest.mark.parametrize(
    ("given_", "balanced", "lenient"),
    [
        ("xyxz", Fraction(1), Fraction(1)),
        ("xyxx", Fraction(1, 2), Fraction(3, 4)),
        ("xyyx", Fraction(0), Fraction(1, 2)),
        ("zzzx", Fraction(0), Fraction(0)),
    ],
)
def test_each_right_pair_earns_a_share(given_: str, balanced: Fraction, lenient: Fraction) -> None:
    assert KIND.credit(list(given_), ASKED, Partial.BALANCED) == balanced
    assert KIND.credit(list(given_), ASKED, Partial.LENIENT) == lenient
    assert KIND.credit(list(given_), ASKED, Partial.NONE) == int(given_ == "xyxz")


@given(st.lists(st.sampled_from("xyz"), min_size=4, max_size=4))
def test_only_all_pairs_earn_everything(choice: list[str]) -> None:
    for partial in Partial:
        assert (KIND.credit(choice, ASKED, partial) == 1) == (choice == ASKED.solution)


@pytest.mark.parametrize(
    "value", [[], list("xyx"), list("xyxzz"), list("xyxa"), "xyxz", None, {}, [["x"], "y", "x", "z"]]
)
def test_what_has_no_partner_for_each_is_refused(value: Any) -> None:
    with pytest.raises(BadChoice):
        KIND.read(value, ASKED)
    with pytest.raises(BadSolution):
        KIND.regrade(value, ASKED)


def test_counted_is_who_found_each_partner() -> None:
    counts = KIND.counts([list("xyxz"), list("xxxx")], ASKED)
    assert counts == {"a": 2, "b": 1, "c": 2, "d": 1}
    assert [line.text for line in KIND.lines(counts, ASKED)] == ["A → X", "B → Y", "C → X", "D → Z"]


def test_a_host_says_which_pairs_are_right_instead() -> None:
    assert KIND.regrade(list("zzzz"), ASKED) == list("zzzz")


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ({"a": "1", "b": "2"}, "too-few-choices"),
        ({"a": "1", "b": "2", "c": " "}, "partner-missing"),
        ({"a": "1", "b": "2", "c": "x" * (MAX_PARTNER_CHARS + 1)}, "partner-too-long"),
        ({"a": "1", "b": "1", "c": "1"}, "partners-all-the-same"),
        ({"a": "1", "a ": "2", "c": "3"}, "choice-repeated"),
    ],
)
def test_three_to_six_pairs_make_a_matching(pairs: dict[str, str], code: str) -> None:
    assert [problem.code for problem in KIND.problems(draft(pairs))] == [code]
