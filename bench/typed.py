"""Whether a typed answer is accepted, written a second time (``docs/decisions/0046``). Pure."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

QUOTES, DASHES = "‘’ʼ`´", "‐‑–—−"
LONG_ENOUGH = 4


def is_accepted(answer: str, accepted: Sequence[str], settings: Mapping[str, bool]) -> bool:
    """By its spelling, or by one slip where that is forgiven."""
    typed = _plain(answer, settings["case"])
    forms = [_plain(text, settings["case"]) for text in accepted]
    return typed in forms or (settings["near"] and any(_is_near(typed, form) for form in forms))


def _plain(text: str, case: bool) -> str:
    for signs, sign in ((QUOTES, "'"), (DASHES, "-")):
        for each in signs:
            text = text.replace(each, sign)
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    return text if case else unicodedata.normalize("NFKC", text.casefold())


def _is_near(typed: str, form: str) -> bool:
    same_digits = [sign for sign in typed if sign.isdecimal()] == [sign for sign in form if sign.isdecimal()]
    return len(form) >= LONG_ENOUGH and same_digits and typed in _slips(form, set(typed))


def _slips(form: str, letters: set[str]) -> Iterator[str]:
    """All that one slip of the finger can make of it with these letters."""
    for at in range(len(form) + 1):
        head, tail = form[:at], form[at:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            yield head + letter + tail[1:]
