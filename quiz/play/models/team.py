"""A team of one game."""

from django.db import models

from quiz.play.options import MAX_TEAM_NAME


class Team(models.Model):
    """One of the teams that players of a game are in, by its ``number`` from 1 on.

    ``points`` are those after the last reveal, which gave ``gained``; ``place`` and ``before``, the place before that
    reveal, are None for a team with nobody in it. All of it can be computed again from the answers (``grouping.py``).
    """

    game = models.ForeignKey("play.Game", on_delete=models.CASCADE, related_name="teams")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=MAX_TEAM_NAME)
    points = models.PositiveIntegerField(default=0)
    gained = models.IntegerField(default=0)
    place = models.PositiveSmallIntegerField(null=True)
    before = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["game", "number"], name="one_team_a_number")]

    def __str__(self) -> str:
        return self.name
