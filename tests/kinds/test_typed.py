"""Typed answers: which spellings are the same, which are near, and what is counted together."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.kinds import BadChoice, BadSolution, QuestionDraft
from quiz.kinds.typed import MAX_ANSWER_CHARS, MAX_COUNTED, MAX_LINES, MAX_SPELLINGS, Typed, is_one_slip
from tests.kinds import laws

KIND = Typed()


def draft(*accepted: str, case: bool = False, near: bool = False) -> QuestionDraft:
    return QuestionDraft("Who?", (), kind="typed", data={"accepted": list(accepted), "case": case, "near": near})


def is_right(answer: str, *accepted: str, case: bool = False, near: bool = False) -> bool:
    asked = KIND.freeze(draft(*accepted, case=case, near=near))
    return KIND.is_right(KIND.read(answer, asked), asked)


def test_typed_answers_keep_the_laws() -> None:
    laws.check(KIND, draft("Johannes Kepler", "Kepler", near=True), ["kepler", " Kepler ", "Galileo", "keplre"])


@pytest.mark.parametrize("answer", ["KEPLER", "  kepler ", "Ｋｅｐｌｅｒ", "kepler\t", "Kepler"])
def test_case_width_and_spaces_make_no_difference(answer: str) -> None:
    assert is_right(answer, "Kepler")


@pytest.mark.parametrize(
    ("answer", "accepted"), [("l’acqua", "l'acqua"), ("Straße", "STRASSE"), ("e\u0301toile", "étoile")]
)
def test_what_phones_write_by_themselves_is_the_same(answer: str, accepted: str) -> None:
    assert is_right(answer, accepted)


def test_case_counts_where_the_author_says_so() -> None:
    assert not is_right("CO", "Co", case=True)
    assert is_right("Co", "Co", case=True)


@pytest.mark.parametrize("answer", ["Keper", "Kepller", "Kebler", "Keplre", "eKpler"])
def test_one_slip_is_forgiven_where_the_author_says_so(answer: str) -> None:
    assert is_right(answer, "Kepler", near=True)
    assert not is_right(answer, "Kepler")


@pytest.mark.parametrize(
    ("answer", "accepted"), [("Keppelr", "Kepler"), ("Kplr", "Kepler"), ("Ic", "Io"), ("Ios", "Io"), ("1945", "1954")]
)
def test_two_slips_short_words_and_digits_are_not_forgiven(answer: str, accepted: str) -> None:
    assert not is_right(answer, accepted, near=True)


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_a_slip_is_the_same_seen_from_both_sides(one: str, other: str) -> None:
    assert is_one_slip(one, other) == is_one_slip(other, one) == (table_distance(one, other) <= 1)


def table_distance(a: str, b: str) -> int:
    """The optimal string alignment distance by its textbook table."""
    rows = [[max(i, j) if not i or not j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            change = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@pytest.mark.parametrize(
    "value", ["", " ", "\u200b", "x" * (MAX_ANSWER_CHARS + 1), "a\x07b", "\ud800", None, 7, ["Kepler"]]
)
def test_what_is_no_text_of_one_line_is_refused(value: Any) -> None:
    with pytest.raises(BadChoice):
        KIND.read(value, KIND.freeze(draft("Kepler")))


def test_right_answers_are_counted_under_their_spelling_and_the_frequent_others_apart() -> None:
    asked = KIND.freeze(draft("Kepler", "Johannes Kepler", near=True))
    others = [f"other {n}" for n in range(MAX_COUNTED + 5)]
    counts = KIND.counts(["kepler", "Keplr", "Galileo", "galileo", "Galileo", *others], asked)
    assert list(counts.items())[:3] == [("Kepler", 2), ("Johannes Kepler", 0), ("Galileo", 3)]
    assert len(counts) == 2 + MAX_COUNTED
    told = KIND.told(counts, asked, lambda text: False)
    assert told.counts == dict(list(counts.items())[: 2 + MAX_LINES])


def test_what_is_unwanted_is_not_told_and_others_take_its_place_but_the_authors_own_stays() -> None:
    asked = KIND.freeze(draft("bad"))
    others = [f"other {n}" for n in range(MAX_LINES + 5)]
    counts = KIND.counts(["bad", "too bad", "too bad", *others], asked)
    told = KIND.told(counts, asked, lambda text: "bad" in text)
    assert told.counts == {"bad": 1, **dict.fromkeys(others[:MAX_LINES], 1)}
    assert "too bad" in [line.text for line in KIND.lines(counts, asked)]


def test_the_same_spelling_twice_is_one() -> None:
    assert KIND.freeze(draft("Kepler", "KEPLER", "kepler ")).solution == ["Kepler"]


def test_a_host_accepts_another_spelling_too() -> None:
    asked = KIND.freeze(draft("Kepler"))
    assert KIND.regrade(["Kepler", "Keppler"], asked) == ["Kepler", "Keppler"]


def test_a_field_that_was_left_empty_is_no_spelling() -> None:
    assert KIND.regrade(["Kepler", ""], KIND.freeze(draft("Kepler"))) == ["Kepler"]


def test_a_correction_has_as_many_spellings_as_an_answer_may() -> None:
    spellings = [f"Kepler {n}" for n in range(MAX_SPELLINGS)]
    assert KIND.regrade([*spellings, ""], KIND.freeze(draft("Kepler"))) == spellings


@pytest.mark.parametrize(
    ("right", "code"),
    [
        ([], "bad-right"),
        ("Kepler", "bad-right"),
        ([""], "bad-right"),
        (None, "bad-right"),
        ([7], "bad-spelling"),
        (["Kepler", " "], "bad-spelling"),
        (["Kepler", "x" * (MAX_ANSWER_CHARS + 1)], "bad-spelling"),
        (["Kepler", "a\x07b"], "bad-spelling"),
        (["x"] * (MAX_SPELLINGS + 1), "too-many-spellings"),
    ],
)
def test_a_correction_that_cannot_be_one_is_refused_with_its_reason(right: Any, code: str) -> None:
    with pytest.raises(BadSolution) as refused:
        KIND.regrade(right, KIND.freeze(draft("Kepler")))
    assert refused.value.code == code
