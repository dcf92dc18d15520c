"""Tables of questions as text: one row a question, columns named in a header.

The delimiter is a comma, a semicolon or a tab. The header is found by its content, so that what spreadsheets and other
quiz tools (Kahoot!, Wayground, Blooket, ...) write above it does no harm. ``columns.py`` knows the names of columns,
``answers.py`` how a cell says which options are right.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from quiz.kinds.language import Language

from ..rules import (
    DEFAULT_POINTS,
    DEFAULT_TIME_LIMIT_S,
    MAX_POINTS,
    MAX_TIME_LIMIT_S,
    MIN_TIME_LIMIT_S,
    ChoiceDraft,
    QuestionDraft,
)
from .answers import right_options
from .columns import Columns, find_columns
from .contract import FormatError, Found, Note, changed, kept, left_out

DELIMITERS = ",;\t"
MAX_ROWS_BEFORE_HEADER = 20  # Kahoot!'s sheet has seven, ClassQuiz's thirteen

# Kinds of question, as other tools name them, that are a choice among options.
_CHOICE_KINDS = re.compile(
    "multiple ?choice( question)?|single ?choice|multiple select|multi ?select|checkbox|choice|quiz|true (or )?false"
    "|scelta (multipla|singola|unica)|risposta (multipla|singola)|vero (o )?falso"
)


def matches(text: str) -> bool:
    """Tell whether a text is a table with a header that we know."""
    return _find_header(text) is not None


def parse(text: str, language: Language) -> Iterator[Found | Note]:
    """Read the questions of a table; see ``contract.py``.

    Raises:
        FormatError: no known header, or quotation marks that do not match.
    """
    header = _find_header(text)
    if header is None:
        raise FormatError("unknown-format")
    number, delimiter, columns = header
    rows = _rows(text, delimiter)
    for line, cells in islice(rows, number):
        if any(cells):
            yield left_out(line, "line-before-header", text=" ".join(filter(None, cells))[:80])
    header_line, _ = next(rows)
    if columns.ignored:
        yield left_out(header_line, "columns-ignored", names=", ".join(columns.ignored)[:200])
    for line, cells in rows:
        if any(cells):
            yield from _read(line, cells, columns)


def _find_header(text: str) -> tuple[int, str, Columns] | None:
    """Return the header's row (from 0), the delimiter and the columns: those that give most options."""
    best = None
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for number, cells in enumerate(islice(reader, MAX_ROWS_BEFORE_HEADER + 1)):
                columns = find_columns(cells)
                if columns and (best is None or len(columns.choices) > len(best[2].choices)):
                    best = (number, delimiter, columns)
        except csv.Error:
            continue
    return best


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it begins, its cells without surrounding space."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        raise FormatError("broken-quotes", line) from None


def _read(line: int, cells: list[str], columns: Columns) -> Iterator[Found | Note]:
    def cell(index: int | None) -> str:
        return cells[index] if index is not None and index < len(cells) else ""

    if any(cells[columns.width :]):
        yield left_out(line, "more-cells-than-columns")
        return
    kind = cell(columns.kind)
    if kind and not _CHOICE_KINDS.fullmatch(" ".join(re.findall("[a-z]+", kind.casefold()))):
        yield left_out(line, "unsupported-kind", kind=kind[:80])
        return
    options = [cell(index) for index in columns.choices]
    right, ambiguous = right_options(cell(columns.right), options)
    if right is None:
        yield left_out(line, "right-answer-unclear", text=cell(columns.right)[:80])
        return
    if ambiguous:
        yield kept(line, "right-answer-ambiguous", text=cell(columns.right)[:80])
    time_limit_s, time_notes = _number(line, cell(columns.time_limit), "time-limit")
    points, points_notes = _number(line, cell(columns.points), "points")
    yield from (*time_notes, *points_notes)
    choices = tuple(ChoiceDraft(text, place in right) for place, text in enumerate(options) if text)
    draft = QuestionDraft(cell(columns.question), choices, cell(columns.explanation), time_limit_s, points)
    yield Found(line, draft)


_RANGES = {
    "time-limit": (DEFAULT_TIME_LIMIT_S, MIN_TIME_LIMIT_S, MAX_TIME_LIMIT_S),
    "points": (DEFAULT_POINTS, 0, MAX_POINTS),
}


def _number(line: int, text: str, what: str) -> tuple[int, list[Note]]:
    """Read a time limit in seconds or points; what is out of range becomes the nearest value that is not."""
    default, minimum, maximum = _RANGES[what]
    if not text:
        return default, []
    match = re.match(r"([0-9]{1,9})(?:[.,]0+)?(?![0-9.,:])", text)
    if not match:
        return default, [changed(line, f"{what}-not-a-number", text=text[:80], value=default)]
    value = min(max(int(match[1]), minimum), maximum)
    if value != int(match[1]):
        return value, [changed(line, f"{what}-adjusted", text=text[:80], value=value)]
    return value, []
