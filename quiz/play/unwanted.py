"""The words that a game does not want to see, by its option ``words``: our lists and the operator's."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from quiz.play import wordlists
from quiz.play.options import Words

LISTS = Path(__file__).parent / "words"
"""``<language>.<strength>.txt``; a text is read by the whole room, so each game is held against every language."""

MAX_REMEMBERED = 4_096
"""Verdicts: a reveal's texts are judged for each page that reads the state, hundreds of them in one second."""


@lru_cache(maxsize=MAX_REMEMBERED)
def is_unwanted(text: str, strength: Words) -> bool:
    """Whether a word of the lists of that strength stands in it."""
    return wordlists.is_unwanted(text, words(strength))


@lru_cache(maxsize=len(Words))
def words(strength: Words) -> tuple[str, ...]:
    """All words of that strength."""
    if strength == Words.OFF:
        return ()
    strengths = [Words.MILD, Words.STRICT] if strength == Words.STRICT else [Words.MILD]
    lists = [path.read_text("utf-8") for each in strengths for path in sorted(LISTS.glob(f"*.{each}.txt"))]
    return tuple(word for text in (*lists, settings.NICKNAME_WORDS) for word in wordlists.words_in(text))
