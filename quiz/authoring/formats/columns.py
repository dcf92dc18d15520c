"""The names that columns of a question table go by, in English and Italian and in other tools' sheets."""

import re
from dataclasses import dataclass

MAX_COLUMNS = 100  # spreadsheets pad to 26; more is no table of questions, and would take long to look through

_NAMES = {
    "question": "question text|question|text|prompt|testo della domanda|testo domanda|domanda|testo|quesito",
    "right": (
        "correct answer|correct answer index|correct answer number|correct index"
        "|correct answers|correct option|correct options|correct choice|correct|right answer"
        "|right answers|right option|right|answer|answers|solution|key"
        "|risposta corretta|risposte corrette|risposta esatta"
        "|risposte esatte|risposta giusta|risposte giuste|opzione corretta|corretta|corrette|esatta|giusta|soluzione"
        "|risposta|risposte"
    ),
    "time_limit": (
        "time limit|time limit sec|time limit s|time limit in seconds|time in seconds|time|timer|seconds"
        "|limite di tempo|tempo limite|tempo in secondi|tempo|secondi|durata|duration"
    ),
    "points": "points|score|punti|punteggio",
    "explanation": "answer explanation|explanation|feedback|spiegazione|commento",
    "kind": "question type|type|kind|tipo di domanda|tipo domanda|tipo|tipologia",
}
_CHOICE = re.compile(
    r"(?:(?:answer|option|choice|response|risposta|opzione|scelta|alternativa) ?)([1-9][0-9]?|[a-z])|([a-h])"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each thing stands (from 0), None for what a table has not.

    ``width`` is the number of columns, ``ignored`` the headings that mean nothing to us.
    """

    question: int
    choices: list[int]
    right: int
    time_limit: int | None
    points: int | None
    explanation: int | None
    kind: int | None
    width: int
    ignored: list[str]


def find_columns(cells: list[str]) -> Columns | None:
    """Read a row as a header. None if it does not name the question, two options and what is right."""
    if len(cells) > MAX_COLUMNS:
        return None
    names = {index: _normalise(cell) for index, cell in enumerate(cells)}
    choices = _find_choices(names)
    places = {column: _find(column, names) for column in _NAMES}
    question, right = places.pop("question"), places.pop("right")
    if question is None or right is None or len(choices) < 2:
        return None
    used = {question, right, *choices, *places.values()}
    ignored = [" ".join(cells[index].split()) for index, name in names.items() if name and index not in used]
    return Columns(question, choices, right, **places, width=len(cells), ignored=ignored)


def _find(column: str, names: dict[int, str]) -> int | None:
    # In the order of preference: a table may have both "Question text" and "Question".
    for wanted in _NAMES[column].split("|"):
        for index, name in names.items():
            if name == wanted:
                return index
    return None


def _find_choices(names: dict[int, str]) -> list[int]:
    found: dict[int, int] = {}
    for index, name in names.items():
        if match := _CHOICE.fullmatch(name):
            found.setdefault(_choice_order(match[1] or match[2]), index)
    return [found[order] for order in sorted(found)]


def _choice_order(label: str) -> int:
    return int(label) if label.isdecimal() else ord(label) - ord("a") + 1


def _normalise(cell: str) -> str:
    """Reduce a heading to its words: "Answer 3\\n(Optional)" and "Answer 3 - max 75 characters" are "answer 3"."""
    heading = re.split(r"\n| [-–—] ", cell.strip().casefold(), maxsplit=1)[0]
    heading = re.sub(r"\([^()]*\)", "", heading).replace("#", " number ").replace("'", " ")
    return re.sub(r"[\W_]+", " ", heading).strip()
