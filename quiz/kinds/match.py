"""Pairs to be found: to each item on the left its partner, which stands shuffled among the others."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from quiz.kinds.choice import ID_BYTES, option_problems
from quiz.kinds.draft import ChoiceDraft, Problem, QuestionDraft, is_blank, text_problems
from quiz.kinds.kind import Asked, BadChoice, BadSolution, Json, Kind, Line, Partial, share

MIN_PAIRS = 3
MAX_PARTNER_CHARS = 80  # one line of a phone's list to choose from

_dice = secrets.SystemRandom()


class Match(Kind):
    """``choices`` on the left, ``data["partners"]`` in the same order; two may have the same partner.

    Solution and choice are lists of the partners' ids, in the order of the items on the left.
    """

    name = "match"
    look = "match"
    formatted = ("partners",)

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        for problem in option_problems(draft, MIN_PAIRS):
            yield replace(problem, harmless=False)  # who sees the same twice cannot know whose partner is whose
        partners = draft.data.get("partners", ())
        for place, text in enumerate(partners, 1):
            if is_blank(text):
                yield Problem("partner-missing", "partners", place)
            yield from text_problems(text, MAX_PARTNER_CHARS, "partner-too-long", "partners", place)
        if len(set(partners)) == 1:
            yield Problem("partners-all-the-same", "partners")

    def written(self, draft: QuestionDraft) -> Sequence[ChoiceDraft]:
        return [
            replace(choice, text=f"{choice.text} → {partner}")
            for choice, partner in zip(draft.choices, draft.data["partners"], strict=True)
        ]

    def freeze(self, draft: QuestionDraft) -> Asked:
        texts = draft.data["partners"]
        trees = dict(zip(texts, draft.data.get("partners_rich", (None,) * len(texts)), strict=True))
        ids = {text: secrets.token_hex(ID_BYTES) for text in trees}
        partners = [{"id": id, "text": text} | _rich(trees[text]) for text, id in ids.items()]
        _dice.shuffle(partners)
        choices = [choice.shown(secrets.token_hex(ID_BYTES)) for choice in draft.choices]
        return Asked(choices, [ids[text] for text in texts], settings={"partners": partners})

    def shown(self, asked: Asked) -> Json:
        return {"partners": asked.settings["partners"]}

    def read(self, value: Json, asked: Asked) -> list[str]:
        """A partner for each item on the left."""
        texts = _texts(asked.settings["partners"])
        if not isinstance(value, list) or len(value) != len(asked.choices):
            raise BadChoice
        if any(not isinstance(id, str) or id not in texts for id in value):
            raise BadChoice
        return value

    def credit(self, choice: Json, asked: Asked, partial: Partial) -> Fraction:
        """Of n pairs: ``lenient`` gives right / n, ``balanced`` (right - wrong) / n and not less than 0, ``none`` all
        or nothing.
        """
        if partial is Partial.NONE or choice == asked.solution:
            return Fraction(choice == asked.solution)
        hits = sum(given == right for given, right in zip(choice, asked.solution, strict=True))
        return share(hits, len(choice) - hits, len(choice), partial)

    def counts(self, choices: Iterable[Json], asked: Asked) -> dict[str, int]:
        """By item on the left: how many found its partner."""
        given = list(choices)
        return {
            item["id"]: sum(one[place] == right for one in given)
            for place, (item, right) in enumerate(zip(asked.choices, asked.solution, strict=True))
        }

    def lines(self, counts: Mapping[str, int], asked: Asked) -> list[Line]:
        pairs = zip(asked.choices, self.solved(asked), strict=True)
        return [Line(item["id"], text, True, counts[item["id"]]) for item, text in pairs]

    def spelled(self, choice: Json, asked: Asked) -> list[str]:
        texts = _texts(asked.settings["partners"])
        return [f"{item['text']} → {texts[id]}" for item, id in zip(asked.choices, choice, strict=True)]

    def regrade(self, value: Json, asked: Asked) -> list[str]:
        """The partner that is right instead, for each item on the left."""
        try:
            return self.read(value, asked)
        except BadChoice:
            raise BadSolution from None


def _rich(tree: Json) -> dict[str, Json]:
    return {"rich": tree} if tree else {}


def _texts(items: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {item["id"]: item["text"] for item in items}
