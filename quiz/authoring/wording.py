"""The sentence for each code that `rules` and `formats` speak in: the one place where they meet a language."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .formats import FormatError, Note, Severity
from .picturefile import BadPicture
from .rules import LETTERS, MAX_QUESTIONS, Problem

PROBLEMS: dict[str, Promise] = {
    "question-empty": _("Write the question."),
    "question-too-long": _("A question has at most %(maximum)s characters; this one has %(count)s."),
    "explanation-too-long": _("An explanation has at most %(maximum)s characters; this one has %(count)s."),
    "choice-empty": _("This option has no text."),
    "choice-too-long": _("An option has at most %(maximum)s characters; this one has %(count)s."),
    "too-few-choices": _("A question needs at least %(minimum)s options."),
    "too-many-choices": _("A question has at most %(maximum)s options; this one has %(count)s."),
    "none-right": _("Mark at least one option as right."),
    "choice-repeated": _("This option says the same as option %(first)s."),
    "choice-right-and-wrong": _("This option says the same as option %(first)s, and only one of them is right."),
    "time-limit-out-of-range": _("The time limit is between %(minimum)s and %(maximum)s seconds."),
    "points-out-of-range": _("Points are between %(minimum)s and %(maximum)s."),
    "true-and-false": _("A statement has two options, and one of them is right."),
    "no-spelling": _("Write at least one answer that is accepted."),
    "too-many-spellings": _("At most %(maximum)s spellings are accepted; here are %(count)s."),
    "spelling-too-long": _("An answer has at most %(maximum)s characters; this one has %(count)s."),
    "no-such-form": _("Players write a text, or the words of a cloud."),
    "entries-out-of-range": _("A player has between %(minimum)s and %(maximum)s words in a cloud."),
    "not-a-number": _("Write a number in digits, without a unit, of at most 15 digits."),
    "tolerance-negative": _("The tolerance cannot be less than 0."),
    "range-not-positive": _("The range is a number above 0, or stays empty."),
    "unit-too-long": _("A unit has at most %(maximum)s characters; this one has %(count)s."),
    "partner-missing": _("This item has no partner."),
    "partner-too-long": _("A partner has at most %(maximum)s characters; this one has %(count)s."),
    "partners-all-the-same": _("All items have the same partner."),
    "kind-unknown": _("Questions of this kind cannot be asked here: the operator switched the kind off."),
    "alt-missing": _("Write what the picture shows, or a text: some players do not see pictures."),
    "control-character": _("There is a character in it that cannot be shown. Type the text again."),
}

NOTES: dict[str, Promise] = {
    # Of every format.
    "windows-1252-bytes": _("Bytes that are no UTF-8 were read as Windows-1252: “%(text)s”. Check the text."),
    "windows-1252-file": _(
        "The file is in Windows-1252 and not in UTF-8; %(count)s lines, of which this is the first, were read so."
    ),
    "control-characters-removed": _("Control characters were removed."),
    "limit-reached": _("%(limit)s questions were taken; this one and all after it were not."),
    "question-empty": _("A question without text."),
    "question-too-long": _("The question has %(count)s characters; %(maximum)s are possible."),
    "explanation-too-long": _("The explanation has %(count)s characters; %(maximum)s are possible."),
    "choice-empty": _("Option %(choice)s has no text."),
    "choice-too-long": _("Option %(choice)s has %(count)s characters; %(maximum)s are possible."),
    "too-few-choices": _("A question with fewer than %(minimum)s options."),
    "too-many-choices": _("A question with %(count)s options; %(maximum)s are possible."),
    "none-right": _("A question without a right option."),
    "choice-repeated": _("Option %(choice)s says the same as option %(first)s."),
    "choice-right-and-wrong": _("Options %(first)s and %(choice)s say the same, but only one of them is right."),
    "true-and-false": _("A statement that has other options than true and false."),
    "no-spelling": _("A question that accepts no answer."),
    "too-many-spellings": _("A question that accepts %(count)s answers; %(maximum)s are possible."),
    "spelling-too-long": _("An accepted answer has %(count)s characters; %(maximum)s are possible."),
    "no-such-form": _("An open question that is neither a text nor a cloud."),
    "entries-out-of-range": _("A cloud with %(minimum)s to %(maximum)s words is possible for each player."),
    "not-a-number": _("A number that cannot be read."),
    "tolerance-negative": _("A tolerance below 0."),
    "range-not-positive": _("A range of near answers that is not above 0."),
    "unit-too-long": _("The unit has %(count)s characters; %(maximum)s are possible."),
    "partner-missing": _("Item %(choice)s has no partner."),
    "partner-too-long": _("The partner of item %(choice)s has %(count)s characters; %(maximum)s are possible."),
    "partners-all-the-same": _("A matching question in which all items have the same partner."),
    "kind-unknown": _("A question of a kind that is not known here."),
    "alt-missing": _("Option %(choice)s is a picture without words."),
    "control-character": _("A character in it cannot be shown."),
    # Tables.
    "line-before-header": _("Text above the header: “%(text)s”."),
    "columns-ignored": _("Columns that mean nothing here: %(names)s."),
    "more-cells-than-columns": _("The row has more cells than the header; put texts with a comma in quotation marks."),
    "unsupported-kind": _("A question of a kind that offers no options: “%(kind)s”."),
    "right-answer-unclear": _("“%(text)s” names none of the options as the right one."),
    "right-answer-ambiguous": _("“%(text)s” is both the place and the text of an option; it was taken as the place."),
    "time-limit-not-a-number": _("The time limit “%(text)s” is no number of seconds; it became %(value)s."),
    "time-limit-adjusted": _("The time limit “%(text)s” is not possible; it became %(value)s."),
    "points-not-a-number": _("The points “%(text)s” are no number; they became %(value)s."),
    "points-adjusted": _("The points “%(text)s” are not possible; they became %(value)s."),
    # GIFT.
    "category": _("The category “%(text)s”; quizzes have none."),
    "no-answers": _("Text without answers in braces."),
    "brace-not-closed": _("A brace is opened and not closed before the next empty line."),
    "numerical": _("A question with a number as its answer that cannot be read."),
    "further-number": _("Of several right numbers the first was taken."),
    "matching": _("A matching question in which an item has no partner."),
    "partner-of-nothing": _("Partners of no item were dropped."),
    "partly-right-option": _("Options that were partly right count as wrong."),
    "option-feedback": _("Feedback on single options was dropped."),
    "markup-removed": _("HTML became plain text; look whether something is missing."),
    # OpenTriviaQA.
    "stray-text": _("Text that belongs to no question: “%(text)s”."),
    "no-right-answer-line": _("A question without the line “^” that names the right answer."),
    "right-answer-not-among-options": _("The right answer “%(text)s” is not among the options."),
}

PICTURES: dict[str, Promise] = {
    "picture-too-heavy": _("The file is larger than %(mebibytes)s MiB. Make it smaller, or save it as JPEG."),
    "picture-too-large": _("The picture has more than %(megapixels)s million pixels. Make it smaller."),
    "picture-too-narrow": _("One side of the picture is more than %(ratio)s times as long as the other. Cut it."),
    "picture-unknown": _("This is no picture that can be shown. Choose a PNG, JPEG, WebP or GIF file."),
    "picture-broken": _("The file is damaged. Save the picture anew, or choose another one."),
    "pictures-too-heavy": _("These pictures have more than %(mebibytes)s MiB together. Save them one after the other."),
    "pictures-full": _("Your pictures take all of the %(mebibytes)s MiB that there are for you. Take some away first."),
}

DONE: dict[Severity, Promise] = {
    Severity.LEFT_OUT: _("Left out"),
    Severity.CHANGED: _("Changed"),
    Severity.KEPT: _("Kept as it is"),
}

FILE_ERRORS: dict[str, Promise] = {
    "file-too-large": _("The file is larger than %(maximum)s bytes. Split it into several."),
    "spreadsheet-file": _("This is a spreadsheet. Save it as CSV (UTF-8) and choose that file."),
    "empty-file": _("There is nothing in the file."),
    "not-text": _("This is not a text file. Choose a CSV, GIFT or OpenTriviaQA file."),
    "unknown-format": _(
        "The file is neither GIFT nor OpenTriviaQA, and no table either: that needs a header with the columns"
        " Question, Answer 1, Answer 2 and Correct answer."
    ),
    "broken-quotes": _("From line %(line)s on the quotation marks do not match. Mend them and choose the file again."),
    "too-many-notes": _(
        "More than %(maximum)s lines up to line %(line)s cannot be used as they are. Is it the right file?"
    ),
}


class NoteText(NamedTuple):
    """A note in words: the line of the file, what was done, and what was wrong."""

    line: int
    done: str
    wrong: str


def of_problem(problem: Problem, rows: Sequence[int] = range(1, len(LETTERS) + 1)) -> str:
    """Say what is wrong with a question.

    Args:
        problem: what `rules.problems` found.
        rows: the row (from 1) in which each option stands on the page, where empty rows were skipped.
    """
    letters = {name: LETTERS[rows[value - 1] - 1] for name, value in problem.values.items() if name == "first"}
    return _fill(PROBLEMS[problem.code], {**problem.values, **letters})


def quiz_full() -> str:
    """Say that a quiz takes no more questions."""
    return gettext("A quiz has at most %(maximum)s questions. Start another one.") % {"maximum": MAX_QUESTIONS}


def of_note(note: Note) -> NoteText:
    """Say what became of a line of an imported file, and why."""
    return NoteText(note.line, str(DONE[note.severity]), _fill(NOTES[note.code], note.values))


def of_file_error(error: FormatError) -> str:
    """Say why a whole file cannot be read, and what to do."""
    return _fill(FILE_ERRORS[error.code], {**error.values, "line": error.line})


def of_bad_picture(error: BadPicture) -> str:
    """Say why a file is not taken as a picture, and what to do."""
    return _fill(PICTURES[error.code], error.values)


def _fill(sentence: Promise, values: Mapping[str, str | int]) -> str:
    return str(sentence) % values
