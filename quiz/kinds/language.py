"""What a question has to know of the language it is in. Pure; who makes a question hands it down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """``decimal`` is the sign before the decimals, "." or ","; ``true`` and ``false`` are a statement's options."""

    decimal: str
    true: str
    false: str


ENGLISH = Language(decimal=".", true="True", false="False")
