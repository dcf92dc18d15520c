"""Nicknames: what may be one, and when two are the same. Pure."""

import unicodedata

import regex

from quiz import characters
from quiz.characters import key

__all__ = ["MAX_CODE_POINTS", "MAX_GRAPHEMES", "NicknameError", "clean", "key", "numbered"]

MAX_GRAPHEMES = 24
"""What a reader counts as characters; longer names break the lists on a phone."""

MAX_CODE_POINTS = 120
"""Of what was typed, looked at before anything else, so that a hostile name costs nothing, and of what is shown, which
has to fit into its column: 24 emoji of three persons need no more."""


class NicknameError(ValueError):
    """Not a nickname; ``code`` says why and is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean(raw: str) -> str:
    """The nickname as it will be shown (NFKC, single blanks); raises :class:`NicknameError`."""
    if len(raw) > MAX_CODE_POINTS:
        raise NicknameError("nickname-too-long")
    name = " ".join(unicodedata.normalize("NFKC", raw).split(" ")).strip(" ")
    name = regex.sub(" +", " ", name)
    if characters.has_tricks(name):
        raise NicknameError("nickname-bad-characters")
    if not characters.can_be_seen(name):
        raise NicknameError("nickname-empty")
    if len(regex.findall(r"\X", name)) > MAX_GRAPHEMES or len(name) > MAX_CODE_POINTS:
        raise NicknameError("nickname-too-long")
    return name


def numbered(name: str, number: int) -> str:
    """``name`` with a number behind it, still short enough: what we suggest to the second Ada."""
    tail = f" {number}"
    graphemes = regex.findall(r"\X", name)
    return f"{''.join(graphemes[: MAX_GRAPHEMES - len(tail)])}{tail}"
