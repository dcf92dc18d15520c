"""A number that is guessed: right within a tolerance, and beyond it worth something where nearness counts."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from quiz.kinds import figures
from quiz.kinds.draft import ChoiceDraft, Problem, QuestionDraft, text_problems
from quiz.kinds.figures import MAX_CHARS, NotANumber
from quiz.kinds.kind import Asked, BadChoice, BadSolution, Json, Kind, Line, Partial

MAX_UNIT_CHARS = 20  # beside the field on a phone
MAX_LINES = 20  # different guesses in a reveal; of more of them it tells how many lie between two round numbers
TAIL = 20  # one in so many at either end is not looked at when the bins are made: somebody always types 999999999

STEPS = (1, 2, 5)  # times a power of ten: where bins begin


class Number(Kind):
    """``data``: ``value``, ``tolerance`` (a number, or ``percent`` of the value), ``range``, ``unit``, ``decimal``.

    Whatever is no further from ``value`` than the tolerance is right. An answer that is d beyond it, with a ``range``
    of r, is worth 1 - (d / r)² where the game lets parts count, and nothing from d = r on. Without a range (None) it is
    worth nothing. ``decimal`` is the sign before the decimals in the quiz's language.
    """

    name = "number"
    look = "number"

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        data = draft.data
        if not _is_number(data.get("value")):
            yield Problem("not-a-number", "value")
        if not _is_number(data.get("tolerance", 0)):
            yield Problem("not-a-number", "tolerance")
        elif data.get("tolerance", 0) < 0:
            yield Problem("tolerance-negative", "tolerance")
        if data.get("range") is not None and not (_is_number(data["range"]) and data["range"] > 0):
            yield Problem("range-not-positive", "range")
        yield from text_problems(data.get("unit", ""), MAX_UNIT_CHARS, "unit-too-long", "unit")

    def written(self, draft: QuestionDraft) -> Sequence[ChoiceDraft]:
        return [ChoiceDraft(text, right=True) for text in self.solved(self.freeze(draft))]

    def freeze(self, draft: QuestionDraft) -> Asked:
        data = draft.data
        solution = {
            "value": data["value"],
            "tolerance": data.get("tolerance", 0),
            "percent": data.get("percent") is True,
        }
        settings = {"range": data.get("range"), "unit": data.get("unit", ""), "decimal": data.get("decimal", ".")}
        return Asked([], solution, settings=settings)

    def shown(self, asked: Asked) -> Json:
        return {"max_chars": MAX_CHARS, "unit": asked.settings["unit"]}

    def read(self, value: Json, asked: Asked) -> figures.Number:
        """The number; a text is read as the quiz's language writes numbers."""
        try:
            return _read(value, asked)
        except NotANumber:
            raise BadChoice from None

    def credit(self, choice: Json, asked: Asked, partial: Partial) -> Fraction:
        beyond, range = _beyond(choice, asked.solution), asked.settings["range"]
        if beyond == 0 or partial is Partial.NONE or range is None:
            return Fraction(beyond == 0)
        return 1 - min(beyond / figures.exact(range), Fraction(1)) ** 2

    def counts(self, choices: Iterable[Json], asked: Asked) -> dict[str, int]:
        """By guess, "1822"; if there are too many, by bin: "1820..1830" (without the end), "..1800", "1900.."."""
        guesses = Counter(choices)
        if len(guesses) > MAX_LINES:
            return _binned(sorted(figures.exact(guess) for guess in guesses.elements()))
        return {str(guess): guesses[guess] for guess in sorted(guesses)}

    def lines(self, counts: Mapping[str, int], asked: Asked) -> list[Line]:
        return [_line(key, count, asked) for key, count in counts.items()]

    def spelled(self, choice: Json, asked: Asked) -> list[str]:
        return [f"{_written(choice, asked)} {asked.settings['unit']}".strip()]

    def solved(self, asked: Asked) -> list[str]:
        tolerance = _written(asked.solution["tolerance"], asked)
        if asked.solution["tolerance"] == 0:
            return self.spelled(asked.solution["value"], asked)
        if asked.solution["percent"]:
            return [f"{self.spelled(asked.solution['value'], asked)[0]} ± {tolerance} %"]
        return [f"{_written(asked.solution['value'], asked)} ± {tolerance} {asked.settings['unit']}".strip()]

    def regrade(self, value: Json, asked: Asked) -> dict[str, Any]:
        """``value`` and ``tolerance``, by name or as a pair; the tolerance is in percent if it was."""
        wanted = [value.get("value"), value.get("tolerance", 0)] if isinstance(value, dict) else value
        if not isinstance(wanted, list) or len(wanted) != 2:
            raise BadSolution
        try:
            number, tolerance = (_read(each, asked) for each in wanted)
        except NotANumber:
            raise BadSolution from None
        if tolerance < 0:
            raise BadSolution
        return {**asked.solution, "value": number, "tolerance": tolerance}


def _read(value: Json, asked: Asked) -> figures.Number:
    return figures.read(value, asked.settings["decimal"]) if isinstance(value, str) else figures.number(value)


def _is_number(value: Json) -> bool:
    try:
        return figures.number(value) is not None
    except NotANumber:
        return False


def _written(number: figures.Number, asked: Asked) -> str:
    return figures.written(number, asked.settings["decimal"])


def _beyond(choice: figures.Number, solution: Mapping[str, Any]) -> Fraction:
    """How far beyond the tolerance a number is; 0 within it."""
    value, tolerance = figures.exact(solution["value"]), figures.exact(solution["tolerance"])
    margin = abs(value) * tolerance / 100 if solution["percent"] else tolerance
    return max(abs(figures.exact(choice) - value) - margin, Fraction(0))


def _binned(guesses: Sequence[Fraction]) -> dict[str, int]:
    tail = len(guesses) // TAIL
    low, high = guesses[tail], guesses[-1 - tail]
    if low == high:
        low, high = guesses[0], guesses[-1]
    step = _step((high - low) / (MAX_LINES - 3))
    first = low // step
    edges = [(first + n) * step for n in range(int(high // step - first) + 2)]
    names = ["", *(str(_plain(edge)) for edge in edges), ""]
    counts = Counter(bisect(edges, guess) for guess in guesses)
    return {f"{names[bin]}..{names[bin + 1]}": counts[bin] for bin in sorted(counts)}


def _step(least: Fraction) -> Fraction:
    """The smallest round number that is not less."""
    power = Fraction(1)
    while power * 10 <= least:
        power *= 10
    while power > least:
        power /= 10
    return next(step * power for step in (*STEPS, 10) if step * power >= least)


def _plain(value: Fraction) -> figures.Number:
    return int(value) if value.denominator == 1 else float(value)


def _line(key: str, count: int, asked: Asked) -> Line:
    low, between, high = key.partition("..")
    ends = [figures.number(float(end)) for end in (low, high) if end]
    right = len(ends) == 1 + bool(between) and all(_beyond(end, asked.solution) == 0 for end in ends)
    text = "–".join(_written(end, asked) for end in ends)
    if between and len(ends) == 1:
        text = f"≥ {text}" if low else f"< {text}"
    return Line(key, text, right, count)
