"""An answer that is typed, held against the spellings that its author accepts."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice

from quiz.kinds.draft import ChoiceDraft, Problem, QuestionDraft, is_blank, is_unprintable, text_problems
from quiz.kinds.kind import Asked, BadChoice, BadSolution, Json, Kind, Line, Partial, Told

MAX_ANSWER_CHARS = 80  # one line of a projector; nobody types more within a question's time
MAX_SPELLINGS = 50  # of one answer, corrections included
MAX_LINES = 12  # different wrong answers in a reveal, the most frequent: what fits beside each other on a wall
MAX_COUNTED = 200  # of them in the results: more than a host reads through for another spelling
MIN_NEAR_CHARS = 4  # of a spelling: one slip in a shorter one makes another word of it

_TYPOGRAPHIC = str.maketrans(dict.fromkeys("‘’ʼ`´", "'") | dict.fromkeys("‐‑–—−", "-"))
"""Phones write these by themselves."""


class Typed(Kind):
    """``data``: ``accepted`` spellings, whether ``case`` counts, and whether one slip is forgiven (``near``)."""

    name = "typed"
    look = "typed"

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        accepted = draft.data.get("accepted", ())
        if all(is_blank(text) for text in accepted):
            yield Problem("no-spelling", "accepted")
        if len(accepted) > MAX_SPELLINGS:
            yield Problem("too-many-spellings", "accepted", values={"maximum": MAX_SPELLINGS, "count": len(accepted)})
            return
        for text in accepted:
            yield from text_problems(text, MAX_ANSWER_CHARS, "spelling-too-long", "accepted")

    def written(self, draft: QuestionDraft) -> Sequence[ChoiceDraft]:
        return [ChoiceDraft(text, right=True) for text in draft.data["accepted"]]

    def freeze(self, draft: QuestionDraft) -> Asked:
        data = draft.data
        settings = {"case": data.get("case") is True, "near": data.get("near") is True}
        return Asked([], _unlike([_one_line(text) for text in data["accepted"]], settings), settings=settings)

    def shown(self, asked: Asked) -> Json:
        return {"max_chars": MAX_ANSWER_CHARS}

    def read(self, value: Json, asked: Asked) -> str:
        """The text in one line, as it was typed."""
        if not isinstance(value, str) or len(value) > MAX_ANSWER_CHARS:
            raise BadChoice
        if is_blank(value) or any(is_unprintable(char) for char in value):
            raise BadChoice
        return _one_line(value)

    def credit(self, choice: Json, asked: Asked, partial: Partial) -> Fraction:
        return Fraction(_spelling_of(choice, asked) is not None)

    def counts(self, choices: Iterable[Json], asked: Asked) -> dict[str, int]:
        """By accepted spelling, then the most frequent of the others, each as most people wrote it."""
        right, wrong, ways = Counter(dict.fromkeys(asked.solution, 0)), Counter[str](), dict[str, Counter[str]]()
        for choice in choices:
            if spelling := _spelling_of(choice, asked):
                right[spelling] += 1
            else:
                plain = folded(choice, case=asked.settings["case"])
                wrong[plain] += 1
                ways.setdefault(plain, Counter())[choice] += 1
        frequent = {ways[plain].most_common(1)[0][0]: count for plain, count in wrong.most_common(MAX_COUNTED)}
        return {**right, **frequent}

    def told(self, counts: Mapping[str, int], asked: Asked, is_unwanted: Callable[[str], bool]) -> Told:
        """All right answers, whatever their author wrote; of the others the most frequent that may be read."""
        right = {text: count for text, count in counts.items() if text in asked.solution}
        others = (text for text in counts if text not in right and not is_unwanted(text))
        return Told({**right, **{text: counts[text] for text in islice(others, MAX_LINES)}}, {})

    def lines(self, counts: Mapping[str, int], asked: Asked) -> list[Line]:
        return [Line(text, text, text in asked.solution, count) for text, count in counts.items()]

    def spelled(self, choice: Json, asked: Asked) -> list[str]:
        return [choice]

    def solved(self, asked: Asked) -> list[str]:
        return list(asked.solution)

    def regrade(self, value: Json, asked: Asked) -> list[str]:
        """All accepted spellings, one at least, whether anybody gave them or not; blank ones are fields left empty."""
        if not isinstance(value, list):
            raise BadSolution
        texts = [text for text in value if text != ""]
        if len(texts) > MAX_SPELLINGS:
            raise BadSolution("too-many-spellings")
        try:
            spellings = _unlike([self.read(text, asked) for text in texts], asked.settings)
        except BadChoice:
            raise BadSolution("bad-spelling") from None
        if not spellings:
            raise BadSolution
        return spellings


def folded(text: str, *, case: bool) -> str:
    """The form in which spellings are compared: NFKC, plain signs, single spaces, and one case unless it counts."""
    text = _one_line(unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHIC)))
    return text if case else unicodedata.normalize("NFKC", text.casefold())


def is_one_slip(typed: str, spelling: str) -> bool:
    """Whether one letter is missing, too many, another one, or two neighbours changed places; no digit may differ.

    The optimal string alignment distance of 1 (Damerau 1964), without the table: beyond the equal beginning and end
    only the slip is left.
    """
    if abs(len(typed) - len(spelling)) > 1 or _digits(typed) != _digits(spelling):
        return False
    start = 0
    while start < min(len(typed), len(spelling)) and typed[start] == spelling[start]:
        start += 1
    a, b = typed[start:], spelling[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _digits(text: str) -> list[str]:
    return [char for char in text if char.isdecimal()]


def _spelling_of(choice: str, asked: Asked) -> str | None:
    """The accepted spelling that an answer is, exactly rather than nearly."""
    case = asked.settings["case"]
    plain = {spelling: folded(spelling, case=case) for spelling in asked.solution}
    typed = folded(choice, case=case)
    exact = (spelling for spelling, text in plain.items() if text == typed)
    near = (spelling for spelling, text in plain.items() if len(text) >= MIN_NEAR_CHARS and is_one_slip(typed, text))
    return next(exact, None) or (next(near, None) if asked.settings["near"] else None)


def _unlike(spellings: Iterable[str], settings: Mapping[str, bool]) -> list[str]:
    """The spellings in their order, without those that say the same as one before, and without empty ones."""
    by_form: dict[str, str] = {}
    for text in spellings:
        if not is_blank(text):
            by_form.setdefault(folded(text, case=settings["case"]), text)
    return list(by_form.values())


def _one_line(text: str) -> str:
    return " ".join(text.split())
