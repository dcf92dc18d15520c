"""Forms of the editor and the import. What makes a question playable is judged by `rules`, not here."""

from pathlib import Path
from typing import Any, NamedTuple

from django import forms
from django.core.files.base import File
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import rules, wording
from .formats import MAX_FILE_BYTES, FormatError
from .models import Quiz
from .rules import LETTERS, ChoiceDraft, Problem, QuestionDraft


def page_language() -> str:
    """Return the language that the page is shown in, if quizzes can be in it."""
    code = (get_language() or "")[:2]
    return code if code in Quiz.Language.values else Quiz.Language.ENGLISH


class QuizForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes no parameter
    """What a quiz has besides its questions."""

    class Meta:
        model = Quiz
        fields = ["title", "language", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class ChoiceRow(NamedTuple):
    """One option as the template shows it: its letter, and the two fields."""

    letter: str
    text: forms.BoundField
    right: forms.BoundField


class QuestionForm(forms.Form):
    """A question with six rows for its options; rows without text and tick are no options."""

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

    def __init__(self, data: QueryDict | None = None, question: QuestionDraft | None = None) -> None:
        super().__init__(data, initial=_initial(question) if question else None)
        for place, letter in enumerate(LETTERS, 1):
            self.fields[f"choice_{place}"] = forms.CharField(
                label=_("Option %(letter)s") % {"letter": letter},
                required=False,
                widget=forms.TextInput(attrs={"maxlength": rules.MAX_CHOICE_CHARS, "autocomplete": "off"}),
            )
            self.fields[f"right_{place}"] = forms.BooleanField(
                label=_("Option %(letter)s is right") % {"letter": letter}, required=False
            )

    @property
    def rows(self) -> list[ChoiceRow]:
        """The options as the template shows them."""
        return [
            ChoiceRow(letter, self[f"choice_{place}"], self[f"right_{place}"])
            for place, letter in enumerate(LETTERS, 1)
        ]

    def clean(self) -> dict[str, Any]:
        """Judge the question as a whole and put each problem beside its field."""
        if self.errors:  # a number that is none: the rules need whole values
            return self.cleaned_data
        rows, draft = self._read()
        for problem in rules.problems(draft):
            self.add_error(_field_of(problem, rows), wording.of_problem(problem, rows))
        self.cleaned_data["draft"] = draft
        return self.cleaned_data

    def _read(self) -> tuple[list[int], QuestionDraft]:
        """Return the numbers of the rows that hold options, and the question."""
        data = self.cleaned_data
        places = range(1, len(LETTERS) + 1)
        rows = [place for place in places if data[f"choice_{place}"] or data[f"right_{place}"]]
        choices = tuple(ChoiceDraft(data[f"choice_{place}"], data[f"right_{place}"]) for place in rows)
        text, explanation = _unix_lines(data["text"]), _unix_lines(data["explanation"])
        return rows, QuestionDraft(text, choices, explanation, data["time_limit_s"], data["points"])


class UploadForm(forms.Form):
    """A file of questions."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, GIFT or OpenTriviaQA, at most 1 MiB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.gift,text/*"}),
    )
    language = forms.ChoiceField(label=_("Language of the questions"), choices=Quiz.Language, initial=page_language)

    def clean_file(self) -> "File[bytes]":
        file: File[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE_BYTES:
            error = FormatError("file-too-large", maximum=MAX_FILE_BYTES)
            raise forms.ValidationError(wording.of_file_error(error), code=error.code)
        return file


class ImportForm(forms.Form):
    """The author's consent to an import, and the name of the quiz that it makes."""

    title = forms.CharField(label=_("Title of the new quiz"), max_length=rules.MAX_TITLE_CHARS)


def title_from(file_name: str) -> str:
    """Make a title of a file's name: "solar_system-2.gift" becomes "solar system 2"."""
    words = Path(file_name).stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words)[: rules.MAX_TITLE_CHARS].strip()


def _initial(question: QuestionDraft) -> dict[str, str | int | bool]:
    initial: dict[str, str | int | bool] = {
        "text": question.text,
        "explanation": question.explanation,
        "time_limit_s": question.time_limit_s,
        "points": question.points,
    }
    for place, choice in enumerate(question.choices, 1):
        initial |= {f"choice_{place}": choice.text, f"right_{place}": choice.right}
    return initial


def _field_of(problem: Problem, rows: list[int]) -> str | None:
    """Name the form's field that a problem stands beside; None for what concerns the options as a whole."""
    if problem.choice:
        return f"choice_{rows[problem.choice - 1]}"
    return None if problem.part == "choices" else problem.part


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
