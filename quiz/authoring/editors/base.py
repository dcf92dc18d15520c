"""What the editor asks for in a question of any kind."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quiz import kinds
from quiz.kinds.draft import PictureDraft
from quiz.kinds.language import ENGLISH, Language

from .. import rules, wording
from ..picturefile import QUESTION_SIDE, BadPicture
from ..rules import ChoiceDraft, Problem, QuestionDraft
from . import picture


class QuestionForm(forms.Form):
    """A question; a subclass adds what its kind needs, and is shown by ``template`` between the text and the numbers.

    ``preview`` is the template that shows its rows as a phone does, empty where it has none. ``sentences`` are those
    for the problems that an app's own kind finds.
    """

    kind: ClassVar[str]
    title: ClassVar[Promise | str]
    template: ClassVar[str]
    preview: ClassVar[str] = ""
    sentences: ClassVar[Mapping[str, Promise]] = {}
    do_not_call_in_templates = True  # which name the classes that there are

    text = forms.CharField(
        label=_("Question"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": rules.MAX_QUESTION_CHARS}),
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        help_text=_("Shown with the right answer; may stay empty."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": rules.MAX_EXPLANATION_CHARS}),
    )
    time_limit_s = forms.IntegerField(
        label=_("Time limit in seconds"),
        initial=rules.DEFAULT_TIME_LIMIT_S,
        widget=forms.NumberInput(attrs={"min": rules.MIN_TIME_LIMIT_S, "max": rules.MAX_TIME_LIMIT_S}),
    )
    points = forms.IntegerField(
        label=_("Points"),
        initial=rules.DEFAULT_POINTS,
        widget=forms.NumberInput(attrs={"min": 0, "max": rules.MAX_POINTS, "step": 100}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        question: QuestionDraft | None = None,
        language: Language = ENGLISH,
        *,
        owner: User | None = None,
        files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
    ) -> None:
        """``question`` is what is stored; ``language`` that of the quiz, whose ``owner`` has pictures."""
        self.language = language
        super().__init__(data, files, initial=self.initial_of(question) if question else None)
        self.owner = owner
        self.pictures: dict[str, PictureDraft] = {}
        self.fields |= picture.fields("picture", gettext("Picture"))
        if not self.is_judged:
            del self.fields["points"]

    @property
    def picture_row(self) -> picture.PictureRow:
        """The question's picture as the template shows it."""
        return picture.row(self, "picture", self.owner)

    @property
    def is_judged(self) -> bool:
        """Whether answers are right or wrong, and earn points."""
        return kinds.named(self.kind).judged

    def initial_of(self, question: QuestionDraft) -> dict[str, Any]:
        """What the fields show of a stored question."""
        return {
            "text": question.text,
            "explanation": question.explanation,
            "time_limit_s": question.time_limit_s,
            "points": question.points,
            **picture.initial("picture", question.picture),
        }

    def read(self) -> tuple[tuple[ChoiceDraft, ...], dict[str, Any]]:
        """The options, and the data of the kind, from ``cleaned_data``."""
        raise NotImplementedError

    def field_of(self, problem: Problem) -> str | None:
        """The field that a problem stands beside; None for what concerns the whole."""
        return problem.part if problem.part in self.fields else None

    def sentence(self, problem: Problem) -> str:
        """What is wrong, in words."""
        return wording.of_problem(problem)

    def clean(self) -> dict[str, Any]:
        """Judge the question as a whole and put each problem beside its field."""
        self.keep_pictures()
        if self.errors:  # a number that is none: the rules need whole values
            return self.cleaned_data
        draft = self._draft()
        for problem in rules.problems(draft):
            self.add_error(self.field_of(problem), self.sentence(problem))
        self.cleaned_data["draft"] = draft
        return self.cleaned_data

    def keep_pictures(self) -> None:
        """Store what was uploaded, and remember in the form what is kept, should it be shown again."""
        self._keep_picture("picture", QUESTION_SIDE)

    def _keep_picture(self, name: str, side: int) -> None:
        if self.owner is None:
            return
        try:
            kept = picture.read(self.cleaned_data, name, self.owner, side)
        except BadPicture as bad:
            self.add_error(f"{name}_file", wording.of_bad_picture(bad))
            return
        posted = cast("QueryDict", self.data).copy()
        posted[f"{name}_kept"] = kept.id if kept else ""
        self.data = posted
        if kept:
            self.pictures[name] = kept

    def _draft(self) -> QuestionDraft:
        data = self.cleaned_data
        text, explanation = unix_lines(data["text"]), unix_lines(data["explanation"])
        choices, more = self.read()
        return QuestionDraft(
            text,
            choices,
            explanation,
            data["time_limit_s"],
            data.get("points", 0),
            kind=self.kind,
            data=more,
            picture=self.pictures.get("picture"),
        )


def unix_lines(text: str) -> str:
    """A text from a browser, which ends lines otherwise."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
