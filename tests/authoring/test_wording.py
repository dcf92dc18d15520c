"""Every code that the pure rooms speak in has its sentence."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from quiz import kinds
from quiz.authoring import formats, rules, wording
from quiz.authoring.formats import FormatError, Note, Severity, read
from quiz.authoring.rules import Problem
from tests.samplekind.forms import StarsForm

SOURCES = [path for room in (formats, kinds) for path in Path(room.__file__).parent.glob("*.py")]
SOURCES.append(Path(rules.__file__))


def written(pattern):
    """Codes as they are written in the sources."""
    return {code for source in SOURCES for code in re.findall(pattern, source.read_text(), re.DOTALL)}


def test_each_note_has_a_sentence():
    codes = written(r'(?:left_out|changed|kept)\(\s*[\w.]+(?:\([^)]*\))?,\s*"([a-z0-9-]+)"') | written(
        r'return "([a-z-]+)"$'
    )
    assert len(codes) > 15
    assert codes - wording.NOTES.keys() == set()


def test_each_problem_of_a_question_can_also_be_a_note():
    codes = written(r'Problem\("([a-z-]+)"')
    assert len(codes) > 5
    assert codes - wording.PROBLEMS.keys() == set()
    numbers = {"time-limit-out-of-range", "points-out-of-range"}  # formats bring these into range themselves
    assert wording.PROBLEMS.keys() - wording.NOTES.keys() == numbers | StarsForm.sentences.keys()


def test_each_file_error_has_a_sentence():
    codes = written(r'FormatError\(\s*"([a-z-]+)"')
    assert codes == wording.FILE_ERRORS.keys()


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("table", [wording.PROBLEMS, wording.NOTES, wording.FILE_ERRORS])
def test_each_sentence_has_only_placeholders_that_can_be_filled(table, language):
    names = ["text", "count", "maximum", "minimum", "first", "choice", "names", "kind", "limit", "value", "line"]
    with translation.override(language):
        for sentence in table.values():
            assert str(sentence) % dict.fromkeys(names, 7)


def test_note_says_line_deed_and_reason():
    note = Note(12, Severity.LEFT_OUT, "unsupported-kind", {"kind": "Poll"})
    assert wording.of_note(note) == (12, "Left out", "A question of a kind that offers no options: “Poll”.")


def test_problem_names_options_by_the_letter_of_their_row():
    problem = Problem("choice-repeated", "choices", 2, {"first": 1})
    assert wording.of_problem(problem) == "This option says the same as option A."
    assert wording.of_problem(problem, [3, 5]) == "This option says the same as option C."


def test_file_error_names_the_line():
    assert "From line 3 on" in wording.of_file_error(FormatError("broken-quotes", 3))


def test_every_note_of_a_messy_file_can_be_said():
    table = "\n".join(
        [
            "above,it",
            "Question,Type,A,B,C,Correct,Time,Points,What",
            "Which?,Poll,x,y,,1,,,",
            "Which?,,x,y,,9,,,",
            "Which?,,x,y,,1,soon,99999,",
            "Which?,,x,x,,1,,,",
            "Which?,,1,2,1,1,,,",
            "Which?,,3,1,2,1,,,",
            f"{'x' * 501},,x,y,,1,,,",
            "Which?,,x,y,,1,,,,,,more",
        ]
    )
    notes = read(table.encode() + b"\nIt\x92s?,,x,y,,1,,,\n").notes
    assert len(notes) >= 10
    for note in notes:
        assert "%" not in wording.of_note(note).wrong
