"""Forms of the quiz itself and of the import; those of a question are in ``editors/``."""

from pathlib import Path
from typing import cast

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from . import languages, rules, wording
from .formats import MAX_FILE_BYTES, FormatError
from .models import Quiz


class QuizForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes no parameter
    """What a quiz has besides its questions."""

    class Meta:
        model = Quiz
        fields = ["title", "language", "description", "formatted"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: QueryDict | None = None, *, instance: Quiz) -> None:
        """A language that is no longer offered is asked for anew, not silently replaced by the first one."""
        super().__init__(data, instance=instance)
        if instance.language not in dict(settings.LANGUAGES):
            cast(forms.ChoiceField, self.fields["language"]).choices = [("", "—"), *languages.choices()]


class UploadForm(forms.Form):
    """A file of questions."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, GIFT or OpenTriviaQA, at most 1 MiB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.gift,text/*"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the questions"), choices=languages.choices, initial=languages.of_page
    )

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
