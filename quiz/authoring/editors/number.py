"""The form of numbers that are guessed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quiz.kinds import figures
from quiz.kinds.number import MAX_UNIT_CHARS

from ..rules import ChoiceDraft, QuestionDraft
from .base import QuestionForm


def _field(label: Any, help: Any = "", initial: str = "") -> forms.CharField:  # noqa: ANN401  # lazy texts
    attributes = {"autocomplete": "off", "maxlength": figures.MAX_CHARS}
    return forms.CharField(
        label=label, help_text=help, required=False, initial=initial, widget=forms.TextInput(attrs=attributes)
    )


class NumberForm(QuestionForm):
    """The right number, what is still right, and how far away an answer is still worth something."""

    kind = "number"
    title = _("Number")
    template = "authoring/kinds/number.html"

    value = _field(_("Right number"))
    tolerance = _field(_("Tolerance"), _("Answers that differ by no more than this are right."), "0")
    percent = forms.ChoiceField(
        label=_("The tolerance is"),
        choices=[("", _("a number")), ("%", _("percent of the right number"))],
        required=False,
    )
    range = _field(
        _("Range of near answers"),
        _(
            "May stay empty. In games in which partly right answers earn something, an answer that is d beyond the"
            " tolerance earns 1 − (d ÷ range)² of the points."
        ),
    )
    unit = forms.CharField(
        label=_("Unit"),
        help_text=_("Stands beside the number; players type none."),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": MAX_UNIT_CHARS, "autocomplete": "off"}),
    )

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        data = question.data
        numbers = {name: data.get(name) for name in ("value", "tolerance", "range")}
        return {
            **super().initial_of(question),
            **{name: "" if n is None else figures.written(n, self.language.decimal) for name, n in numbers.items()},
            "percent": "%" if data["percent"] else "",
            "unit": data["unit"],
        }

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        data = self.cleaned_data
        return (), {
            "value": self._number("value"),
            "tolerance": self._number("tolerance") if data["tolerance"] else 0,
            "range": self._number("range") if data["range"] else None,
            "percent": data["percent"] == "%",
            "unit": data["unit"].strip(),
            "decimal": self.language.decimal,
        }

    def _number(self, name: str) -> figures.Number | str:
        """The number, or the text that is none, of which the rules say so."""
        text: str = self.cleaned_data[name]
        try:
            return figures.read(text, self.language.decimal)
        except figures.NotANumber:
            return text
