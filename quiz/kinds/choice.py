"""Options to choose from: one, or all that are right; true or false; and polls, in which nothing is right."""

import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from quiz.kinds.draft import ChoiceDraft, Problem, QuestionDraft, is_blank, text_problems
from quiz.kinds.kind import Asked, BadChoice, BadSolution, Json, Kind, Line, Partial, share
from quiz.kinds.language import Language

MIN_CHOICES = 2
MAX_CHOICES = 6  # as many as there are colours, shapes and letters to tell them apart
LETTERS = "ABCDEF"  # what people call them
MAX_CHOICE_CHARS = 300  # six of them still fit beside each other; the longest of 14,000 published options has 257

ID_BYTES = 4


class Choice(Kind):
    """One right option of several, or several: more than one to be chosen where more than one was right."""

    name = "choice"
    look = "choice"
    lettered = True

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        if self.judged and len(draft.choices) <= MAX_CHOICES and not any(choice.right for choice in draft.choices):
            yield Problem("none-right", "choices")
        yield from option_problems(draft, MIN_CHOICES)

    def freeze(self, draft: QuestionDraft) -> Asked:
        ids = [secrets.token_hex(ID_BYTES) for _ in draft.choices]
        right = [id for id, choice in zip(ids, draft.choices, strict=True) if choice.right]
        choices = [choice.shown(id) for id, choice in zip(ids, draft.choices, strict=True)]
        return Asked(choices, right, several=len(right) > 1)

    def read(self, value: Json, asked: Asked) -> list[str]:
        """The chosen ids in the question's order; one for a single question, at least one for several."""
        chosen, known = value if isinstance(value, list) else [value], _ids(asked)
        if not chosen or len(chosen) > len(known) or any(id not in known for id in chosen):
            raise BadChoice
        if len(set(chosen)) != len(chosen) or (len(chosen) > 1 and not asked.several):
            raise BadChoice
        return [id for id in known if id in chosen]

    def credit(self, choice: Json, asked: Asked, partial: Partial) -> Fraction:
        """Of the points, with k right options: ``balanced`` gives (right - wrong) / k and not less than 0, ``lenient``
        right / k whatever else was chosen, ``none`` all or nothing. Where one was to be chosen, it is that anyway.
        """
        chosen, right = set(choice), set(asked.solution)
        if not asked.several:
            return Fraction(len(chosen) == 1 and chosen <= right)
        if partial is Partial.NONE or chosen == right:
            return Fraction(chosen == right)
        return share(len(chosen & right), len(chosen - right), len(right), partial)

    def counts(self, choices: Iterable[Json], asked: Asked) -> dict[str, int]:
        chosen = Counter(id for choice in choices for id in choice)
        return {id: chosen[id] for id in _ids(asked)}

    def lines(self, counts: Mapping[str, int], asked: Asked) -> list[Line]:
        return [
            Line(choice["id"], choice["text"], choice["id"] in asked.solution, counts[choice["id"]])
            for choice in asked.choices
        ]

    def spelled(self, choice: Json, asked: Asked) -> list[str]:
        return [one["text"] for one in asked.choices if one["id"] in choice]

    def regrade(self, value: Json, asked: Asked) -> list[str]:
        """The ids of the right options in the question's order, one at least."""
        known = _ids(asked)
        if not isinstance(value, list) or not value or any(id not in known for id in value):
            raise BadSolution
        return [id for id in known if id in value]


class TrueOrFalse(Choice):
    """A statement that is true or false: two options, one of them right."""

    name = "truefalse"

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        yield from super().problems(draft)
        if len(draft.choices) > 2 or sum(choice.right for choice in draft.choices) > 1:
            yield Problem("true-and-false", "choices")


class Poll(Choice):
    """What people think: options of which none is right. ``data["several"]``: more than one may be chosen."""

    name = "poll"
    judged = False

    def freeze(self, draft: QuestionDraft) -> Asked:
        return replace(super().freeze(draft), solution=[], several=draft.data.get("several") is True)

    def credit(self, choice: Json, asked: Asked, partial: Partial) -> Fraction:
        return Fraction(0)

    def regrade(self, value: Json, asked: Asked) -> list[str]:
        raise BadSolution


def option_problems(draft: QuestionDraft, minimum: int) -> Iterator[Problem]:
    """What is wrong with the number and the texts of a draft's options."""
    if len(draft.choices) < minimum:
        yield Problem("too-few-choices", "choices", values={"minimum": minimum})
    if len(draft.choices) > MAX_CHOICES:
        # Nothing else is said of them: a broken file may have a hundred thousand.
        yield Problem("too-many-choices", "choices", values={"maximum": MAX_CHOICES, "count": len(draft.choices)})
        return
    for place, choice in enumerate(draft.choices, 1):
        if is_blank(choice.text) and not choice.picture:
            yield Problem("choice-empty", "choices", place)
        yield from text_problems(choice.text, MAX_CHOICE_CHARS, "choice-too-long", "choices", place)
    yield from _repetitions(draft)


def statement(is_true: bool, language: Language) -> tuple[ChoiceDraft, ChoiceDraft]:
    """The options of a statement in that language of a quiz."""
    return ChoiceDraft(language.true, is_true), ChoiceDraft(language.false, not is_true)


def _ids(asked: Asked) -> Sequence[str]:
    return [choice["id"] for choice in asked.choices]


def _repetitions(draft: QuestionDraft) -> Iterator[Problem]:
    # Case counts: "Co" and "CO" are different answers to a chemist.
    seen: dict[tuple[str, str], tuple[int, bool]] = {}
    for place, choice in enumerate(draft.choices, 1):
        text = unicodedata.normalize("NFC", " ".join(choice.text.split()))
        picture = choice.picture.id if choice.picture else ""
        first, right = seen.setdefault((text, picture), (place, choice.right))
        if first != place:
            code = "choice-repeated" if choice.right == right else "choice-right-and-wrong"
            yield Problem(code, "choices", place, {"first": first}, harmless=choice.right == right)
