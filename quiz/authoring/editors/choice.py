"""Forms of the kinds that have options: choice, true or false, poll."""

from typing import Any, ClassVar, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from quiz.kinds.choice import statement

from .. import rules, wording
from ..picturefile import CHOICE_SIDE
from ..rules import LETTERS, ChoiceDraft, Problem, QuestionDraft
from . import picture
from .base import QuestionForm


class ChoiceRow(NamedTuple):
    """One option as the template shows it: its letter, and the fields; in a poll nothing is right."""

    letter: str
    text: forms.BoundField
    right: forms.BoundField | None
    picture: picture.PictureRow


class ChoiceForm(QuestionForm):
    """Six rows for options; rows without text, picture and tick are no options."""

    kind = "choice"
    title = _("Choice")
    template = "authoring/kinds/choice.html"
    preview = "authoring/preview/options.html"
    has_ticks: ClassVar[bool] = True

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  # as of the base
        super().__init__(*args, **more)
        for place, letter in enumerate(LETTERS, 1):
            self.fields[f"choice_{place}"] = forms.CharField(
                label=_("Option %(letter)s") % {"letter": letter},
                required=False,
                widget=forms.TextInput(attrs={"maxlength": rules.MAX_CHOICE_CHARS, "autocomplete": "off"}),
            )
            if self.has_ticks:
                self.fields[f"right_{place}"] = forms.BooleanField(
                    label=_("Option %(letter)s is right") % {"letter": letter}, required=False
                )
            self.fields |= picture.fields(f"picture_{place}", _("Picture of option %(letter)s") % {"letter": letter})

    @property
    def rows(self) -> list[ChoiceRow]:
        """The options as the template shows them."""
        return [
            ChoiceRow(
                letter,
                self[f"choice_{place}"],
                self[f"right_{place}"] if self.has_ticks else None,
                picture.row(self, f"picture_{place}", self.owner),
            )
            for place, letter in enumerate(LETTERS, 1)
        ]

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        initial = super().initial_of(question)
        for place, choice in enumerate(question.choices, 1):
            initial |= {f"choice_{place}": choice.text, f"right_{place}": choice.right}
            initial |= picture.initial(f"picture_{place}", choice.picture)
        return initial

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        data = self.cleaned_data
        drafts = (
            ChoiceDraft(
                data[f"choice_{place}"], data.get(f"right_{place}", False), self.pictures.get(f"picture_{place}")
            )
            for place in self._filled()
        )
        return tuple(drafts), {}

    def keep_pictures(self) -> None:
        super().keep_pictures()
        for place in range(1, len(LETTERS) + 1):
            self._keep_picture(f"picture_{place}", CHOICE_SIDE)

    def field_of(self, problem: Problem) -> str | None:
        return f"choice_{self._filled()[problem.choice - 1]}" if problem.choice else super().field_of(problem)

    def sentence(self, problem: Problem) -> str:
        return wording.of_problem(problem, self._filled())

    def _filled(self) -> list[int]:
        """The numbers of the rows that hold options."""
        return [place for place in range(1, len(LETTERS) + 1) if self._is_filled(place)]

    def _is_filled(self, place: int) -> bool:
        written = self.data.get(f"choice_{place}", "").strip() or self.data.get(f"right_{place}")
        return bool(written) or f"picture_{place}" in self.pictures


class TrueOrFalseForm(QuestionForm):
    """A statement, and whether it is true."""

    kind = "truefalse"
    title = _("True or false")
    template = "authoring/kinds/truefalse.html"

    is_true = forms.TypedChoiceField(
        label=_("The statement is"),
        choices=[("true", _("true")), ("false", _("false"))],
        coerce=lambda word: word == "true",
        error_messages={"required": _("Say whether the statement is true or false.")},
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
    has_ticks = False

    several = forms.BooleanField(label=_("More than one may be chosen"), required=False)

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        return {**super().initial_of(question), "several": question.data.get("several", False)}

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        return super().read()[0], {"several": self.cleaned_data["several"]}
