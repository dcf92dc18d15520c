"""What a player chose, once."""

from django.db import models

from quiz.play import messages
from quiz.play.allowance import EVERYBODYS, counted_ms
from quiz.play.tally import Given
from quiz.play.voting import FIRST


class Answer(models.Model):
    """One player's answer to one question, in one of its rounds.

    ``answer_id`` is made by the client and kept until it is acknowledged; two unique constraints make sure that
    whatever is sent again is stored once. ``elapsed_ms`` counts from the opening, without pauses, by our clock.
    ``line_ms`` is the round trip of the line that it came over, 0 where nobody has measured it (``live/slips.py``).
    ``right`` and ``points`` (by how much the total changed, less than 0 for a penalty) are computed at the reveal and
    can be computed again. ``allowance`` is what the player had when answering (``allowance.py``).
    """

    question = models.ForeignKey("play.GameQuestion", on_delete=models.CASCADE, related_name="answers")
    player = models.ForeignKey("play.Player", on_delete=models.CASCADE, related_name="answers")
    answer_id = models.UUIDField(unique=True)
    choice = models.JSONField()
    round = models.PositiveSmallIntegerField(default=FIRST)
    received_at = models.BigIntegerField()
    elapsed_ms = models.PositiveIntegerField()
    line_ms = models.PositiveIntegerField(default=0)
    allowance = models.PositiveSmallIntegerField(default=EVERYBODYS)
    right = models.BooleanField(null=True)
    points = models.IntegerField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["question", "player", "round"], name="one_answer_a_round")]

    def __str__(self) -> str:
        return f"{self.player_id} to {self.question_id}"

    @property
    def given(self) -> Given:
        """What of it decides about points."""
        return Given(self.choice, self.counted_ms, self._as_everybodys(self.line_ms))

    @property
    def counted_ms(self) -> int:
        """Its time, as a part of everybody's where the player had more."""
        return self._as_everybodys(self.elapsed_ms)

    def _as_everybodys(self, ms: int) -> int:
        if self.allowance == EVERYBODYS:
            return ms
        return counted_ms(ms, self.question.time_limit_ms, self.allowance)

    def acknowledgement(self) -> messages.Data:
        """The receipt that the player gets, the same each time it is asked for."""
        return messages.acknowledgement(
            answer_id=str(self.answer_id),
            question=self.question_id,
            round=self.round,
            choice=self.choice,
            received_at=self.received_at,
            elapsed_ms=self.elapsed_ms,
        )
