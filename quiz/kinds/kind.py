"""The interface of a kind of question, and the values that pass through it.

A question has three lives. Its author writes a :class:`~quiz.kinds.draft.QuestionDraft`; a game plays a frozen copy,
:class:`Asked`; a player's answer is the JSON that :meth:`Kind.read` returns, called a choice whatever its shape.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar

from quiz.kinds.draft import ChoiceDraft, Problem, QuestionDraft

Json = Any


class Partial(StrEnum):
    """What a choice earns that is neither wholly right nor wholly wrong."""

    NONE = "none"
    BALANCED = "balanced"
    LENIENT = "lenient"


def share(hits: int, misses: int, of: int, partial: Partial) -> Fraction:
    """The part of its points that an answer deserves with ``hits`` right and ``misses`` wrong parts, ``of`` so many.

    ``BALANCED`` takes off a part for each miss, down to 0; ``LENIENT`` does not. ``NONE`` has no parts at all.
    """
    return Fraction(max(hits - misses, 0) if partial is Partial.BALANCED else hits, of)


class BadChoice(ValueError):
    """What came cannot be an answer to this question."""


class BadSolution(ValueError):
    """What came cannot be what is right in this question; ``quiz.play.errors`` has a sentence for each ``code``."""

    def __init__(self, code: str = "bad-right") -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a game asks it.

    ``choices`` (``id``, ``text``) are shown to everybody once it opens, ids random and new in each game. ``solution``
    and ``settings`` are the kind's own JSON and never leave the server before the reveal; of the settings players see
    what :meth:`Kind.shown` says.
    """

    choices: Sequence[Mapping[str, Any]]
    solution: Json
    several: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the results: a possible answer, whether it is right, and how many gave it.

    ``key`` is what a correction names it by. One that is ``hidden`` the host has taken out of the room's sight.
    """

    key: str
    text: str
    right: bool
    count: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a reveal says of the answers: counts, and what the page needs beside them."""

    counts: Mapping[str, int]
    view: Json


class Kind(ABC):
    """One kind of question. It has no state: all it knows of a question comes as an argument.

    ``name`` is stored with each question. ``look`` names its ES module ``static/play/kinds/<look>.js`` and its template
    ``templates/play/kinds/<look>.html``. Of a kind that is not ``judged`` nothing is right, and it earns no points.
    The options of a ``lettered`` kind have letters, by which a phone can name them without their texts.
    Of a ``moderated`` one the answers are people's own words, of which the host may hide some.
    ``formatted`` names the lists of a draft's ``data`` whose texts are formatted as those of options are:
    :meth:`freeze` finds the plain ones in their place, and beside ``texts`` a list ``texts_rich`` of trees or None.
    """

    name: ClassVar[str]
    look: ClassVar[str]
    judged: ClassVar[bool] = True
    moderated: ClassVar[bool] = False
    lettered: ClassVar[bool] = False
    formatted: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        """What keeps a draft's ``choices`` and ``data`` from being asked; all else is judged elsewhere."""

    @abstractmethod
    def freeze(self, draft: QuestionDraft) -> Asked:
        """The copy that a game asks. Neither ids nor order of what is shown may tell what is right."""

    @abstractmethod
    def read(self, value: Json, asked: Asked) -> Json:
        """A player's answer in the one form in which it is stored; :class:`BadChoice`.

        ``value`` is any JSON, from anybody. What this returns is read again to the same.
        """

    @abstractmethod
    def credit(self, choice: Json, asked: Asked, partial: Partial) -> Fraction:
        """The part of its points that an answer deserves, 0 to 1. With ``Partial.NONE`` 1 means: wholly right."""

    @abstractmethod
    def counts(self, choices: Iterable[Json], asked: Asked) -> dict[str, int]:
        """How many gave which answer; unless :meth:`told` takes some out, few enough for a message to everybody."""

    def told(self, counts: Mapping[str, int], asked: Asked, is_unwanted: Callable[[str], bool]) -> Told:
        """What of the counts everybody is told, few enough lines for a message; some texts are unwanted in a game."""
        return Told(counts, {})

    @abstractmethod
    def lines(self, counts: Mapping[str, int], asked: Asked) -> list[Line]:
        """The same counts in words, for the host's results."""

    @abstractmethod
    def spelled(self, choice: Json, asked: Asked) -> list[str]:
        """An answer in words."""

    def solved(self, asked: Asked) -> list[str]:
        """What is right, in words; empty where nothing is. By default the solution is in the form of an answer."""
        return self.spelled(asked.solution, asked)

    @abstractmethod
    def regrade(self, value: Json, asked: Asked) -> Json:
        """The solution that a host wants instead; :class:`BadSolution`. The form of the results sends keys of lines."""

    def hiding(self, entry: str, hidden: bool, counts: Mapping[str, int], asked: Asked) -> Mapping[str, Any]:
        """The settings with which the room is told that key of the counts no longer, or again; ``LookupError``."""
        raise LookupError(entry)

    def written(self, draft: QuestionDraft) -> Sequence[ChoiceDraft]:
        """The draft's possible answers as its author reads them in the list of questions."""
        return draft.choices

    def shown(self, asked: Asked) -> Json:
        """What the page needs to ask the question beside its choices; nothing of the solution."""
        return {}

    def is_right(self, choice: Json, asked: Asked) -> bool:
        """Whether an answer is wholly right."""
        return self.judged and self.credit(choice, asked, Partial.NONE) == 1
