"""Reading a file whatever its format: limits, judgement, notes in order."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quiz.authoring.formats import MAX_FILE_BYTES, MAX_NOTES, FormatError, read
from quiz.authoring.rules import MAX_QUESTIONS, problems

HEADER = "Question,A,B,Correct\n"


def gift(*items):
    return "\n\n".join(items).encode()


def test_file_of_the_largest_size_is_read():
    question = b"Is it? {T}\n\n// "
    assert len(read(question + b"x" * (MAX_FILE_BYTES - len(question))).questions) == 1


def test_larger_file_is_refused():
    with pytest.raises(FormatError) as caught:
        read(b"x" * (MAX_FILE_BYTES + 1))
    assert caught.value.code == "file-too-large"


def test_no_more_questions_than_a_quiz_takes():
    result = read(gift(*(f"{number} {{T}}" for number in range(MAX_QUESTIONS + 2))))
    assert len(result.questions) == MAX_QUESTIONS
    (note,) = result.notes
    assert (note.line, note.code, note.values) == (2 * MAX_QUESTIONS + 1, "limit-reached", {"limit": MAX_QUESTIONS})


def test_limit_takes_the_first_and_says_nothing_of_what_comes_after():
    content = gift("one {T}", "two {F}", "three {T}", "four {}") + b"\n\n\xe8"
    result = read(content, limit=2)
    assert [question.text for question in result.questions] == ["one", "two"]
    assert [(note.line, note.code) for note in result.notes] == [(5, "limit-reached")]


def test_limit_that_is_just_reached_needs_no_note():
    assert read(gift("one {T}", "two {F}"), limit=2).notes == []


def test_file_that_is_nearly_all_faults_is_refused():
    with pytest.raises(FormatError) as caught:
        read(gift("// GIFT\n::t::one {T}", *["no answers"] * (MAX_NOTES + 1)))
    assert caught.value.code == "too-many-notes"


def test_notes_come_in_the_order_of_lines():
    result = read(b"one {T}\n\ntwo\n\nth\x07ree {F}\n\nf\x93our {T}\n\nfive {=a ~}")
    assert [note.line for note in result.notes] == [3, 5, 7, 9]


def test_harmless_repetition_is_kept_and_a_contradiction_is_not():
    result = read(gift("one {=a ~b ~b}", "two {=a ~a ~b}"))
    assert [question.text for question in result.questions] == ["one"]
    assert [(note.severity, note.code) for note in result.notes] == [
        ("kept", "choice-repeated"),
        ("left-out", "choice-right-and-wrong"),
    ]


# Pieces of which files are made, so that random ones come near to real ones.
marks = st.sampled_from('{}=~#%:\\T",;\t1x\n\x00')
words = st.sampled_from(
    ["#Q ", "^ ", "\nA ", "\nB ", "\n\n", "####", "::", "->", "%50%", "$CATEGORY: ", "// ", "[html]<p>", "&#0;", HEADER]
)


@given(st.lists(st.one_of(marks, words, st.text(max_size=3)), max_size=60).map("".join))
@example(HEADER + "x" * 140_000 + ",1,2,1")
@example(HEADER + "x,1,2,1" + "9" * 5_000)
@example("#Q x\n^ A\n" + "".join(f"{chr(65 + n % 26)} {n}\n" for n in range(60)))
@example("[html]&#1;{=&#xD800; ~b}")
def test_any_text_gives_playable_questions_or_the_documented_error(text):
    try:
        result = read(text.encode("utf-8", "replace"))
    except FormatError:
        return
    for question in result.questions:
        assert all(problem.harmless for problem in problems(question))
    assert all(note.line >= 1 for note in result.notes)


@given(st.binary(max_size=200))
def test_any_bytes_give_an_import_or_the_documented_error(content):
    try:
        read(content)
    except FormatError as error:
        assert error.code in {"empty-file", "not-text", "spreadsheet-file", "unknown-format", "broken-quotes"}


@pytest.mark.parametrize("sign", ["(", "<", " "])
def test_the_largest_file_of_nothing_but_one_sign_is_looked_through_once(sign: str) -> None:
    """Whatever looks at each sign from each sign would keep a web process for a quarter of an hour."""
    with pytest.raises(FormatError):
        read((sign * MAX_FILE_BYTES).encode())
