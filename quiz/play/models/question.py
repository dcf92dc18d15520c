"""A question as a game plays it: a frozen copy, so that editing the quiz never changes a running game."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from quiz import kinds
from quiz.authoring.models import MAX_KIND_CHARS, Question
from quiz.authoring.pictures import Picture
from quiz.kinds import Asked, BadSolution, Kind, Told
from quiz.play import messages
from quiz.play.correction import BadCorrection, Correction
from quiz.play.options import Options
from quiz.play.presenting import presented
from quiz.play.scoring import Task
from quiz.play.unwanted import is_unwanted
from quiz.play.voting import FIRST

if TYPE_CHECKING:
    from quiz.play.models.answer import Answer


class GameQuestion(models.Model):
    """One question of one game.

    ``choices``, ``right`` (the solution), ``several`` and ``settings`` are its kind's :class:`Asked`. A regrading
    (``regraded_at``) changes ``right``, and never how it was asked.
    ``rich`` and ``explanation_rich`` are trees of formatted texts (``authoring/richtext.py``), ``pictures`` all that
    it shows: as long as there is a game that shows them they are kept.
    ``round`` is the newest vote on it, which counts; ``watchers`` are the players who were out while it was open.
    """

    game = models.ForeignKey("play.Game", on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    text = models.TextField()
    rich = models.JSONField(null=True)
    picture = models.JSONField(null=True)
    explanation = models.TextField(blank=True)
    explanation_rich = models.JSONField(null=True)
    choices = models.JSONField()
    right = models.JSONField()
    several = models.BooleanField(default=False)
    kind = models.CharField(max_length=MAX_KIND_CHARS, default="choice")
    settings = models.JSONField(default=dict)
    time_limit_ms = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    opened_at = models.BigIntegerField(null=True)
    revealed_at = models.BigIntegerField(null=True)
    voided = models.BooleanField(default=False)
    regraded_at = models.BigIntegerField(null=True)
    round = models.PositiveSmallIntegerField(default=FIRST)
    watchers = models.JSONField(default=list)
    pictures = models.ManyToManyField(Picture, related_name="game_questions")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["game", "position"], name="one_question_a_position")]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def frozen(cls, question: Question, game_id: int, position: int) -> Self:
        """An unsaved copy of an author's question."""
        kind = kinds.named(question.kind)
        shown = presented(question)
        asked = kind.freeze(shown.draft)
        return cls(
            game_id=game_id,
            position=position,
            text=shown.draft.text,
            rich=shown.rich,
            picture=shown.picture,
            explanation=shown.draft.explanation,
            explanation_rich=shown.explanation_rich,
            kind=kind.name,
            choices=asked.choices,
            right=asked.solution,
            several=asked.several,
            settings=asked.settings,
            time_limit_ms=question.time_limit_s * 1000,
            points=question.points if kind.judged else 0,
        )

    @classmethod
    def keep_pictures(cls, copies: Iterable[tuple[Self, Question]]) -> None:
        """Note which pictures stored copies of questions show."""
        shows = cls.pictures.through
        shows._default_manager.bulk_create(
            shows(gamequestion_id=copy.pk, picture_id=id) for copy, question in copies for id in question.picture_ids
        )

    @property
    def judgement(self) -> messages.Data:
        """How it is judged now, for the audit."""
        return messages.judgement(right=self.right, points=self.points, voided=self.voided)

    @property
    def asked(self) -> Asked:
        """The question as its kind takes it."""
        return Asked(self.choices, self.right, self.several, self.settings)

    @property
    def logic(self) -> Kind:
        """Its kind."""
        return kinds.named(self.kind)

    def correct(self, correction: Correction, now: int) -> bool:
        """Be judged otherwise from now on, and say whether that is a change; :class:`BadCorrection`."""
        before = self.judgement
        if correction.right is not None:
            self.right = self._regraded(correction.right)
        if correction.points is not None:
            self.points = correction.points
        if correction.voided is not None:
            self.voided = correction.voided
        if self.judgement == before:
            return False
        if correction.voided is None:
            self.regraded_at = now
        self.save(update_fields=["right", "points", "voided", "regraded_at"])
        return True

    def _regraded(self, right: Any) -> Any:  # noqa: ANN401  # JSON of its kind
        try:
            return self.logic.regrade(right, self.asked)
        except BadSolution as error:
            raise BadCorrection(error.code) from None

    def task(self, speed_bonus: int = 0) -> Task:
        """What of it decides about points; ``speed_bonus`` belongs to the game (``judging.speed_bonus``)."""
        return Task(self.logic, self.asked, self.time_limit_ms, self.points, self.voided, speed_bonus)

    @property
    def last_answers(self) -> "models.QuerySet[Answer]":
        """Those of the vote that counts."""
        return self.answers.filter(round=self.round)

    @property
    def costs_lives(self) -> bool:
        """Whether there is something to get wrong."""
        return self.logic.judged and not self.voided

    def counts(self, answers: "models.QuerySet[Answer]") -> dict[str, int]:
        """How many of those gave which answer, without players who were removed."""
        choices = answers.filter(player__kicked_at=None).values_list("choice", flat=True)
        return self.logic.counts(choices, self.asked)

    def told(self, answers: "models.QuerySet[Answer]", options: Options) -> Told:
        """What of those answers the room may know in a game with these options."""
        counts = self.counts(answers)
        return self.logic.told(counts, self.asked, partial(is_unwanted, strength=options.words))

    def hide(self, entry: str, hidden: bool) -> None:
        """Take what players wrote out of the room's sight, or let it be seen again; ``LookupError``."""
        self.settings = dict(self.logic.hiding(entry, hidden, self.counts(self.answers.all()), self.asked))
        self.save(update_fields=["settings"])

    def solved(self, right: Any) -> list[str]:  # noqa: ANN401  # JSON of its kind
        """A solution in words."""
        return self.logic.solved(replace(self.asked, solution=right))

    @property
    def choice_ids(self) -> list[str]:
        """The ids of the options, in the order shown."""
        return [choice["id"] for choice in self.choices]
