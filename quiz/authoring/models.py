"""Quizzes as their authors write them. A game plays a frozen copy, so these rows may change at any time."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from . import rules

UPLOAD_LIFETIME = timedelta(hours=1)  # to read a preview over a coffee, and leave nothing behind


def at_most(field: str, characters: int) -> LessThanOrEqual:
    """Return the condition that a text has no more than so many characters."""
    return LessThanOrEqual(Length(field), characters)


class Quiz(models.Model):
    """A named list of questions; only its owner sees and changes it."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        ITALIAN = "it", _("Italian")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="quizzes", verbose_name=_("owner"))
    title = models.CharField(_("title"), max_length=rules.MAX_TITLE_CHARS)
    description = models.TextField(_("description"), blank=True, max_length=1_000)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ENGLISH, help_text=_("Of the questions.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(name="quiz_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="quiz_title_length", condition=at_most("title", rules.MAX_TITLE_CHARS)),
            models.CheckConstraint(name="quiz_language_known", condition=Q(language__in=["en", "it"])),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("authoring:edit", args=[self.pk])


class Question(models.Model):
    """One question of a quiz. Positions rise without repeating; they may have gaps."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField(_("position"))
    text = models.TextField(_("question"), max_length=rules.MAX_QUESTION_CHARS)
    explanation = models.TextField(
        _("explanation"),
        blank=True,
        max_length=rules.MAX_EXPLANATION_CHARS,
        help_text=_("Shown with the right answer."),
    )
    time_limit_s = models.PositiveSmallIntegerField(
        _("time limit"),
        default=rules.DEFAULT_TIME_LIMIT_S,
        validators=[MinValueValidator(rules.MIN_TIME_LIMIT_S), MaxValueValidator(rules.MAX_TIME_LIMIT_S)],
        help_text=_("Seconds."),
    )
    points = models.PositiveSmallIntegerField(
        _("points"), default=rules.DEFAULT_POINTS, validators=[MaxValueValidator(rules.MAX_POINTS)]
    )

    class Meta:
        ordering = ["position"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(name="question_position_once", fields=["quiz", "position"]),
            models.CheckConstraint(name="question_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="question_text_length", condition=at_most("text", rules.MAX_QUESTION_CHARS)),
            models.CheckConstraint(
                name="question_explanation_length", condition=at_most("explanation", rules.MAX_EXPLANATION_CHARS)
            ),
            models.CheckConstraint(
                name="question_time_limit_range",
                condition=Q(time_limit_s__range=(rules.MIN_TIME_LIMIT_S, rules.MAX_TIME_LIMIT_S)),
            ),
            models.CheckConstraint(name="question_points_range", condition=Q(points__range=(0, rules.MAX_POINTS))),
        ]

    def __str__(self) -> str:
        return self.text


class Choice(models.Model):
    """One option of a question; its position is 1 to 6, so that the database itself knows no seventh."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("text"), max_length=rules.MAX_CHOICE_CHARS)
    right = models.BooleanField(_("right"), default=False)

    class Meta:
        ordering = ["position"]
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(name="choice_position_once", fields=["question", "position"]),
            models.CheckConstraint(name="choice_position_range", condition=Q(position__range=(1, rules.MAX_CHOICES))),
            models.CheckConstraint(name="choice_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="choice_text_length", condition=at_most("text", rules.MAX_CHOICE_CHARS)),
        ]

    def __str__(self) -> str:
        return self.text


class Upload(models.Model):
    """A file between its preview and the author's "import these". One an author: the next one replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
