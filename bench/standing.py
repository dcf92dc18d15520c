"""What one player is due, from its own answers, held against what it is told. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench import answers, scoring

Data = dict[str, Any]


@dataclass
class Given:
    """An answer to one question. ``acknowledgement`` is the server's, ``points`` what the reveal gave for it.

    By the player's own clock (milliseconds) the options were ``seen_at``, and the answer ``sent_at``; 0: not yet.
    """

    answer_id: str
    choice: list[str]
    seen_at: float = 0
    sent_at: float = 0
    acknowledgement: Data | None = None
    is_refused: bool = False
    points: int | None = None


class Standing:
    """A player's own books: one :class:`Given` a question."""

    def __init__(self) -> None:
        self.given: dict[int, Given] = {}
        self.me: Data | None = None

    @property
    def lost(self) -> int:
        """Sent answers of which nothing was ever heard."""
        return sum(
            bool(given.sent_at) and not given.acknowledgement and not given.is_refused for given in self.given.values()
        )

    @property
    def unjudged(self) -> int:
        """Acknowledged answers whose points were never told: this player was away at the reveal."""
        return sum(bool(given.acknowledgement) and given.points is None for given in self.given.values())

    def acknowledge(self, acknowledgement: Data) -> list[str]:
        """Enter the server's receipt; what is wrong with it."""
        given = self.given[acknowledgement["question"]]
        first, given.acknowledgement = given.acknowledgement, given.acknowledgement or acknowledgement
        wrong = {
            "is for another answer": acknowledgement["answer_id"] != given.answer_id,
            "is for another choice": sorted(listed(acknowledgement["choice"])) != sorted(given.choice),
            "differs from the first": first is not None and first != acknowledgement,
        }
        return [f"the receipt for {given.answer_id} {problem}" for problem, is_so in wrong.items() if is_so]

    def judge(self, me: Data, question: Data, reveal: Data) -> list[str]:
        """Enter a result; what is wrong with it. ``question`` and ``reveal`` are those of the state."""
        self.me = me
        return [*self._answer_problems(me["answer"], question, reveal), *self._sum_problems(me)]

    def answer(self, answer_id: str) -> Given | None:
        """The answer with that id."""
        return next((given for given in self.given.values() if given.answer_id == answer_id), None)

    def taken_by_waiting(self, answer: Data, question: Data, reveal: Data) -> int:
        """The points due for a right answer by the player's own clock, less those given: what all queues took."""
        given = self.given[question["id"]]
        own_ms = max(int(given.sent_at - given.seen_at), 0)
        return max(_due(answer | {"elapsed_ms": own_ms}, question, reveal) - int(answer["points"]), 0)

    def final(self, me: Data, standings: Sequence[Data]) -> list[str]:
        """What is wrong with the state at the podium."""
        shown = next((row for row in standings if row["player"] == me["player"]), None)
        last = standings[-1]["points"] if standings else 0
        wrong = {
            "is not what the last result said": self.me is not None and _standing_of(me) != _standing_of(self.me),
            "is not what the podium shows": shown is not None and _standing_of(shown) != _standing_of(me),
            "is missing on the podium": shown is None and me["points"] > last,
        }
        return [f"the final place {me['place']} {p}" for p, is_so in wrong.items() if is_so] + self._sum_problems(me)

    def _answer_problems(self, answer: Data | None, question: Data, reveal: Data) -> list[str]:
        given = self.given.get(question["id"])
        if answer is None:
            is_lost = given is not None and given.acknowledgement is not None
            return [f"the acknowledged answer to {question['id']} is lost"] if is_lost else []
        if given is None or answer["answer_id"] != given.answer_id:
            return [f"an answer to {question['id']} is counted that was never sent: {answer['answer_id']}"]
        given.points = answer["points"]
        due = 0 if question["voided"] else _due(answer, question, reveal)
        wrong = {
            "is another choice than the one sent": sorted(listed(answer["choice"])) != sorted(given.choice),
            f"has {answer['points']} points instead of {due}": answer["points"] != due,
            "is called right and is not, or the other way round": answer["right"]
            != _is_right(answer, question, reveal),
        }
        return [f"the answer to {question['id']} {problem}" for problem, is_so in wrong.items() if is_so]

    def _sum_problems(self, me: Data) -> list[str]:
        total = sum(given.points or 0 for given in self.given.values())
        is_wrong = me["points"] < total if self.unjudged else me["points"] != total
        return [f"{me['points']} points in all are not the sum of the answers', {total}"] if is_wrong else []


def place_problems(finals: Mapping[int, Data]) -> list[str]:
    """What is wrong with the last ``me`` of all players (by id), held against each other."""
    points = [me["points"] for me in finals.values()]
    return [
        f"player {player} has place {me['place']} with {me['points']} points"
        for player, me in finals.items()
        if me["place"] != scoring.place(me["points"], points)
    ]


def _due(answer: Data, question: Data, reveal: Data) -> int:
    """In a game with the usual options, which are the only ones that the load plays."""
    choice, right, several = _held(answer, question, reveal)
    given = scoring.Question(
        right=right,
        several=several,
        limit_ms=question["time_limit_ms"],
        possible=question["points"],
        voided=question["voided"],
        choice=choice,
        elapsed_ms=answer["elapsed_ms"],
    )
    return scoring.points(given, scoring.DEFAULTS)


def _is_right(answer: Data, question: Data, reveal: Data) -> bool | None:
    """As the result should say it; of the load's typed answers none is right."""
    if not question.get("judged", True):
        return None
    choice, right, _ = _held(answer, question, reveal)
    return sorted(choice) == sorted(right)


def _held(answer: Data, question: Data, reveal: Data) -> tuple[list[Any], list[Any], bool]:
    kind = question.get("kind")
    if kind in ("number", "order", "match"):
        choice, right, several = answers.held(kind, answer["choice"], reveal["right"], {})
        return choice or [], right, several
    return listed(answer["choice"]), reveal["right"], question["several"]


def listed(choice: list[Any] | str | float) -> list[Any]:
    """A choice as a list of what was chosen, or typed."""
    return choice if isinstance(choice, list) else [choice]


def _standing_of(row: Data) -> tuple[int, int]:
    return row["points"], row["place"]
