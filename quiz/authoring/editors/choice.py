"""Forms of the kinds that have options: choice, true or false, poll."""

from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quiz.kinds.choice import statement

from .. import rules, wording
from ..rules import LETTERS, ChoiceDraft, Problem, QuestionDraft
from .base import QuestionForm


class ChoiceRow(NamedTuple):
    """One option as the template shows it: its letter, and the fields; in a poll nothing is right."""

    letter: str
    text: forms.BoundField
    right: forms.BoundField | None


class ChoiceForm(QuestionForm):
    """Six rows for options; rows without text and tick are no options."""

    kind = "choice"
    title = _("Choice")
    template = "authoring/kinds/choice.html"

    def __init__(
        self, data: QueryDict | None = None, question: QuestionDraft | None = None, language: str = "en"
    ) -> None:
        super().__init__(data, question, language)
        for place, letter in enumerate(LETTERS, 1):
            self.fields[f"choice_{place}"] = forms.CharField(
                label=_("Option %(letter)s") % {"letter": letter},
                required=False,
                widget=forms.TextInput(attrs={"maxlength": rules.MAX_CHOICE_CHARS, "autocomplete": "off"}),
            )
            if self.is_judged:
                self.fields[f"right_{place}"] = forms.BooleanField(
                    label=_("Option %(letter)s is right") % {"letter": letter}, required=False
                )

    @property
    def rows(self) -> list[ChoiceRow]:
        """The options as the template shows them."""
        return [
            ChoiceRow(letter, self[f"choice_{place}"], self[f"right_{place}"] if self.is_judged else None)
            for place, letter in enumerate(LETTERS, 1)
        ]

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        initial = super().initial_of(question)
        for place, choice in enumerate(question.choices, 1):
            initial |= {f"choice_{place}": choice.text, f"right_{place}": choice.right}
        return initial

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        data = self.cleaned_data
        drafts = (ChoiceDraft(data[f"choice_{place}"], data.get(f"right_{place}", False)) for place in self._filled())
        return tuple(drafts), {}

    def field_of(self, problem: Problem) -> str | None:
        return f"choice_{self._filled()[problem.choice - 1]}" if problem.choice else super().field_of(problem)

    def sentence(self, problem: Problem) -> str:
        return wording.of_problem(problem, self._filled())

    def _filled(self) -> list[int]:
        """The numbers of the rows that hold options."""
        data, places = self.data, range(1, len(LETTERS) + 1)
        return [place for place in places if data.get(f"choice_{place}", "").strip() or data.get(f"right_{place}")]


class TrueOrFalseForm(QuestionForm):
    """A statement, and whether it is true."""

    kind = "truefalse"
    title = _("True or false")
    template = "authoring/kinds/truefalse.html"

    is_true = forms.TypedChoiceField(
        label=_("The statement is"),
        choices=[("true", _("true")), ("false", _("false"))],
        coerce=lambda word: word == "true",
        widget=forms.RadioSelect,
    )

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        return {**super().initial_of(question), "is_true": "true" if question.choices[0].right else "false"}

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        return statement(self.cleaned_data["is_true"], self.language), {}


class PollForm(ChoiceForm):
    """Options of which none is right."""

    kind = "poll"
    title = _("Poll")

    several = forms.BooleanField(label=_("More than one may be chosen"), required=False)

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        return {**super().initial_of(question), "several": question.data.get("several", False)}

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        return super().read()[0], {"several": self.cleaned_data["several"]}
