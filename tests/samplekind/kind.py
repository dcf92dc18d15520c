"""A number of stars; one star beside the right number is worth half."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from quiz.kinds import Asked, BadChoice, BadSolution, ChoiceDraft, Kind, Line, Partial, Problem, QuestionDraft

MOST = 5


class Stars(Kind):
    """``data["stars"]`` is the right number."""

    name = "stars"
    look = "stars"

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        if not _is_number(draft.data.get("stars")):
            yield Problem("no-such-stars", "stars", values={"maximum": MOST})

    def written(self, draft: QuestionDraft) -> list[ChoiceDraft]:
        return [ChoiceDraft(_spelled(draft.data["stars"]), right=True)]

    def freeze(self, draft: QuestionDraft) -> Asked:
        return Asked([], draft.data["stars"])

    def shown(self, asked: Asked) -> Any:
        return {"most": MOST}

    def read(self, value: Any, asked: Asked) -> int:
        if not _is_number(value):
            raise BadChoice
        return int(value)

    def credit(self, choice: Any, asked: Asked, partial: Partial) -> Fraction:
        if partial is Partial.NONE or choice == asked.solution:
            return Fraction(choice == asked.solution)
        return Fraction(1, 2) if abs(choice - asked.solution) == 1 else Fraction(0)

    def counts(self, choices: Iterable[Any], asked: Asked) -> dict[str, int]:
        given = Counter(choices)
        return {str(number): given[number] for number in range(1, MOST + 1)}

    def lines(self, counts: Mapping[str, int], asked: Asked) -> list[Line]:
        return [Line(key, _spelled(int(key)), int(key) == asked.solution, count) for key, count in counts.items()]

    def spelled(self, choice: Any, asked: Asked) -> list[str]:
        return [_spelled(choice)]

    def solved(self, asked: Asked) -> list[str]:
        return [_spelled(asked.solution)]

    def regrade(self, value: Any, asked: Asked) -> int:
        """One key of a line, as the form of the results sends it, or the number."""
        if isinstance(value, list) and len(value) == 1 and value[0] in map(str, range(1, MOST + 1)):
            return int(value[0])
        if not _is_number(value):
            raise BadSolution
        return int(value)


def _is_number(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MOST


def _spelled(number: int) -> str:
    return "★" * number
