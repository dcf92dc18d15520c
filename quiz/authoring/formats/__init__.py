"""Files of questions, whatever their format: bytes in, questions and notes out. Pure; one file per format.

A new format is a module with ``matches(text)`` and ``parse(text, language)`` as ``contract.py`` says, and a line in
``detect.py``.
"""

from collections.abc import Iterator

from quiz.kinds.language import ENGLISH, Language

from ..rules import MAX_QUESTIONS, problems
from .contract import FormatError, Found, Import, Note, Parser, Severity, kept, left_out
from .decoding import decode
from .detect import detect

MAX_FILE_BYTES = 1_048_576  # more than twice the largest set we know of (2,486 questions in 443,714 bytes)
MAX_NOTES = 5_000  # nobody mends more in a preview, and the page stays below a few MiB

__all__ = ["MAX_FILE_BYTES", "MAX_NOTES", "FormatError", "Import", "Note", "Severity", "read"]


def read(content: bytes, language: Language = ENGLISH, limit: int = MAX_QUESTIONS) -> Import:
    """Read a file of questions.

    Args:
        content: the bytes of the file.
        language: that of the questions.
        limit: how many questions to take at most; the rest is left out, with a note.

    Raises:
        FormatError: too large, not a text, in no format that we know, or more notes than anybody would read.
    """
    if len(content) > MAX_FILE_BYTES:
        raise FormatError("file-too-large", maximum=MAX_FILE_BYTES)
    text, notes = decode(content)
    found = detect(text)
    result = Import(found.name, [], notes)
    for item in _judged(found.parse, text, language):
        if isinstance(item, Found) and len(result.questions) == limit:
            end = item.line
            notes[:] = [note for note in notes if note.line < end] + [left_out(end, "limit-reached", limit=limit)]
            break
        if isinstance(item, Found):
            result.questions.append(item.draft)
        else:
            notes.append(item)
        if len(notes) > MAX_NOTES:
            raise FormatError("too-many-notes", item.line, maximum=MAX_NOTES)
    notes.sort(key=lambda note: note.line)
    return result


def _judged(parse: Parser, text: str, language: Language) -> Iterator[Found | Note]:
    """Turn questions that break a rule into notes."""
    for item in parse(text, language):
        if isinstance(item, Note):
            yield item
            continue
        faults = problems(item.draft)
        for fault in faults:
            note = kept if fault.harmless else left_out
            yield note(item.line, fault.code, **fault.values, **({"choice": fault.choice} if fault.choice else {}))
        if all(fault.harmless for fault in faults):
            yield item
