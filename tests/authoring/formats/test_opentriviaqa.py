"""OpenTriviaQA's text form, with the faults that its published files have (the samples are our own)."""

from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring.formats import read
from quiz.authoring.rules import ChoiceDraft, QuestionDraft

MIXED_ENDS = (
    b"\n#Q Which of these is a moon?\n^ Io\nA Mars\nB Io\nC Sirius\nD Vega\n\n"
    b"#Q What is missing in this row?\r\n\r\n1, 4, 9, ?, 25\n^ 16\nA 12\nB 16\n\n"
)


def texts(draft):
    return [(choice.text, choice.right) for choice in draft.choices]


def test_question_has_its_text_and_options():
    result = read(MIXED_ENDS)
    assert result.format == "OpenTriviaQA"
    assert result.notes == []
    assert result.questions[0] == QuestionDraft(
        "Which of these is a moon?",
        (ChoiceDraft("Mars", False), ChoiceDraft("Io", True), ChoiceDraft("Sirius", False), ChoiceDraft("Vega", False)),
    )


def test_question_of_several_lines_with_mixed_ends_is_whole():
    assert read(MIXED_ENDS).questions[1].text == "What is missing in this row?\n\n1, 4, 9, ?, 25"


def test_line_of_a_question_may_look_like_an_option():
    sample = b"#Q Complete the verse:\nA star I see, \nB is for\nI am  ____.\n^ far\nA near\nB far\n"
    (question,) = read(sample).questions
    assert question.text == "Complete the verse:\nA star I see, \nB is for\nI am  ____."
    assert texts(question) == [("near", False), ("far", True)]


def test_option_goes_on_until_the_next_letter():
    sample = b"#Q Which verse?\n^ I go\nand come\nA I stay\nD and rest\nB I go\nand come\n"
    (question,) = read(sample).questions
    assert texts(question) == [("I stay\nD and rest", False), ("I go\nand come", True)]


def test_stray_byte_is_repaired_on_its_line():
    result = read("#Q The word “physis” (φ".encode() + b"\xcf?" + "σις) is Greek.\n^ True\nA True\nB False\n".encode())
    assert result.questions[0].text == "The word “physis” (φÏ?σις) is Greek."
    assert [(note.line, note.severity, note.code) for note in result.notes] == [(1, "changed", "windows-1252-bytes")]


def test_duplicate_questions_are_kept():
    assert len(read(MIXED_ENDS + MIXED_ENDS).questions) == 4


def test_repeated_wrong_option_is_kept_and_noted():
    result = read(b"\n#Q Which?\n^ this\nA that\nB this\nC that\n")
    assert texts(result.questions[0]) == [("that", False), ("this", True), ("that", False)]
    assert [(note.line, note.severity, note.code) for note in result.notes] == [(2, "kept", "choice-repeated")]


def test_each_broken_block_is_named_by_its_line():
    sample = b"""preface

#Q No right line?
A one
B two

#Q Right is missing
^ three
A one
B two

#Q Too few
^ one
A one

#Q Good
^ one
A one
B two

footer
"""
    result = read(sample)
    assert [question.text for question in result.questions] == ["Good"]
    assert [(note.line, note.severity, note.code) for note in result.notes] == [
        (1, "left-out", "stray-text"),
        (3, "left-out", "no-right-answer-line"),
        (7, "left-out", "right-answer-not-among-options"),
        (12, "left-out", "too-few-choices"),
        (21, "left-out", "stray-text"),
    ]


def test_twenty_eight_options_are_left_out_as_too_many():
    rows = "".join(f"{chr(65 + number)} {number}\n" for number in range(26))
    result = read(f"#Q Which?\n^ 1\n{rows}AA 27\n".encode())
    assert [note.code for note in result.notes] == ["too-many-choices"]


words = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po"], exclude_characters="#^"), min_size=1, max_size=20)


@given(
    st.lists(
        st.tuples(st.lists(words, min_size=1, max_size=3), st.lists(words, min_size=2, max_size=6, unique=True)),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_is_written_in_the_format_comes_back(written):
    blocks = []
    for lines, options in written:
        rows = [f"{letter} {option}" for letter, option in zip("ABCDEF", options, strict=False)]
        blocks.append("\n".join(["#Q " + "\n".join(lines), f"^ {options[-1]}", *rows]))
    result = read("\n\n".join(blocks).encode())
    assert [question.text for question in result.questions] == ["\n".join(lines) for lines, _ in written]
    assert [[choice.text for choice in question.choices] for question in result.questions] == [o for _, o in written]
