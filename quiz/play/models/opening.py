"""A question that one player of a self-paced game has opened."""

from django.db import models

from quiz.play.selfpaced.rules import Opened


class Opening(models.Model):
    """That player's clock for that question: it starts here, once, whatever is loaded again and wherever.

    ``ends_at`` is None without a time limit. It is stored, since a later change of the player's allowance is not to
    open again what was over.
    """

    player = models.ForeignKey("play.Player", on_delete=models.CASCADE, related_name="openings")
    question = models.ForeignKey("play.GameQuestion", on_delete=models.CASCADE, related_name="openings")
    opened_at = models.BigIntegerField()
    ends_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["player", "question"], name="one_opening_a_question")]

    def __str__(self) -> str:
        return f"{self.player_id} opened {self.question_id}"

    def opened(self, *, answered: bool) -> Opened:
        """What of it decides about the next step."""
        return Opened(self.ends_at, answered)
