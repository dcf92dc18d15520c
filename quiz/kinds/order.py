"""Items to be put into order. The author writes them in the right one; a game shows them shuffled."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from quiz.kinds.choice import ID_BYTES, option_problems
from quiz.kinds.draft import ChoiceDraft, Problem, QuestionDraft
from quiz.kinds.kind import Asked, BadChoice, BadSolution, Json, Kind, Line, Partial, share

MIN_ITEMS = 3  # of two one is first: that is a choice

_dice = secrets.SystemRandom()


class Order(Kind):
    """``choices`` in the right order; solution and choice are lists of their ids.

    They are shown in any order, the right one included: one that was never right would tell something.
    """

    name = "order"
    look = "order"

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        for problem in option_problems(draft, MIN_ITEMS):
            yield replace(problem, harmless=False)  # who sees the same twice cannot know which comes first

    def written(self, draft: QuestionDraft) -> Sequence[ChoiceDraft]:
        return [replace(choice, text=f"{n}. {choice.text}") for n, choice in enumerate(draft.choices, 1)]

    def freeze(self, draft: QuestionDraft) -> Asked:
        choices = [choice.shown(secrets.token_hex(ID_BYTES)) for choice in draft.choices]
        right = [choice["id"] for choice in choices]
        _dice.shuffle(choices)
        return Asked(choices, right)

    def read(self, value: Json, asked: Asked) -> list[str]:
        """All ids, each once."""
        ids = [choice["id"] for choice in asked.choices]
        if not isinstance(value, list) or len(value) != len(ids) or any(id not in value for id in ids):
            raise BadChoice
        return value

    def credit(self, choice: Json, asked: Asked, partial: Partial) -> Fraction:
        """Of n items there are n - 1 pairs of which one comes right after the other in the right order. ``lenient``
        gives the share of them whose first comes before its second in the answer, ``balanced`` takes off the share of
        the others (not below 0), ``none`` is all or nothing.
        """
        if partial is Partial.NONE or choice == asked.solution:
            return Fraction(choice == asked.solution)
        pairs = list(pairwise(asked.solution))
        hits = sum(choice.index(first) < choice.index(second) for first, second in pairs)
        return share(hits, len(pairs) - hits, len(pairs), partial)

    def counts(self, choices: Iterable[Json], asked: Asked) -> dict[str, int]:
        """By item: how many put it into its place."""
        given = list(choices)
        return {id: sum(one[place] == id for one in given) for place, id in enumerate(asked.solution)}

    def lines(self, counts: Mapping[str, int], asked: Asked) -> list[Line]:
        texts = _texts(asked)
        return [Line(id, f"{n}. {texts[id]}", True, counts[id]) for n, id in enumerate(asked.solution, 1)]

    def spelled(self, choice: Json, asked: Asked) -> list[str]:
        texts = _texts(asked)
        return [f"{n}. {texts[id]}" for n, id in enumerate(choice, 1)]

    def regrade(self, value: Json, asked: Asked) -> list[str]:
        """All ids in the order that is right instead."""
        try:
            return self.read(value, asked)
        except BadChoice:
            raise BadSolution from None


def _texts(asked: Asked) -> dict[str, str]:
    return {choice["id"]: choice["text"] for choice in asked.choices}
