"""Moodle's GIFT."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring.formats import read
from quiz.kinds.language import ENGLISH, Language

ITALIAN = Language(",", true="Vero", false="Falso")


def one(text, language=ENGLISH):
    result = read(text.encode(), language)
    assert result.format == "GIFT"
    (question,) = result.questions
    return question, [(note.line, note.code) for note in result.notes]


def options(question):
    return [(choice.text, choice.right) for choice in question.choices]


def test_choice_question():
    question, notes = one("Who found the moons of Jupiter? {=Galileo ~Kepler ~Newton}")
    assert question.text == "Who found the moons of Jupiter?"
    assert options(question) == [("Galileo", True), ("Kepler", False), ("Newton", False)]
    assert notes == []


def test_layout_over_several_lines_with_comment_and_title():
    question, notes = one(
        "// a comment\n::Moons::\nWho found them?\n{\n  ~Kepler\n// another\n  =Galileo\n}\n// the end\n"
    )
    assert question.text == "Who found them?"
    assert options(question) == [("Kepler", False), ("Galileo", True)]
    assert notes == []


@pytest.mark.parametrize("word", ["T", "TRUE", "true", " T "])
def test_true(word):
    question, _ = one(f"The Sun is a star. {{{word}}}")
    assert options(question) == [("True", True), ("False", False)]


@pytest.mark.parametrize("word", ["F", "FALSE"])
def test_false_in_italian(word):
    question, _ = one(f"Il Sole è un pianeta. {{{word}}}", ITALIAN)
    assert options(question) == [("Vero", False), ("Falso", True)]


def test_true_or_false_with_feedback_and_explanation():
    question, notes = one("::T::The Sun is a star. {T#No, it is#Yes####It shines by itself.}")
    assert options(question) == [("True", True), ("False", False)]
    assert question.explanation == "It shines by itself."
    assert notes == [(1, "option-feedback")]


def test_several_right_options_by_weight():
    question, notes = one("Which are moons? {~%50%Io ~%50%Titan ~%-50%Vega ~%-50%Mars}")
    assert options(question) == [("Io", True), ("Titan", True), ("Vega", False), ("Mars", False)]
    assert notes == []


def test_option_that_was_partly_right_counts_as_wrong():
    question, notes = one("Who? {=Galileo ~%33.333%Marius ~Newton}")
    assert options(question) == [("Galileo", True), ("Marius", False), ("Newton", False)]
    assert notes == [(1, "partly-right-option")]


def test_general_feedback_becomes_the_explanation():
    question, notes = one("Who? {=Galileo ~Newton####In 1610.\nIn Padua.}")
    assert question.explanation == "In 1610.\nIn Padua."
    assert notes == []


def test_missing_word_leaves_a_gap():
    question, _ = one("The capital {=of Italy ~of France} is Rome.")
    assert question.text == "The capital _____ is Rome."


def test_escapes_lose_their_backslash():
    question, _ = one(r"\{x\}\: 2 \= 1 + 1 \~ \# C\:\\ two\nlines \frac{=\=1 ~\~2 ~\#3}")
    assert question.text == "{x}: 2 = 1 + 1 ~ # C:\\ two\nlines \\frac"
    assert options(question) == [("=1", True), ("~2", False), ("#3", False)]


def test_html_becomes_text_and_what_is_lost_is_noted():
    question, notes = one(
        '::T::[html]<p>Is <b>this</b>&nbsp;x &lt; 2?</p><p>Look\\: <img src\\="@@PLUGINFILE@@/a.png"></p>'
        "{=[html]<p>Yes</p> ~[plain]<No>}"
    )
    assert question.text == "Is this x < 2?\nLook:"
    assert options(question) == [("Yes", True), ("<No>", False)]
    assert notes == [(1, "markup-removed")]


def test_text_of_no_declared_kind_keeps_its_angle_brackets():
    question, notes = one("Which is <b>? {=1 ~2}")
    assert question.text == "Which is <b>?"
    assert notes == []


@pytest.mark.parametrize(
    ("answers", "accepted"),
    [("=Io =Europa", ["Io", "Europa"]), ("Io", ["Io"]), ("=%100%Io =%50%Jo#nearly", ["Io"]), (r"=4\=4", ["4=4"])],
)
def test_short_answers_are_typed(answers: str, accepted: list[str]) -> None:
    _, question = read(f"One {{T}}\n\nName a moon. {{{answers}####By Galileo.}}".encode()).questions
    assert (question.kind, question.choices, question.explanation) == ("typed", (), "By Galileo.")
    assert question.data == {"accepted": accepted, "case": False, "near": False}


@pytest.mark.parametrize(
    ("answers", "value", "tolerance"),
    [
        ("#1822:5", 1822, 5),
        ("#1822", 1822, 0),
        ("# 1..5", 3, 2),
        ("#-0.5..0.25", -0.125, 0.375),
        ("#3.14159:0.0005", 3.14159, 0.0005),
        ("#=1822:5", 1822, 5),
    ],
)
def test_numbers_have_a_tolerance(answers: str, value: float, tolerance: float) -> None:
    question, notes = one(f"When? {{{answers}####By Niépce.}}", ITALIAN)
    assert (question.kind, question.explanation, notes) == ("number", "By Niépce.", [])
    assert question.data == {
        "value": value, "tolerance": tolerance, "percent": False, "range": None, "unit": "", "decimal": ","
    }  # fmt: skip


def test_of_several_numbers_the_first_right_one_is_taken() -> None:
    question, notes = one("When? {#\n=%50%1822:10#near\n=1822:1\n=1826:1}")
    assert (question.data["value"], question.data["tolerance"]) == (1822, 1)
    assert [code for _, code in notes] == ["further-number", "partly-right-option", "option-feedback"]


def test_matching_pairs_items_with_partners() -> None:
    question, notes = one("Whose? {=Io -> Jupiter =Titan->Saturn\n=Europa -> Jupiter = -> Mars####By size.}")
    assert (question.kind, question.explanation) == ("match", "By size.")
    assert options(question) == [("Io", False), ("Titan", False), ("Europa", False)]
    assert question.data == {"partners": ["Jupiter", "Saturn", "Jupiter"]}
    assert notes == [(1, "partner-of-nothing")]


@pytest.mark.parametrize(("answers", "explanation"), [("{}", ""), ("{ }", ""), ("{####At length.}", "At length.")])
def test_an_essay_is_an_open_text(answers: str, explanation: str) -> None:
    _, question = read(f"One {{T}}\n\nDiscuss. {answers}".encode()).questions
    assert (question.kind, question.text, question.choices) == ("open", "Discuss.", ())
    assert (question.explanation, question.data) == (explanation, {"form": "text", "entries": 1})


def test_a_statement_is_true_or_false() -> None:
    (question,) = read("Io è una luna. {T}".encode(), ITALIAN).questions
    assert (question.kind, options(question)) == ("truefalse", [("Vero", True), ("Falso", False)])


LEFT_OUT = [
    ("Name one. {=" + "x" * 81 + "}", "spelling-too-long"),
    ("Name one. {" + "=x " * 51 + "}", "too-many-spellings"),
    ("Pair them. {=Io -> Jupiter =Titan =Luna -> Earth}", "matching"),
    ("Pair them. {=Io -> Jupiter =Titan -> Saturn}", "too-few-choices"),
    ("Pair them. {" + "=Io -> Jupiter " * 7 + "}", "too-many-choices"),
    ("Pair them. {=Io -> Jupiter =Titan -> =Luna -> Earth}", "partner-missing"),
    ("When? {#soon}", "numerical"),
    ("When? {#}", "numerical"),
    ("When? {#1610:-1}", "tolerance-negative"),
    ("When? {#7..1}", "tolerance-negative"),
    ("Just a text.", "no-answers"),
    ("Who? {=Galileo ~Newton", "brace-not-closed"),
    ("Who? {~Galileo ~Newton}", "none-right"),
    ("{=Galileo ~Newton}", "question-empty"),
    ("Who? {=Galileo ~}", "choice-empty"),
    ("Who? {=1 ~2 ~3 ~4 ~5 ~6 ~7}", "too-many-choices"),
    ("$CATEGORY: science/sky", "category"),
]


@pytest.mark.parametrize(("item", "code"), LEFT_OUT)
def test_what_cannot_be_played_is_left_out_with_its_line(item, code):
    result = read(f"// one\n\nBefore {{T}}\n\n{item}\n\nAfter {{F}}\n".encode())
    assert [question.text for question in result.questions] == ["Before", "After"]
    assert [(note.line, note.severity, note.code) for note in result.notes] == [(5, "left-out", code)]


def test_category_needs_no_empty_line_around_it():
    result = read(b"$CATEGORY: a\nOne {T}\n$CATEGORY: b\nTwo {F}\n")
    assert [question.text for question in result.questions] == ["One", "Two"]
    assert [note.line for note in result.notes] == [1, 3]


def escaped(text):
    return "".join(f"\\{char}" if char in "\\~=#{}:" else char for char in text)


words = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=20).filter(
    lambda text: not text.startswith(("//", "["))
)


@given(words, st.lists(words, min_size=2, max_size=6, unique=True), words)
def test_whatever_is_escaped_comes_back(text, texts, explanation):
    right, *wrong = map(escaped, texts)
    item = f"{escaped(text)} {{={right} {''.join(f'~{other} ' for other in wrong)}####{escaped(explanation)}}}"
    question, _ = one(item)
    assert (question.text, question.explanation) == (text, explanation)
    assert options(question) == [(texts[0], True), *((other, False) for other in texts[1:])]
