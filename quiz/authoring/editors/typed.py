"""The form of answers that are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..rules import ChoiceDraft, QuestionDraft
from .base import QuestionForm, unix_lines


class TypedForm(QuestionForm):
    """The accepted spellings, one a line, and how strictly answers are held against them."""

    kind = "typed"
    title = _("Typed answer")
    template = "authoring/kinds/typed.html"

    accepted = forms.CharField(
        label=_("Accepted answers"),
        required=False,
        help_text=_("One spelling a line; the first one is shown as the right answer."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    near = forms.BooleanField(
        label=_("Forgive one slip of the finger"),
        required=False,
        initial=True,
        help_text=_("A letter missing, too many, mistaken or swapped, in answers of four letters or more; no digits."),
    )
    case = forms.BooleanField(label=_("Capital letters count"), required=False)

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        data = {"accepted": "\n".join(question.data["accepted"])}
        return {**super().initial_of(question), **question.data, **data}

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        data = self.cleaned_data
        spellings = [line.strip() for line in unix_lines(data["accepted"]).split("\n") if line.strip()]
        return (), {"accepted": spellings, "case": data["case"], "near": data["near"]}
