"""What every import format agrees on.

A format is a function ``parse(text, language)`` that yields, in the order of the file, a `Found` for each question it
could read and a `Note` for each thing that it left out or changed. It judges no question: that is done once for all
formats by ``quiz.authoring.rules``. ``text`` has ``\\n`` line ends and no control characters; ``language`` is
that of the questions and fills in what a file leaves unsaid.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from quiz.kinds.language import Language

from ..rules import QuestionDraft

Values = Mapping[str, str | int]


class Severity(StrEnum):
    """What became of the thing that a note is about."""

    LEFT_OUT = "left-out"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that the author should know, at a line of the file (from 1). ``wording.py`` has the code's sentence."""

    line: int
    severity: Severity
    code: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A question and the line on which it begins."""

    line: int
    draft: QuestionDraft


@dataclass(frozen=True, slots=True)
class Import:
    """What came out of a file: the questions that can be played and the notes, both in the order of the file."""

    format: str
    questions: list[QuestionDraft]
    notes: list[Note]


class FormatError(Exception):
    """The file as a whole cannot be read. ``code`` and ``values`` as in a `Note`; ``line`` 0: no line is at fault."""

    def __init__(self, code: str, line: int = 0, **values: str | int) -> None:
        super().__init__(code, line, values)
        self.code = code
        self.line = line
        self.values = values


Parser = Callable[[str, Language], Iterator[Found | Note]]


def left_out(line: int, code: str, **values: str | int) -> Note:
    """Note something that is not imported."""
    return Note(line, Severity.LEFT_OUT, code, values)


def changed(line: int, code: str, **values: str | int) -> Note:
    """Note something that is imported otherwise than it was written."""
    return Note(line, Severity.CHANGED, code, values)


def kept(line: int, code: str, **values: str | int) -> Note:
    """Note something doubtful that is imported as it was written."""
    return Note(line, Severity.KEPT, code, values)
