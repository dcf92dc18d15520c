"""The row of a game, and what follows from it alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from quiz.authoring.languages import MAX_CODE_CHARS
from quiz.authoring.models import Quiz
from quiz.play import destinations
from quiz.play.models.gamequeries import PIN_DIGITS
from quiz.play.options import Mode, Options, PhoneText
from quiz.play.states import Phase


class GameRow(models.Model):
    """One playing of a quiz, without its verbs. Times are milliseconds since the epoch on the server's clock.

    ``position`` is the number of the question that the game is at, of ``total``, and 0 before the first; ``revealed``
    counts those whose solution was shown. ``phase_ends_at`` is the deadline of the phase, None without one; while the
    game is paused, ``remaining_ms`` is what was left until then. ``decided``: survival leaves nothing to play for.
    From ``host_due_at`` on the game is paused unless a host's screen gives a sign of life before; ``host_lost`` says
    that this is why it is paused.

    What members were told last is in the fields ``told_…`` (``referee.claim``). ``regrouped`` counts the players who
    were put into another team, who have the number (``Player.regrouped``) by which the referee finds whom to tell of.
    """

    quiz = models.ForeignKey(Quiz, on_delete=models.SET_NULL, null=True, related_name="games")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="games")
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=MAX_CODE_CHARS)
    pin = models.CharField(max_length=PIN_DIGITS)
    created_at = models.BigIntegerField()
    started_at = models.BigIntegerField(null=True)
    ended_at = models.BigIntegerField(null=True)

    version = models.PositiveIntegerField(default=1)
    phase = models.CharField(max_length=12, default=Phase.LOBBY, choices=[(p.value, p.value) for p in Phase])
    paused_from = models.CharField(max_length=12, blank=True, default="")
    locked = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    revealed = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict)
    phase_started_at = models.BigIntegerField()
    phase_ends_at = models.BigIntegerField(null=True, db_index=True)
    remaining_ms = models.IntegerField(null=True)
    decided = models.BooleanField(default=False)
    host_due_at = models.BigIntegerField(null=True, db_index=True)
    host_lost = models.BooleanField(default=False)
    cohosts = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="cohosted_games")

    told_at = models.BigIntegerField(default=0)
    told_players = models.PositiveIntegerField(default=0)
    told_expected = models.PositiveIntegerField(default=0)
    told_answered = models.PositiveIntegerField(default=0)
    told_newest = models.BigIntegerField(default=0)
    regrouped = models.PositiveIntegerField(default=0)
    told_regrouped = models.PositiveIntegerField(default=0)

    # Only on rows of counted().
    players_now: int
    left_now: int
    expected_now: int
    answered_now: int
    newest_player: int

    TOLD_FIELDS = ("told_at", "told_players", "told_expected", "told_answered", "told_newest", "told_regrouped")

    class Meta:
        abstract = True
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["pin"], condition=~Q(phase=Phase.ENDED), name="one_running_game_a_pin"),
        ]
        indexes = [
            models.Index(fields=["phase"], name="play_game_phase"),
            models.Index(fields=["pin"], name="play_game_pin"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pin})"

    @property
    def chosen(self) -> Options:
        """What the host chose for this game; an option that is newer than the game has its default."""
        return Options.of(self.options)

    @property
    def is_self_paced(self) -> bool:
        """Whether everybody plays alone, until a closing date."""
        return self.chosen.mode is Mode.SELF

    @property
    def hides_texts(self) -> bool:
        """Whether phones show less than the wall."""
        return self.chosen.phones_show is not PhoneText.FULL

    @property
    def wall(self) -> str:
        """The destination that tells how the game stands, with all texts: the status, unless phones show fewer."""
        return destinations.wall(self.pk) if self.hides_texts else destinations.status(self.pk)

    @property
    def closes_at(self) -> int | None:
        """Until when a self-paced game is open, None when it is not."""
        return self.phase_ends_at if self.phase == Phase.OPEN else None

    @property
    def is_last(self) -> bool:
        """Whether the podium follows the question that the game is at."""
        return self.position >= self.total or self.decided
