"""Numbers that are guessed: what is right, what is near, and how guesses are counted."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.kinds import Asked, BadChoice, BadSolution, Partial, QuestionDraft
from quiz.kinds.number import MAX_LINES, MAX_UNIT_CHARS, Number
from tests.kinds import laws

KIND = Number()
PARTS = [Partial.BALANCED, Partial.LENIENT]
whole = st.integers(-(10**6), 10**6)


def draft(value: Any = 1822, tolerance: Any = 5, **more: Any) -> QuestionDraft:
    return QuestionDraft("When?", (), kind="number", data={"value": value, "tolerance": tolerance, **more})


def asked(value: Any = 1822, tolerance: Any = 5, **more: Any) -> Asked:
    return KIND.freeze(draft(value, tolerance, **more))


def is_right(answer: Any, question: Asked) -> bool:
    return KIND.is_right(KIND.read(answer, question), question)


@pytest.mark.parametrize("range", [None, 10])
def test_numbers_keep_the_laws(range: Any) -> None:
    laws.check(KIND, draft(range=range), [1822, "1,830", 0, 1827.5, "-3.5", 1822.0, 1e-7])


@pytest.mark.parametrize(("answer", "right"), [(1817, True), (1827, True), (1816.9, False), ("1,827.1", False)])
def test_right_is_what_lies_within_the_tolerance(answer: Any, right: bool) -> None:
    assert is_right(answer, asked()) == right


@pytest.mark.parametrize(("answer", "right"), [(-220, True), (-180, True), (-179, False), (200, False)])
def test_a_tolerance_may_be_a_percentage_of_the_value(answer: int, right: bool) -> None:
    assert is_right(answer, asked(-200, 10, percent=True)) == right


def test_decimals_are_exact() -> None:
    assert is_right(0.3, asked(0.1, 0.2))
    assert not is_right(0.301, asked(0.1, 0.2))


@pytest.mark.parametrize(
    ("answer", "part"),
    [(1827, Fraction(1)), (1832, Fraction(3, 4)), (1812, Fraction(3, 4)), (1837, Fraction(0)), (9999, Fraction(0))],
)
def test_nearness_falls_with_the_square_of_the_distance_where_parts_count(answer: int, part: Fraction) -> None:
    for partial in PARTS:
        assert KIND.credit(answer, asked(range=10), partial) == part
    assert KIND.credit(answer, asked(range=10), Partial.NONE) == int(part == 1)


@given(whole, whole, st.integers(0, 1000), st.integers(1, 1000))
def test_who_is_nearer_never_gets_less(one: int, other: int, tolerance: int, range: int) -> None:
    question = asked(0, tolerance, range=range)
    near, far = sorted((one, other), key=abs)
    for partial in Partial:
        assert KIND.credit(near, question, partial) >= KIND.credit(far, question, partial)
        assert KIND.credit(near, question, partial) == KIND.credit(-near, question, partial)


@pytest.mark.parametrize("value", ["", "many", "5 km", "1e5", None, True, [5], {}, float("nan"), float("inf"), 10**15])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(BadChoice):
        KIND.read(value, asked())


def test_a_text_is_read_in_the_language_of_the_quiz() -> None:
    assert KIND.read("1.822", asked(decimal=",")) == 1822
    assert KIND.read("1.822", asked(decimal=".")) == 1.822


def test_few_guesses_are_told_each_and_many_in_bins() -> None:
    assert KIND.counts([1830, 1822, 1822, 1.5], asked()) == {"1.5": 1, "1822": 2, "1830": 1}
    many = KIND.counts([*range(1800, 1900), 5, 10**9], asked())
    assert next(iter(many)) == "..1800"
    assert many["..1800"] == 1
    assert many["1820..1830"] == 10
    assert len(many) <= MAX_LINES


@given(st.lists(st.one_of(whole, st.floats(-1000, 1000, width=16)), min_size=1, max_size=200))
def test_every_guess_is_counted_once_in_few_lines(guesses: list[Any]) -> None:
    question = asked()
    choices = [KIND.read(guess, question) for guess in guesses if guess == 0 or abs(guess) > 1e-9]
    counts = KIND.counts(choices, question)
    assert sum(counts.values()) == len(choices)
    assert len(counts) <= MAX_LINES
    assert sum(line.count for line in KIND.lines(counts, question)) == len(choices)


@given(whole, st.lists(whole, min_size=1, max_size=60))
def test_counts_do_not_know_what_is_right(value: int, guesses: list[int]) -> None:
    assert KIND.counts(guesses, asked(value)) == KIND.counts(guesses, asked(0))


def test_lines_say_which_guesses_are_right() -> None:
    lines = KIND.lines({"..1800": 1, "1820..1825": 2, "1825": 3, "1900..": 4}, asked())
    assert [(line.text, line.right) for line in lines] == [
        ("< 1800", False),
        ("1820–1825", True),
        ("1825", True),
        ("≥ 1900", False),
    ]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (asked(unit="AD"), "1822 ± 5 AD"),
        (asked(12345.5, 0, decimal=","), "12.345,5"),
        (asked(200, 10, percent=True, unit="km"), "200 km ± 10 %"),
    ],
)
def test_what_is_right_is_said_with_tolerance_and_unit(question: Asked, words: str) -> None:
    assert KIND.solved(question) == [words]


@pytest.mark.parametrize("value", [["1820", "2"], {"value": 1820, "tolerance": 2}])
def test_a_host_sets_value_and_tolerance_anew(value: Any) -> None:
    assert KIND.regrade(value, asked()) == {"value": 1820, "tolerance": 2, "percent": False}


@pytest.mark.parametrize("value", [[], ["1820"], ["x", "1"], ["1820", "-1"], {"tolerance": 1}, 1820, None, [[], []]])
def test_a_correction_without_a_number_is_refused(value: Any) -> None:
    with pytest.raises(BadSolution):
        KIND.regrade(value, asked())


@pytest.mark.parametrize(
    ("wrong", "code", "part"),
    [
        ({"value": "many"}, "not-a-number", "value"),
        ({"tolerance": "few"}, "not-a-number", "tolerance"),
        ({"tolerance": -1}, "tolerance-negative", "tolerance"),
        ({"range": 0}, "range-not-positive", "range"),
        ({"range": "far"}, "range-not-positive", "range"),
        ({"unit": "x" * (MAX_UNIT_CHARS + 1)}, "unit-too-long", "unit"),
    ],
)
def test_problems_name_the_field(wrong: dict[str, Any], code: str, part: str) -> None:
    assert [(problem.code, problem.part) for problem in KIND.problems(draft(**wrong))] == [(code, part)]
