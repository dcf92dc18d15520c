"""A question as a game plays it: a frozen copy, so that editing the quiz never changes a running game."""

import secrets
from collections.abc import Sequence
from typing import Self

from django.db import models

from quiz.authoring.models import Question
from quiz.play import messages
from quiz.play.correction import Correction, right_among
from quiz.play.scoring import Task
from quiz.play.voting import FIRST


class GameQuestion(models.Model):
    """One question of one game.

    ``choices`` is a list of ``{"id", "text"}`` and ``right`` a list of those ids. Ids are random and made for each
    game, so that neither they nor their order in another game tell which option is right. ``several`` is how it was
    asked: choose all that are right, else one; a regrading (``regraded_at``) changes ``right``, and never that.
    """

    game = models.ForeignKey("play.Game", on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    text = models.TextField()
    explanation = models.TextField(blank=True)
    choices = models.JSONField()
    right = models.JSONField()
    several = models.BooleanField(default=False)
    time_limit_ms = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    opened_at = models.BigIntegerField(null=True)
    revealed_at = models.BigIntegerField(null=True)
    voided = models.BooleanField(default=False)
    regraded_at = models.BigIntegerField(null=True)
    round = models.PositiveSmallIntegerField(default=FIRST)
    watchers = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["game", "position"], name="one_question_a_position")]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def frozen(cls, question: Question, game_id: int, position: int) -> Self:
        """An unsaved copy of an author's question."""
        options = [(secrets.token_hex(4), choice) for choice in question.choices.all()]
        return cls(
            game_id=game_id,
            position=position,
            text=question.text,
            explanation=question.explanation,
            choices=[{"id": id, "text": choice.text} for id, choice in options],
            right=[id for id, choice in options if choice.right],
            several=sum(choice.right for _, choice in options) > 1,
            time_limit_ms=question.time_limit_s * 1000,
            points=question.points,
        )

    @property
    def judgement(self) -> messages.Data:
        """How it is judged now, for the audit."""
        return messages.judgement(right=self.right, points=self.points, voided=self.voided)

    def correct(self, correction: Correction, now: int) -> bool:
        """Be judged otherwise from now on, and say whether that is a change; :class:`BadCorrection`."""
        before = self.judgement
        if correction.right is not None:
            self.right = right_among(self.choice_ids, correction.right)
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

    def task(self, speed_bonus: int = 0) -> Task:
        """What of it decides about points; ``speed_bonus`` belongs to the game (``judging.speed_bonus``)."""
        return Task(self.right, self.several, self.time_limit_ms, self.points, self.voided, speed_bonus)

    def texts_of(self, ids: Sequence[str]) -> list[str]:
        """The texts of those options, in the order shown."""
        return [choice["text"] for choice in self.choices if choice["id"] in ids]

    @property
    def choice_ids(self) -> list[str]:
        """The ids of the options, in the order shown."""
        return [choice["id"] for choice in self.choices]
