"""From the bytes of a file to text that any parser can take.

UTF-8 with or without byte order mark, UTF-16 with one. Bytes that are no UTF-8 are read as Windows-1252, the usual
source of them; which lines that concerned is noted. Line ends become ``\\n``; control characters, which no page can
show and PostgreSQL cannot store, are taken out and noted.
"""

import codecs
import re

from .contract import FormatError, Note, changed

# Lines with stray bytes that are noted one by one; with more, and no UTF-8 beside them, the whole file is in the old
# encoding, and one note says so.
MAX_STRAY_LINES = 10

_ESCAPED_BYTE = re.compile("[\udc80-\udcff]+")  # how "surrogateescape" marks bytes that are no UTF-8
_BEYOND_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
_WINDOWS_1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
_ZIP = b"PK\x03\x04"  # .xlsx, .ods and .docx are zip archives


def decode(content: bytes) -> tuple[str, list[Note]]:
    """Return the text of a file and notes on what had to be repaired.

    Raises:
        FormatError: empty, or not a text file.
    """
    if content.startswith(_ZIP):
        raise FormatError("spreadsheet-file")
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text, notes = (_read_utf16(content), []) if is_utf16 else _read_utf8(content)
    if not text.strip():
        raise FormatError("empty-file")
    if "\0" in text:
        raise FormatError("not-text")
    text, more_notes = _remove_control_characters(text.replace("\r\n", "\n").replace("\r", "\n"))
    return text, notes + more_notes


def _read_utf16(content: bytes) -> str:
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError:
        raise FormatError("not-text") from None


def _read_utf8(content: bytes) -> tuple[str, list[Note]]:
    text = content.decode("utf-8-sig", "surrogateescape")
    if not _ESCAPED_BYTE.search(text):
        return text, []
    stray = {
        line: "".join(_ESCAPED_BYTE.findall(row)).translate(_WINDOWS_1252)
        for line, row in enumerate(text.split("\n"), 1)
        if _ESCAPED_BYTE.search(row)
    }
    if len(stray) > MAX_STRAY_LINES and not _BEYOND_ASCII.search(text):
        notes = [changed(min(stray), "windows-1252-file", count=len(stray))]
    else:
        notes = [changed(line, "windows-1252-bytes", text=characters) for line, characters in stray.items()]
    return text.translate(_WINDOWS_1252), notes


def _remove_control_characters(text: str) -> tuple[str, list[Note]]:
    if not _NO_TEXT.search(text):
        return text, []
    lines = enumerate(text.split("\n"), 1)
    notes = [changed(line, "control-characters-removed") for line, row in lines if _NO_TEXT.search(row)]
    return _NO_TEXT.sub("", text), notes
