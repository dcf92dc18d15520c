"""The form of open questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quiz.kinds.open import CLOUD, MAX_ENTRIES, TEXT

from ..rules import ChoiceDraft, QuestionDraft
from .base import QuestionForm


class OpenForm(QuestionForm):
    """Whether players write a text or words of a cloud, and how many words."""

    kind = "open"
    title = _("Open text or word cloud")
    template = "authoring/kinds/open.html"

    form = forms.ChoiceField(
        label=_("Players write"),
        choices=[
            (CLOUD, _("words or short phrases, shown as a cloud")),
            (TEXT, _("a short text each, shown as a list")),
        ],
        initial=CLOUD,
        widget=forms.RadioSelect,
    )
    entries = forms.TypedChoiceField(
        label=_("Words of each player in a cloud"),
        choices=[(number, str(number)) for number in range(1, MAX_ENTRIES + 1)],
        coerce=int,
        initial=MAX_ENTRIES,
    )

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        return {**super().initial_of(question), **question.data}

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        data = self.cleaned_data
        return (), {"form": data["form"], "entries": data["entries"] if data["form"] == CLOUD else 1}
