"""OpenTriviaQA's text form, as its categories are published (github.com/uberspot/OpenTriviaQA).

A question is a block::

    #Q The question, on one line or several
    ^ The text of the right option
    A First option
    B Second option

Lines of a question that happen to begin like an option ("A", "I") belong to the question as long as ``^`` has not
come; after it an option begins only where the next letter in turn does.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from quiz.kinds.language import Language

from ..rules import ChoiceDraft, QuestionDraft
from .contract import Found, Note, left_out

_QUESTION = re.compile(r"^#Q(?:[ \t]|$)", re.MULTILINE)
_RIGHT = re.compile(r"^\^", re.MULTILINE)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def matches(text: str) -> bool:
    """Tell whether a text is in this format."""
    return bool(_QUESTION.search(text) and _RIGHT.search(text))


def parse(text: str, language: Language) -> Iterator[Found | Note]:
    """Read the questions of a file; see ``contract.py``."""
    starts = [match.start() for match in _QUESTION.finditer(text)]
    if preface := text[: starts[0]].strip():
        yield left_out(1, "stray-text", text=preface[:80])
    line = 1 + text.count("\n", 0, starts[0])
    for start, end in pairwise([*starts, len(text)]):
        block = text[start:end]
        yield from _read(line, block)
        line += block.count("\n")


def _read(line: int, block: str) -> Iterator[Found | Note]:
    question, *rest = _RIGHT.split(block.removeprefix("#Q"), maxsplit=1)
    if not rest:
        yield left_out(line, "no-right-answer-line")
        return
    (right, *choices), stray = _options(rest[0])
    if right in choices:
        drafts = tuple(ChoiceDraft(choice, choice == right) for choice in choices)
        yield Found(line, QuestionDraft(question.strip(), drafts))
    else:
        yield left_out(line, "right-answer-not-among-options", text=right[:80])
    for row, text in stray:
        yield left_out(line + question.count("\n") + row, "stray-text", text=text[:80])


def _options(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """Split what follows ``^`` into the right answer's text and those of the options.

    Returns also what stands apart, after an empty line, with the number of its row (from 0).
    """
    parts: list[list[str]] = [[]]
    stray = []
    after_empty_line = False
    for number, row in enumerate(text.split("\n")):
        letter = _LETTERS[len(parts) - 1 : len(parts)]
        if letter and row[:1] == letter and row[1:2] in {"", " ", "\t"}:
            parts.append([row[2:]])
        elif row.strip() and after_empty_line:
            stray.append((number, row))
        else:
            parts[-1].append(row)
        after_empty_line = not row.strip()
    return ["\n".join(part).strip() for part in parts], stray
