"""What the headings of a table mean."""

import pytest

from quiz.authoring.formats.columns import MAX_COLUMNS, find_columns


def columns(header):
    return find_columns(header.split(";"))


def test_own_english_header():
    found = columns("Question;Answer 1;Answer 2;Answer 3;Correct answer;Time limit;Points;Explanation")
    assert (found.question, found.choices, found.right) == (0, [1, 2, 3], 4)
    assert (found.time_limit, found.points, found.explanation, found.kind) == (5, 6, 7, None)
    assert found.ignored == []


def test_italian_header_in_any_case_and_order():
    found = columns("PUNTI;risposta corretta;Risposta B;risposta a;DOMANDA;tempo limite (secondi);Spiegazione")
    assert (found.question, found.choices, found.right, found.time_limit, found.points) == (4, [3, 2], 1, 5, 0)


def test_kahoot_headings():
    found = columns(
        ";Question - max 120 characters;Answer 1 - max 75 characters;Answer 2 - max 75 characters;"
        "Answer 3 - max 75 characters;Answer 4 - max 75 characters;"
        "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs;Correct answer(s) - choose at least one"
    )
    assert (found.question, found.choices, found.right, found.time_limit) == (1, [2, 3, 4, 5], 7, 6)


def test_wayground_headings():
    found = columns(
        "Question Text;Question Type;Option 1;Option 2;Option 3;Option 4;Option 5;Correct Answer;Time in seconds;"
        "Image Link;Answer explanation"
    )
    assert (found.question, found.kind, found.choices, found.right) == (0, 1, [2, 3, 4, 5, 6], 7)
    assert (found.time_limit, found.explanation, found.ignored) == (8, 10, ["Image Link"])


def test_blooket_headings_where_question_is_also_a_number():
    found = columns(
        "Question #;Question Text;Answer 1;Answer 2;Answer 3\n(Optional);Answer 4\n(Optional);"
        "Time Limit (sec)\n(Max: 300 seconds);Correct Answer(s)\n(Only include Answer #)"
    )
    assert (found.question, found.choices, found.right, found.time_limit) == (1, [2, 3, 4, 5], 7, 6)
    assert found.ignored == ["Question #"]


@pytest.mark.parametrize("header", ["q;A;B;C;D;Answer", "text;a;b;solution", "Prompt;Option A;Option B;Key"])
def test_letters_name_options(header):
    found = columns(header.replace("q;", "Question;"))
    assert len(found.choices) >= 2


@pytest.mark.parametrize(
    "header", ["", "Question", "Question;Answer 1;Answer 2", "Answer 1;Answer 2;Correct", "Question;Answer 1;Correct"]
)
def test_row_that_lacks_something_is_no_header(header):
    assert columns(header) is None


def test_table_has_not_more_columns_than_anybody_writes():
    header = "Question;A;B;Correct" + ";" * (MAX_COLUMNS - 4)
    assert columns(header).right == 3
    assert columns(header + ";") is None
