"""What makes a question playable, judged the same for the editor and for every import.

Pure: values in, a list of problems out. A problem is a code and where it stands; ``wording.py`` gives it a sentence.
"""

from collections.abc import Iterator, Sequence

from quiz import kinds
from quiz.kinds.choice import LETTERS, MAX_CHOICE_CHARS, MAX_CHOICES, MIN_CHOICES
from quiz.kinds.draft import (
    DEFAULT_POINTS,
    DEFAULT_TIME_LIMIT_S,
    ChoiceDraft,
    Problem,
    QuestionDraft,
    is_blank,
    is_unprintable,
    text_problems,
)

MAX_TITLE_CHARS = 120  # one line on a projector, two on a phone
MAX_QUESTION_CHARS = 500  # about a third of a projected screen; the longest of 4,087 published questions has 433
MAX_EXPLANATION_CHARS = 1_000  # read in the pause of one reveal
MIN_TIME_LIMIT_S = 5
MAX_TIME_LIMIT_S = 240  # the longest that the common quiz sheets know
MAX_POINTS = 2_000  # a question counts double at most
MAX_QUESTIONS = 5_000  # a quiz; twice the largest published set, and still one page for the editor

__all__ = [
    "DEFAULT_POINTS",
    "DEFAULT_TIME_LIMIT_S",
    "LETTERS",
    "MAX_CHOICES",
    "MAX_CHOICE_CHARS",
    "MAX_EXPLANATION_CHARS",
    "MAX_POINTS",
    "MAX_QUESTIONS",
    "MAX_QUESTION_CHARS",
    "MAX_TIME_LIMIT_S",
    "MAX_TITLE_CHARS",
    "MIN_CHOICES",
    "MIN_TIME_LIMIT_S",
    "ChoiceDraft",
    "Problem",
    "QuestionDraft",
    "answers",
    "is_blank",
    "is_unprintable",
    "problems",
]


def problems(draft: QuestionDraft) -> list[Problem]:
    """Return everything that is wrong with a question; an empty list means that it can be played."""
    return [*_text_problems(draft), *_kind_problems(draft), *_picture_problems(draft), *_number_problems(draft)]


def answers(draft: QuestionDraft) -> Sequence[ChoiceDraft]:
    """Return the possible answers as an author reads them; of a kind that is not known here only the options."""
    return kinds.named(draft.kind).written(draft) if draft.kind in kinds.names() else draft.choices


def _text_problems(draft: QuestionDraft) -> Iterator[Problem]:
    if is_blank(draft.text):
        yield Problem("question-empty", "text")
    yield from text_problems(draft.text, MAX_QUESTION_CHARS, "question-too-long", "text")
    yield from text_problems(draft.explanation, MAX_EXPLANATION_CHARS, "explanation-too-long", "explanation")


def _kind_problems(draft: QuestionDraft) -> Iterator[Problem]:
    if draft.kind in kinds.names():
        yield from kinds.named(draft.kind).problems(draft)
    else:
        yield Problem("kind-unknown", "kind")


def _picture_problems(draft: QuestionDraft) -> Iterator[Problem]:
    for place, choice in enumerate(draft.choices, 1):
        if choice.picture and is_blank(choice.text) and is_blank(choice.picture.alt):
            yield Problem("alt-missing", "choices", place)


def _number_problems(draft: QuestionDraft) -> Iterator[Problem]:
    if not MIN_TIME_LIMIT_S <= draft.time_limit_s <= MAX_TIME_LIMIT_S:
        limits = {"minimum": MIN_TIME_LIMIT_S, "maximum": MAX_TIME_LIMIT_S}
        yield Problem("time-limit-out-of-range", "time_limit_s", values=limits)
    if not 0 <= draft.points <= MAX_POINTS:
        yield Problem("points-out-of-range", "points", values={"minimum": 0, "maximum": MAX_POINTS})
