"""A question as its author writes it, and what may be wrong with it."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

DEFAULT_TIME_LIMIT_S = 20
DEFAULT_POINTS = 1_000

_NO_VALUES: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PictureDraft:
    """A picture that has its address already, its size in pixels, and what is said to those who do not see it."""

    id: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceDraft:
    """One option of a question that is not stored yet; one with a picture needs no text.

    ``more`` is what players are shown of it beside id and text, ready for the page.
    """

    text: str
    right: bool
    picture: PictureDraft | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def shown(self, id: str) -> dict[str, Any]:
        """The option as a game asks it."""
        return {"id": id, "text": self.text, **self.more}


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question that is not stored yet, options in the order in which they are shown.

    ``kind`` is a name of ``quiz.kinds``, ``data`` what that kind keeps beside the options.
    """

    text: str
    choices: tuple[ChoiceDraft, ...]
    explanation: str = ""
    time_limit_s: int = DEFAULT_TIME_LIMIT_S
    points: int = DEFAULT_POINTS
    kind: str = "choice"
    data: Mapping[str, Any] = field(default_factory=dict)
    picture: PictureDraft | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a question cannot be used as it is.

    ``part`` names the attribute of the draft, or the key of its ``data``; ``choice`` the place of the option (from 1)
    where it is about one. ``harmless`` problems are refused in the editor, where they are mended at once, and kept in
    an import.
    """

    code: str
    part: str
    choice: int | None = None
    values: Mapping[str, int] = field(default_factory=lambda: _NO_VALUES)
    harmless: bool = False


def is_blank(text: str) -> bool:
    """Tell whether nothing can be seen of a text: only spaces, control and invisible format characters."""
    return all(char.isspace() or unicodedata.category(char) in {"Cc", "Cf"} for char in text)


def is_unprintable(char: str) -> bool:
    """Tell whether a character may stand in no text: control characters but for tab and new line, lone surrogates."""
    return char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cs"}


def text_problems(text: str, maximum: int, code: str, part: str, place: int | None = None) -> Iterator[Problem]:
    """What is wrong with a text's length and characters; ``code`` says that it is too long."""
    if len(text) > maximum:
        yield Problem(code, part, place, {"maximum": maximum, "count": len(text)})
    if any(is_unprintable(char) for char in text):
        yield Problem("control-character", part, place)
