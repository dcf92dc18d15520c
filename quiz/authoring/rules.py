"""What makes a question playable, judged the same for the editor and for every import.

Pure: values in, a list of problems out. A problem is a code and where it stands; ``wording.py`` gives it a sentence.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MAX_TITLE_CHARS = 120  # one line on a projector, two on a phone
MAX_QUESTION_CHARS = 500  # about a third of a projected screen; the longest of 4,087 published questions has 433
MAX_CHOICE_CHARS = 300  # six of them still fit beside each other; the longest of 14,000 published options has 257
MAX_EXPLANATION_CHARS = 1_000  # read in the pause of one reveal
MIN_CHOICES = 2
MAX_CHOICES = 6  # as many as there are colours, shapes and letters to tell them apart
LETTERS = "ABCDEF"  # what people call them
MIN_TIME_LIMIT_S = 5
MAX_TIME_LIMIT_S = 240  # the longest that the common quiz sheets know
DEFAULT_TIME_LIMIT_S = 20
MAX_POINTS = 2_000  # a question counts double at most
DEFAULT_POINTS = 1_000
MAX_QUESTIONS = 5_000  # a quiz; twice the largest published set, and still one page for the editor

_NO_VALUES: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ChoiceDraft:
    """One option of a question that is not stored yet."""

    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question that is not stored yet, options in the order in which they are shown."""

    text: str
    choices: tuple[ChoiceDraft, ...]
    explanation: str = ""
    time_limit_s: int = DEFAULT_TIME_LIMIT_S
    points: int = DEFAULT_POINTS


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a question cannot be used as it is.

    ``part`` names the attribute of the draft; ``choice`` the place of the option (from 1) where it is about one.
    ``harmless`` problems are refused in the editor, where they are mended at once, and kept in an import.
    """

    code: str
    part: str
    choice: int | None = None
    values: Mapping[str, int] = field(default_factory=lambda: _NO_VALUES)
    harmless: bool = False


def problems(draft: QuestionDraft) -> list[Problem]:
    """Return everything that is wrong with a question; an empty list means that it can be played."""
    return [*_text_problems(draft), *_choice_problems(draft), *_number_problems(draft)]


def is_blank(text: str) -> bool:
    """Tell whether nothing can be seen of a text: only spaces, control and invisible format characters."""
    return all(char.isspace() or unicodedata.category(char) in {"Cc", "Cf"} for char in text)


def is_unprintable(char: str) -> bool:
    """Tell whether a character may stand in no text: control characters but for tab and new line, lone surrogates."""
    return char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cs"}


def _text_problems(draft: QuestionDraft) -> Iterator[Problem]:
    if is_blank(draft.text):
        yield Problem("question-empty", "text")
    yield from _characters(draft.text, MAX_QUESTION_CHARS, "question-too-long", "text")
    yield from _characters(draft.explanation, MAX_EXPLANATION_CHARS, "explanation-too-long", "explanation")


def _choice_problems(draft: QuestionDraft) -> Iterator[Problem]:
    if len(draft.choices) < MIN_CHOICES:
        yield Problem("too-few-choices", "choices", values={"minimum": MIN_CHOICES})
    if len(draft.choices) > MAX_CHOICES:
        # Nothing else is said of them: a broken file may have a hundred thousand.
        yield Problem("too-many-choices", "choices", values={"maximum": MAX_CHOICES, "count": len(draft.choices)})
        return
    if not any(choice.right for choice in draft.choices):
        yield Problem("none-right", "choices")
    for place, choice in enumerate(draft.choices, 1):
        if is_blank(choice.text):
            yield Problem("choice-empty", "choices", place)
        yield from _characters(choice.text, MAX_CHOICE_CHARS, "choice-too-long", "choices", place)
    yield from _repetitions(draft)


def _repetitions(draft: QuestionDraft) -> Iterator[Problem]:
    # Case counts: "Co" and "CO" are different answers to a chemist.
    seen: dict[str, tuple[int, bool]] = {}
    for place, choice in enumerate(draft.choices, 1):
        text = unicodedata.normalize("NFC", " ".join(choice.text.split()))
        first, right = seen.setdefault(text, (place, choice.right))
        if first != place:
            code = "choice-repeated" if choice.right == right else "choice-right-and-wrong"
            yield Problem(code, "choices", place, {"first": first}, harmless=choice.right == right)


def _number_problems(draft: QuestionDraft) -> Iterator[Problem]:
    if not MIN_TIME_LIMIT_S <= draft.time_limit_s <= MAX_TIME_LIMIT_S:
        limits = {"minimum": MIN_TIME_LIMIT_S, "maximum": MAX_TIME_LIMIT_S}
        yield Problem("time-limit-out-of-range", "time_limit_s", values=limits)
    if not 0 <= draft.points <= MAX_POINTS:
        yield Problem("points-out-of-range", "points", values={"minimum": 0, "maximum": MAX_POINTS})


def _characters(text: str, maximum: int, code: str, part: str, place: int | None = None) -> Iterator[Problem]:
    if len(text) > maximum:
        yield Problem(code, part, place, {"maximum": maximum, "count": len(text)})
    if any(is_unprintable(char) for char in text):
        yield Problem("control-character", part, place)
