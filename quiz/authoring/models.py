"""Quizzes as their authors write them. A game plays a frozen copy, so these rows may change at any time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Max, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quiz.languages import SOURCE

from . import languages, rules
from .pictures import Pictured, of_draft
from .rules import ChoiceDraft, QuestionDraft

UPLOAD_LIFETIME = timedelta(hours=1)  # to read a preview over a coffee, and leave nothing behind
MAX_KIND_CHARS = 32  # a name of ``quiz.kinds``


def at_most(field: str, characters: int) -> LessThanOrEqual:
    """Return the condition that a text has no more than so many characters."""
    return LessThanOrEqual(Length(field), characters)


class QuizFull(Exception):
    """A quiz has as many questions as it may have (`rules.MAX_QUESTIONS`)."""


class QuizManager(models.Manager["Quiz"]):
    @transaction.atomic
    def create_filled(self, owner: User, title: str, drafts: Sequence[QuestionDraft], **details: str) -> "Quiz":
        """Store a new quiz with its questions: all of them or, if one cannot be stored, nothing."""
        quiz = self.create(owner=owner, title=title, **details)
        quiz.append(drafts)
        return quiz


class Quiz(models.Model):
    """A named list of questions; only its owner sees and changes it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="quizzes", verbose_name=_("owner"))
    title = models.CharField(_("title"), max_length=rules.MAX_TITLE_CHARS)
    description = models.TextField(_("description"), blank=True, max_length=1_000)
    language = models.CharField(
        _("language"),
        max_length=languages.MAX_CODE_CHARS,
        choices=languages.choices,
        default=SOURCE,
        help_text=_("Of the questions."),
    )
    formatted = models.BooleanField(
        _("formatted texts"),
        default=False,
        help_text=_("**bold**, *italic*, `code`, lists and formulas as $x^2$ in questions, options and explanations."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = QuizManager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(name="quiz_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="quiz_title_length", condition=at_most("title", rules.MAX_TITLE_CHARS)),
            models.CheckConstraint(name="quiz_has_language", condition=~Q(language="")),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("authoring:edit", args=[self.pk])

    @transaction.atomic
    def append(self, drafts: Sequence[QuestionDraft]) -> list["Question"]:
        """Add questions at the end. They have been judged by `rules.problems`.

        Raises:
            QuizFull: they would be too many; nothing is added.
        """
        Quiz.objects.select_for_update().get(pk=self.pk)
        if self.questions.count() + len(drafts) > rules.MAX_QUESTIONS:
            raise QuizFull
        last = self.questions.aggregate(last=Max("position"))["last"] or 0
        questions = Question.objects.bulk_create(
            Question(
                quiz=self,
                position=position,
                text=draft.text,
                explanation=draft.explanation,
                time_limit_s=draft.time_limit_s,
                points=draft.points,
                kind=draft.kind,
                data=dict(draft.data),
                **of_draft(draft.picture),
            )
            for position, draft in enumerate(drafts, last + 1)
        )
        Choice.objects.bulk_create(
            choice for question, draft in zip(questions, drafts, strict=True) for choice in _choices(question, draft)
        )
        self.touch()
        return questions

    def touch(self) -> None:
        """Note that the quiz has changed just now."""
        self.save(update_fields=["updated_at"])


class Question(Pictured):
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
    kind = models.CharField(_("kind"), max_length=MAX_KIND_CHARS, default="choice")
    data = models.JSONField(_("details of the kind"), blank=True, default=dict)

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

    @property
    def draft(self) -> QuestionDraft:
        """The question as a value, as `rules` and forms take it."""
        choices = tuple(ChoiceDraft(choice.text, choice.right, choice.shown_picture) for choice in self.choices.all())
        return QuestionDraft(
            self.text,
            choices,
            self.explanation,
            self.time_limit_s,
            self.points,
            self.kind,
            self.data,
            self.shown_picture,
        )

    @property
    def picture_ids(self) -> set[UUID]:
        """Of the pictures of question and options."""
        return {one.picture_id for one in (self, *self.choices.all()) if one.picture_id}

    @property
    def answers(self) -> Sequence[ChoiceDraft]:
        """The possible answers as the author reads them."""
        return rules.answers(self.draft)

    @transaction.atomic
    def rewrite(self, draft: QuestionDraft) -> None:
        """Replace all but the position. The draft has been judged by `rules.problems`."""
        self.text = draft.text
        self.explanation = draft.explanation
        self.time_limit_s = draft.time_limit_s
        self.points = draft.points
        self.kind, self.data = draft.kind, dict(draft.data)
        for name, value in of_draft(draft.picture).items():
            setattr(self, name, value)
        self.save()
        self.choices.all().delete()
        Choice.objects.bulk_create(_choices(self, draft))
        self.quiz.touch()

    @transaction.atomic
    def move(self, direction: Literal["up", "down"]) -> None:
        """Change places with the question before or after; the first goes no further up, the last no further down."""
        Quiz.objects.select_for_update().get(pk=self.quiz_id)
        self.refresh_from_db(fields=["position"])
        others = self.quiz.questions
        if direction == "up":
            neighbour = others.filter(position__lt=self.position).last()
        else:
            neighbour = others.filter(position__gt=self.position).first()
        if neighbour:
            self._swap(neighbour)
            self.quiz.touch()

    def _swap(self, neighbour: "Question") -> None:
        # By way of position 0, which no question keeps: at no moment may two have the same.
        mine, theirs = self.position, neighbour.position
        for question, position in ((self, 0), (neighbour, mine), (self, theirs)):
            question.position = position
            question.save(update_fields=["position"])

    @transaction.atomic
    def remove(self) -> None:
        """Delete the question; those after it keep their positions."""
        self.delete()
        self.quiz.touch()


class Choice(Pictured):
    """One option of a question; its position is 1 to 6, so that the database itself knows no seventh."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("text"), blank=True, max_length=rules.MAX_CHOICE_CHARS)
    right = models.BooleanField(_("right"), default=False)

    class Meta:
        ordering = ["position"]
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(name="choice_position_once", fields=["question", "position"]),
            models.CheckConstraint(name="choice_position_range", condition=Q(position__range=(1, rules.MAX_CHOICES))),
            models.CheckConstraint(name="choice_has_text", condition=~Q(text="") | Q(picture__isnull=False)),
            models.CheckConstraint(name="choice_text_length", condition=at_most("text", rules.MAX_CHOICE_CHARS)),
        ]

    def __str__(self) -> str:
        return self.text


def _choices(question: Question, draft: QuestionDraft) -> list[Choice]:
    return [
        Choice(
            question=question,
            position=position,
            text=choice.text,
            right=choice.right,
            **of_draft(choice.picture),
        )
        for position, choice in enumerate(draft.choices, 1)
    ]


class UploadManager(models.Manager["Upload"]):
    @transaction.atomic
    def replace(self, owner: User, name: str, content: bytes, language: str) -> "Upload":
        """Keep a file in the place of the author's last one, and forget everybody's old ones."""
        self.filter(Q(owner=owner) | Q(created_at__lte=timezone.now() - UPLOAD_LIFETIME)).delete()
        return self.create(owner=owner, name=name, content=content, language=language)

    def waiting(self, owner: User) -> models.QuerySet["Upload"]:
        """Return the author's file if there is one and it is not too old."""
        return self.filter(owner=owner, created_at__gt=timezone.now() - UPLOAD_LIFETIME)


class Upload(models.Model):
    """A file between its preview and the author's "import these". One an author: the next one replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    language = models.CharField(max_length=languages.MAX_CODE_CHARS, choices=languages.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadManager()

    def __str__(self) -> str:
        return self.name
