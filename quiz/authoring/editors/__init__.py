"""The editor's forms, one for each kind of question: :func:`register` adds that of another app's kind."""

from .. import wording
from .base import QuestionForm
from .choice import ChoiceForm, PollForm, TrueOrFalseForm
from .match import MatchForm
from .number import NumberForm
from .open import OpenForm
from .order import OrderForm
from .typed import TypedForm

_FORMS: dict[str, type[QuestionForm]] = {}


def register(form: type[QuestionForm]) -> None:
    """Make the form of a kind known, with the sentences for the problems that the kind finds."""
    _FORMS[form.kind] = form
    wording.PROBLEMS.update(form.sentences)


def named(kind: str) -> type[QuestionForm] | None:
    """The form of that kind, if there is one."""
    return _FORMS.get(kind)


def forms() -> list[type[QuestionForm]]:
    """All forms, in the order in which authors are offered them."""
    return list(_FORMS.values())


for _form in (ChoiceForm, TrueOrFalseForm, PollForm, TypedForm, NumberForm, OrderForm, MatchForm, OpenForm):
    register(_form)
