"""Tables as comma, semicolon or tab separated text."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring.formats import FormatError, read
from quiz.authoring.rules import MAX_CHOICE_CHARS, ChoiceDraft, QuestionDraft

HEADER = "Question,Answer 1,Answer 2,Answer 3,Correct,Time,Points,Explanation\n"


def of(*rows):
    result = read((HEADER + "\n".join(rows)).encode())
    assert result.format == "CSV"
    return result


def noted(result):
    return [(note.line, note.severity, note.code) for note in result.notes]


def test_row_becomes_a_question():
    result = of("Largest?,Mars,Jupiter,,2,30,500,It is.")
    choices = (ChoiceDraft("Mars", False), ChoiceDraft("Jupiter", True))
    assert result.questions == [QuestionDraft("Largest?", choices, "It is.", 30, 500)]
    assert result.notes == []


def test_empty_cells_take_the_defaults():
    (question,) = of("Largest?,Mars,Jupiter,,2,,,").questions
    assert (question.time_limit_s, question.points, question.explanation) == (20, 1000, "")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiter_and_encoding_are_guessed(delimiter, encoding):
    rows = ["Domanda,Risposta 1,Risposta 2,Corretta", "Perché?,Così,Né,1"]
    result = read("\r\n".join(rows).replace(",", delimiter).encode(encoding))
    assert result.questions == [QuestionDraft("Perché?", (ChoiceDraft("Così", True), ChoiceDraft("Né", False)))]
    assert result.notes == []


def test_commas_inside_a_semicolon_table_are_text():
    result = read(b"Question;A;B;Correct\nOne, two, three, ...?;4, 5;6, 7;A\n")
    assert result.questions[0].text == "One, two, three, ...?"


def test_quoted_cell_of_several_lines_and_the_line_after_it():
    result = of('"One\r\n""two"" and\nthree?",a,b,,1,,,', "Broken?,a,b,,9,,,")
    assert result.questions[0].text == 'One\n"two" and\nthree?'
    assert noted(result) == [(5, "left-out", "right-answer-unclear")]


def test_blooket_head_with_a_quoted_cell_of_two_lines():
    content = (
        '"Blooket\nImport Template",,,,,,,\n'
        'Question #,Question Text,Answer 1,Answer 2,"Answer 3\n(Optional)","Answer 4\n(Optional)",'
        '"Time Limit (sec)\n(Max: 300 seconds)","Correct Answer(s)\n(Only include Answer #)"\n'
        '1,Which are moons?,Io,Mars,Titan,,20,"1,3"\n,,,,,,,\n'
    )
    result = read(content.encode())
    assert result.questions[0].choices == (
        ChoiceDraft("Io", True),
        ChoiceDraft("Mars", False),
        ChoiceDraft("Titan", True),
    )
    assert noted(result) == [(1, "left-out", "line-before-header"), (3, "left-out", "columns-ignored")]


def test_kahoot_sheet_with_its_header_in_row_eight():
    head = ",Quiz template\n" + ",\n" * 6
    header = (
        ",Question - max 120 characters,Answer 1 - max 75 characters,Answer 2 - max 75 characters,"
        "Answer 3 - max 75 characters,Answer 4 - max 75 characters,"
        '"Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",Correct answer(s) - choose at least one\n'
    )
    result = read((head + header + "1,Which?,a,b,c,d,60.0,1.3\n2,,,,,,,\n").encode())
    assert result.questions[0].time_limit_s == 60
    assert [choice.right for choice in result.questions[0].choices] == [True, False, True, False]
    assert (10, "left-out", "right-answer-unclear") in noted(result)


@pytest.mark.parametrize("kind", ["", "Multiple Choice", "Checkbox", "True/False", "Scelta multipla"])
def test_kinds_with_options_come_in(kind):
    assert len(read(f"Question,Type,A,B,Correct\nWhich?,{kind},x,y,1\n".encode()).questions) == 1


@pytest.mark.parametrize("kind", ["Fill-in-the-Blank", "Open-Ended", "Poll", "Draw"])
def test_kinds_without_right_options_are_left_out(kind):
    result = read(f"Question,Type,A,B,Correct\nWhich?,{kind},x,y,1\n".encode())
    assert noted(result) == [(2, "left-out", "unsupported-kind")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Which?,a,b,,,,,", "right-answer-unclear"),
        ("Which?,a,b,,3,,,", "right-answer-unclear"),
        (",a,b,,1,,,", "question-empty"),
        ("Which?,a,,,1,,,", "too-few-choices"),
        ("Which?,a,a,,1,,,", "choice-right-and-wrong"),
        (f"Which?,{'x' * (MAX_CHOICE_CHARS + 1)},b,,1,,,", "choice-too-long"),
        ("Which, of these?,a,b,c,1,20,500,so", "more-cells-than-columns"),
    ],
)
def test_row_that_cannot_be_played_is_left_out_with_its_line(row, code):
    result = of("Before?,a,b,,1,,,", "", row, "After?,a,b,,1,,,")
    assert [question.text for question in result.questions] == ["Before?", "After?"]
    assert noted(result) == [(4, "left-out", code)]


def test_seven_options_are_too_many():
    header = "Question," + ",".join(f"Answer {number}" for number in range(1, 8)) + ",Correct\n"
    assert noted(read((header + "Which?,a,b,c,d,e,f,g,1\nWhich?,a,b,c,d,e,f,,1\n").encode())) == [
        (2, "left-out", "too-many-choices")
    ]


@pytest.mark.parametrize(
    ("cells", "expected", "code"),
    [
        ("300,", (240, 1000), "time-limit-adjusted"),
        ("1,", (5, 1000), "time-limit-adjusted"),
        ("1:30,", (20, 1000), "time-limit-not-a-number"),
        ("soon,", (20, 1000), "time-limit-not-a-number"),
        (",9999", (20, 2000), "points-adjusted"),
        (",-5", (20, 1000), "points-not-a-number"),
    ],
)
def test_impossible_number_is_changed_and_noted(cells, expected, code):
    result = of(f"Which?,a,b,,1,{cells},")
    assert (result.questions[0].time_limit_s, result.questions[0].points) == expected
    assert noted(result) == [(2, "changed", code)]


def test_time_limit_may_have_its_unit():
    assert of("Which?,a,b,,1,45 s,,").questions[0].time_limit_s == 45


def test_number_that_is_also_a_text_is_noted():
    result = of("3 - 1 = ?,1,3,2,3,,,")
    assert [choice.right for choice in result.questions[0].choices] == [False, False, True]
    assert noted(result) == [(2, "kept", "right-answer-ambiguous")]


def test_quotation_marks_that_do_not_match_refuse_the_file():
    with pytest.raises(FormatError) as caught:
        of("Which?,a,b,,1,,,", '"Which?,a,b,,1,,,')
    assert (caught.value.code, caught.value.line) == ("broken-quotes", 3)


def test_line_that_names_the_delimiter_is_above_the_header():
    result = read(b"sep=;\nQuestion;A;B;Correct\nWhich?;x;y;A\n")
    assert len(result.questions) == 1


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z", "Cf"]), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(cells, st.lists(cells, min_size=2, max_size=6, unique=True)), min_size=1, max_size=5),
    st.sampled_from(",;\t"),
)
def test_whatever_a_spreadsheet_writes_comes_back(written, delimiter):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(["Question", *(f"Answer {number}" for number in range(1, 7)), "Correct"])
    writer.writerows([text, *(options + [""] * 6)[:6], "2"] for text, options in written)
    result = read(stream.getvalue().encode("utf-8-sig"))
    assert [question.text for question in result.questions] == [text for text, _ in written]
    assert [[choice.text for choice in question.choices] for question in result.questions] == [o for _, o in written]
    assert all([choice.right for choice in question.choices].index(True) == 1 for question in result.questions)
