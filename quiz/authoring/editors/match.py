"""The form of pairs to be found."""

from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from quiz.kinds.match import MAX_PARTNER_CHARS

from ..rules import LETTERS, ChoiceDraft, Problem, QuestionDraft
from .choice import ChoiceForm, ChoiceRow


class Pair(NamedTuple):
    """An item and its partner as the template shows them."""

    item: ChoiceRow
    partner: forms.BoundField


class MatchForm(ChoiceForm):
    """Six rows for pairs: an item as options are written, and its partner."""

    kind = "match"
    title = _("Matching")
    template = "authoring/kinds/match.html"
    preview = "authoring/preview/match.html"
    has_ticks = False

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  # as of the base
        super().__init__(*args, **more)
        for place, letter in enumerate(LETTERS, 1):
            self.fields[f"partner_{place}"] = forms.CharField(
                label=_("Partner of %(letter)s") % {"letter": letter},
                required=False,
                widget=forms.TextInput(attrs={"maxlength": MAX_PARTNER_CHARS, "autocomplete": "off"}),
            )

    @property
    def pairs(self) -> list[Pair]:
        """The rows as the template shows them."""
        return [Pair(row, self[f"partner_{place}"]) for place, row in enumerate(self.rows, 1)]

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        partners = {f"partner_{place}": text for place, text in enumerate(question.data["partners"], 1)}
        return {**super().initial_of(question), **partners}

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        return super().read()[0], {"partners": [self.cleaned_data[f"partner_{place}"] for place in self._filled()]}

    def field_of(self, problem: Problem) -> str | None:
        if problem.part == "partners" and problem.choice:
            return f"partner_{self._filled()[problem.choice - 1]}"
        return super().field_of(problem)

    def _is_filled(self, place: int) -> bool:
        return super()._is_filled(place) or bool(self.data.get(f"partner_{place}", "").strip())
