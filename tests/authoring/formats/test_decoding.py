"""From bytes to text, with what had to be repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring.formats.contract import FormatError
from quiz.authoring.formats.decoding import MAX_STRAY_LINES, decode


def noted(notes):
    return [(note.line, note.code, dict(note.values)) for note in notes]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_comes_in_untouched(encoding):
    assert decode("Perché? “Why” 🪐\n".encode(encoding)) == ("Perché? “Why” 🪐\n", [])


def test_all_line_ends_become_one():
    assert decode(b"a\r\nb\rc\nd")[0] == "a\nb\nc\nd"


def test_stray_byte_among_utf8_is_repaired_and_named():
    text, notes = decode("caffè\n".encode() + b"It\x92s \x93so\x94\n")
    assert text == "caffè\nIt’s “so”\n"
    assert noted(notes) == [(2, "windows-1252-bytes", {"text": "’“”"})]


def test_lead_byte_without_its_tail_is_a_stray_byte():
    text, notes = decode("φ".encode() + b"\xcf?" + "σις".encode())
    assert text == "φÏ?σις"
    assert [note.line for note in notes] == [1]


def test_byte_that_even_windows_1252_lacks_is_marked():
    assert decode(b"a\x81b")[0] == "a\ufffdb"


def test_file_in_the_old_encoding_gets_one_note():
    text, notes = decode(b"first\n" + b"citt\xe0\n" * (MAX_STRAY_LINES + 1))
    assert text.count("città\n") == MAX_STRAY_LINES + 1
    assert noted(notes) == [(2, "windows-1252-file", {"count": MAX_STRAY_LINES + 1})]


def test_control_characters_are_removed_and_named():
    text, notes = decode(b"a\tb\nc\x07d\x7f\n")
    assert text == "a\tb\ncd\n"
    assert noted(notes) == [(2, "control-characters-removed", {})]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"\xef\xbb\xbf \r\n", "empty-file"),
        (b"PK\x03\x04rest of a sheet", "spreadsheet-file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-text"),
        (b"\xff\xfe\x00", "not-text"),
    ],
)
def test_what_is_no_text_is_refused(content, code):
    with pytest.raises(FormatError) as caught:
        decode(content)
    assert caught.value.code == code


@given(st.binary())
def test_any_bytes_give_text_that_can_be_stored_or_the_documented_error(content):
    try:
        text, notes = decode(content)
    except FormatError:
        return
    text.encode()
    assert "\r" not in text
    assert "\0" not in text
    assert all(1 <= note.line <= text.count("\n") + 1 for note in notes)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_any_utf8_comes_in_untouched(text):
    assert decode(text.encode()) == (text.removeprefix("\ufeff"), [])
