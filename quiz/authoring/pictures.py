"""Pictures of questions and options, as rows: whoever has the database has them, and every web process finds them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quiz.kinds.draft import PictureDraft

from .picturefile import MAX_ALT_CHARS, BadPicture, encode

MAX_OWNED_BYTES = 200 * 2**20  # an author: a thousand pictures, and no stranger who registers fills the disk
UNUSED_LIFETIME = timedelta(days=1)  # a form with a mistake in it may be mended tomorrow; nobody else knows the picture
PICTURES_A_SWEEP = 50  # the database is held for a moment only; the next sweep goes on

_decoding = Lock()  # one at a time in a process: a large picture takes 230 MB while it is made small


class PictureQuerySet(models.QuerySet["Picture"]):
    """Pictures as forms and the sweep look for them."""

    def unused(self) -> Self:
        """Those that no row points at, whatever app it belongs to."""
        nowhere = {f"{relation.name}__isnull": True for relation in self.model._meta.related_objects}
        return self.filter(**nowhere)


class PictureManager(models.Manager.from_queryset(PictureQuerySet)):  # type: ignore[misc]  # Django's own way
    """Rows come without their bytes, which only the one who shows the picture needs."""

    def get_queryset(self) -> PictureQuerySet:
        queryset: PictureQuerySet = super().get_queryset().defer("content")
        return queryset

    def keep(self, owner: User, content: bytes, longest_side: int) -> "Picture":
        """Store an uploaded file as a picture; :class:`BadPicture` as of ``encode``, or ``pictures-full``."""
        with _decoding:
            encoded = encode(content, longest_side)
        owned = self.filter(owner=owner).aggregate(bytes=Sum("size"))["bytes"] or 0
        if owned + len(encoded.content) > MAX_OWNED_BYTES:
            raise BadPicture("pictures-full", mebibytes=MAX_OWNED_BYTES // 2**20)
        picture: Picture = self.create(
            owner=owner,
            content=encoded.content,
            size=len(encoded.content),
            width=encoded.width,
            height=encoded.height,
        )
        return picture

    def forget_unused(self, now: datetime) -> int:
        """Delete what nobody uses and is old enough at ``now``, some at a time, and say how many those were."""
        old = self.filter(created_at__lte=now - UNUSED_LIFETIME)
        unused = list(old.unused().values_list("pk", flat=True)[:PICTURES_A_SWEEP])
        self.filter(pk__in=unused).delete()
        return len(unused)


class Picture(models.Model):
    """One picture, never changed: who has its address may keep it for good. ``size`` is in bytes.

    The id is random: only who has been shown the question or option knows where its picture is.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Whoever else plays with it keeps it when its owner has gone.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="pictures")
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PictureManager] = PictureManager()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.pk} ({self.width} × {self.height})"

    def get_absolute_url(self) -> str:
        return reverse("picture", args=[self.pk])

    def draft(self, alt: str) -> PictureDraft:
        """The picture with what is said of it to those who do not see it."""
        return PictureDraft(str(self.pk), self.width, self.height, alt)


class Pictured(models.Model):
    """What may have a picture. The same picture may say something else in another place, so the words are here."""

    picture = models.ForeignKey(Picture, models.RESTRICT, null=True, blank=True, verbose_name=_("picture"))
    picture_alt = models.CharField(_("description of the picture"), blank=True, max_length=MAX_ALT_CHARS)

    class Meta:
        abstract = True

    @property
    def shown_picture(self) -> PictureDraft | None:
        """The picture as a value, if there is one."""
        return self.picture.draft(self.picture_alt) if self.picture else None


def of_draft(picture: PictureDraft | None) -> Mapping[str, Any]:
    """The fields of a :class:`Pictured` row that keep that picture."""
    return {"picture_id": picture.id if picture else None, "picture_alt": picture.alt if picture else ""}
