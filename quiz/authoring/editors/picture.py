"""The inputs of a picture: a file, or the one that is kept already; its description; a tick that takes it away.

An uploaded picture is stored at once, so that a mistake in another field does not ask for the file again; one that is
never saved with a question is forgotten a day later (``Picture.objects.forget_unused``).
"""

from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from quiz.kinds.draft import PictureDraft

from ..picturefile import FORMATS, MAX_ALT_CHARS, MAX_FILE_BYTES, refuse_heavy, too_heavy
from ..pictures import Picture
from ..wording import of_bad_picture

ACCEPTED = ",".join(f"image/{format.lower()}" for format in FORMATS)


class PictureRow(NamedTuple):
    """The inputs as the template shows them, and the picture that is kept."""

    file: forms.BoundField
    kept: forms.BoundField
    alt: forms.BoundField
    removed: forms.BoundField
    picture: Picture | None


def fields(name: str, label: str) -> dict[str, forms.Field]:
    """The inputs of the picture ``name``."""
    too_large = of_bad_picture(too_heavy())
    said = {"data-picture": name, "data-max-bytes": MAX_FILE_BYTES, "data-too-large": too_large}
    file = forms.FileInput(attrs={"accept": ACCEPTED, **said})
    alt = forms.TextInput(attrs={"maxlength": MAX_ALT_CHARS, "autocomplete": "off"})
    return {
        f"{name}_file": forms.FileField(label=label, required=False, widget=file),
        f"{name}_kept": forms.CharField(required=False, widget=forms.HiddenInput),
        f"{name}_alt": forms.CharField(
            label=_("What it shows, for those who do not see it"), required=False, max_length=MAX_ALT_CHARS, widget=alt
        ),
        f"{name}_removed": forms.BooleanField(label=_("Take the picture away"), required=False),
    }


def initial(name: str, picture: PictureDraft | None) -> dict[str, Any]:
    """What the inputs show of a stored picture."""
    return {f"{name}_kept": picture.id, f"{name}_alt": picture.alt} if picture else {}


def row(form: forms.Form, name: str, owner: User | None) -> PictureRow:
    """The inputs of ``name`` in that form."""
    kept = form[f"{name}_kept"]
    picture = _own(kept.value(), owner)
    return PictureRow(form[f"{name}_file"], kept, form[f"{name}_alt"], form[f"{name}_removed"], picture)


def read(data: dict[str, Any], name: str, owner: User, side: int) -> PictureDraft | None:
    """The picture that is meant by what was posted, stored if it is new; ``BadPicture``.

    Of kept ones only the author's own count: another's id is passed over as if there was none.
    """
    file, alt = data.get(f"{name}_file"), data.get(f"{name}_alt", "")
    if data.get(f"{name}_removed"):
        return None
    kept = Picture.objects.keep(owner, _content(file), side) if file else _own(data.get(f"{name}_kept"), owner)
    return kept.draft(alt) if kept else None


def _content(file: "File[bytes]") -> bytes:
    refuse_heavy(file.size or 0)
    content: bytes = file.read()
    return content


def _own(id: str | None, owner: User | None) -> Picture | None:
    try:
        own: Picture | None = Picture.objects.filter(pk=UUID(id or ""), owner=owner, owner__isnull=False).first()
    except ValueError:
        return None
    return own
