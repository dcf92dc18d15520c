"""Words that are not wanted in nicknames, in three strengths. Pure: the lists are given.

A list is text, one word a line, ``#`` begins a comment. A word counts where it stands alone: ``Scunthorpe`` is a town.
Names and words are compared by their skeletons (:mod:`quiz.play.lookalikes`), so that another alphabet, digits in the
place of letters, stretched letters and blanks or dots between letters hide nothing.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

import regex

from quiz.play.lookalikes import skeleton

LEET = str.maketrans("34579@", "eastga")
"""Digits that stand for letters; 0 and 1 are letters in a skeleton already."""

HUMP = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
"""Where a word begins within another: "BigMouth"."""

APART = regex.compile(r"\b(?:\w[\W_]+){2,}\w\b")
"""Letters that stand apart: "b a d", "b.a.d"."""

MARKS = regex.compile(r"[\p{P}|]+")
SIGNS = regex.compile(r"[\p{P}\p{S}]+")
"""Of marks and all signs some are letters in a skeleton: "!" looks like an l, "$" like an s."""

NOT_LETTERS = regex.compile(r"[\W\d_]+")


def words_in(text: str) -> list[str]:
    """The words of a list."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def is_unwanted(name: str, words: tuple[str, ...]) -> bool:
    """Whether one of ``words`` stands in the name."""
    unwanted = _pattern(words)
    return any(unwanted.fullmatch(part) for reading in _readings(name) for part in NOT_LETTERS.split(reading))


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> regex.Pattern[str]:
    return regex.compile("|".join(map(_stretched, words)) or r"(?!)")


def _stretched(word: str) -> str:
    """A pattern for the word with each of its sounds as long or longer: "baaad" for "bad", but not "as" for "ass"."""
    sounds = [(letter, len(list(run))) for letter, run in groupby(skeleton(word))]
    return "".join(f"{regex.escape(letter)}{{{length},}}" for letter, length in sounds)


def _readings(name: str) -> Iterable[str]:
    """The ways in which a name may be read, as skeletons: digits and signs as themselves and as letters, letters apart
    as a word.
    """
    for text in {name, *(signs.sub(" ", name) for signs in (MARKS, SIGNS))}:
        yield from _skeletons(text)


def _skeletons(name: str) -> Iterable[str]:
    closed = APART.sub(lambda apart: regex.sub(r"[\W_]+", "", apart[0]), name)
    for text in (name, closed, HUMP.sub(" ", name)):
        yield skeleton(text)
        yield skeleton(text.translate(LEET))
        yield skeleton(regex.sub(r"\d+", " ", text))
