"""Keys of rows as they come from outside, in JSON or in digits. Pure."""

from typing import TypeGuard

LARGEST_ID = 2**63 - 1
"""The largest key that a database takes."""

MAX_ID_DIGITS = len(str(LARGEST_ID))
"""Longer texts are not even read: Python refuses thousands of digits."""


def is_id(value: object) -> TypeGuard[int]:
    """Whether a value of JSON may be a row's key."""
    return type(value) is int and 0 < value <= LARGEST_ID


def id_in(text: str) -> int:
    """The key that a text spells in digits; 0, which no row has, if it spells none."""
    if len(text) > MAX_ID_DIGITS or not (text.isascii() and text.isdecimal()):
        return 0
    return number if is_id(number := int(text)) else 0
