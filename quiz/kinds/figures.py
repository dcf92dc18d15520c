"""Numbers as people type them, and as they are written back. Pure.

A number is kept as JSON's own, a whole one as ``int``; of at most 15 digits, so that a ``float`` here and a number of
JavaScript hold it exactly. ``decimal`` is the sign before the decimals in the language at hand, "." or ",".
``static/play/figures.js`` reads the same.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

Number = int | float

DECIMALS = ".,"
"""The signs that may stand before the decimals."""

MAX_DIGITS = 15
"""As many as a double holds exactly (IEEE 754: DBL_DIG)."""

MAX_CHARS = 40
"""Of a number as it is typed: all digits with signs between them, and room to spare."""

_SIGNS = str.maketrans(
    dict.fromkeys("−–‒‐‑", "-") | dict.fromkeys("\u00a0\u2009\u202f", " ") | dict.fromkeys("’ʼ`´", "'")
)
"""Phones write these by themselves."""

_NUMBER = re.compile(r"([+-]?) ?([0-9.,' ]*)", re.ASCII)
_WHOLE = re.compile(r"[0-9]*|[0-9]{1,3}([.,' ])[0-9]{3}(?:\1[0-9]{3})*")
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


class NotANumber(ValueError):
    """What came is no number that can be kept."""


def read(text: str, decimal: str) -> Number:
    """A typed number; :class:`NotANumber`.

    Of point and comma the last one comes before the decimals, and what stands more than once between groups of three
    digits. Only "1,234" and "1.234" could be either: there ``decimal`` decides. Spaces and apostrophes part groups.
    """
    match = _NUMBER.fullmatch(text.translate(_SIGNS).strip()) if len(text) <= MAX_CHARS else None
    if match is None:
        raise NotANumber
    whole, _, fraction = match[2].rpartition(sign) if (sign := _decimal_sign(match[2], decimal)) else (match[2], "", "")
    if not _WHOLE.fullmatch(whole) or not (fraction.isdecimal() or (whole and not fraction)):
        raise NotANumber
    digits = re.sub(r"[^0-9]", "", whole)
    if len((digits + fraction.rstrip("0")).lstrip("0")) > MAX_DIGITS:
        raise NotANumber
    return number(float(f"{match[1]}{digits or '0'}.{fraction or '0'}"))


def _decimal_sign(body: str, decimal: str) -> str:
    """The sign before the decimals; empty where there are none."""
    last = max(body.rfind("."), body.rfind(","))
    if last < 0:
        return ""
    sign = body[last]
    if "." in body and "," in body:
        return sign
    is_group = body.count(sign) > 1 or (_ONE_GROUP.fullmatch(body) and sign != decimal)
    return "" if is_group else sign


def number(value: Any) -> Number:  # noqa: ANN401  # any JSON
    """A number of JSON in the one form in which it is kept, 15 digits of it; :class:`NotANumber`."""
    if type(value) not in (int, float) or not (value == 0 or 10**-MAX_DIGITS <= abs(value) < 10**MAX_DIGITS):
        raise NotANumber
    kept = float(f"{value:.{MAX_DIGITS}g}")
    return int(kept) if kept.is_integer() else kept


def exact(value: Number) -> Fraction:
    """The number that was written, not the nearest double."""
    return Fraction(str(value))


def written(value: Number, decimal: str) -> str:
    """A number in words' place: from 10,000 on with signs between the thousands, so that a year has none."""
    text = f"{Decimal(str(value)):,f}"
    if abs(value) < 10_000:
        text = text.replace(",", "")
    return text if decimal == "." else text.translate(str.maketrans(",.", ".,"))
