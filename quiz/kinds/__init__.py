"""Kinds of question, each a small plug-in: one file a kind, all behind the interface in ``kind.py``. Pure.

A further kind comes with a Django app that the setting ``QUESTION_KINDS`` names; its ``AppConfig.ready`` calls
:func:`register` (``docs/decisions/0046-kinds-of-question.md``).
"""

from quiz.kinds.choice import Choice, Poll, TrueOrFalse
from quiz.kinds.draft import ChoiceDraft, Problem, QuestionDraft
from quiz.kinds.kind import Asked, BadChoice, BadSolution, Kind, Line, Partial, Told
from quiz.kinds.match import Match
from quiz.kinds.number import Number
from quiz.kinds.open import Open
from quiz.kinds.order import Order
from quiz.kinds.registry import UnknownKind, named, names, register
from quiz.kinds.typed import Typed

__all__ = [
    "Asked",
    "BadChoice",
    "BadSolution",
    "ChoiceDraft",
    "Kind",
    "Line",
    "Partial",
    "Problem",
    "QuestionDraft",
    "Told",
    "UnknownKind",
    "named",
    "names",
    "register",
]

for _kind in (Choice(), TrueOrFalse(), Poll(), Typed(), Number(), Order(), Match(), Open()):
    register(_kind)
