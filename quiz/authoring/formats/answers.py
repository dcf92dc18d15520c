"""Which options a cell of a table calls right: by number (from 1), by letter or by text; one or several."""

import re

_BETWEEN = re.compile(r"\s*[,;|/&+\n]\s*|\s+(?:and|e|ed)\s+|\s+", re.IGNORECASE)
_TEXTS_BETWEEN = (";", "|", "\n", ",")
_WHOLE_NUMBER = re.compile(r"([0-9]+)[.,]0+")  # a spreadsheet's way to write a number
_PLACE = re.compile(r"[1-9][0-9]?|[A-Za-z]")


def right_options(cell: str, options: list[str]) -> tuple[frozenset[int] | None, bool]:
    """Return the places (from 0) of the right options, and whether the cell could have meant others.

    Args:
        cell: what the table says, e.g. "2", "1,3", "B", "a; c", "Rome".
        options: the texts of the options; empty for a cell that was left empty.

    A number or letter counts as a place before it counts as a text; None stands for a cell that fits no option.
    """
    by_place = _by_place(cell, options)
    by_text = _by_text(cell, options)
    if by_place is None:
        return by_text, False
    return by_place, by_text is not None and by_text != by_place


def _by_place(cell: str, options: list[str]) -> frozenset[int] | None:
    # "1.3" is how a spreadsheet with decimal points keeps "1,3".
    cell = (
        _WHOLE_NUMBER.sub(r"\1", cell) if _WHOLE_NUMBER.fullmatch(cell) else re.sub(r"(?<=[0-9])\.(?=[0-9])", ",", cell)
    )
    parts = [part for part in _BETWEEN.split(cell) if part]
    if not parts or not all(_PLACE.fullmatch(part) for part in parts):
        return None
    places = frozenset(int(part) - 1 if part.isdecimal() else ord(part.lower()) - ord("a") for part in parts)
    return places if all(place < len(options) and options[place] for place in places) else None


def _by_text(cell: str, options: list[str]) -> frozenset[int] | None:
    for texts in ([cell], *(cell.split(mark) for mark in _TEXTS_BETWEEN)):
        found = [_places_of(text.strip(), options) for text in texts if text.strip()]
        if found and all(found):
            return frozenset().union(*found)
    return None


def _places_of(text: str, options: list[str]) -> frozenset[int]:
    exact = frozenset(place for place, option in enumerate(options) if option == text)
    folded = frozenset(place for place, option in enumerate(options) if option.casefold() == text.casefold())
    return exact or folded
