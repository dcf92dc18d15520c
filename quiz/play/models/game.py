"""A game and its verbs. Each verb locks the row, asks the state table, changes, appends the event and commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Self

from django.db import models, transaction
from django.db.models import F

from quiz import kinds, live
from quiz.authoring.models import Quiz
from quiz.live.clock import now_ms
from quiz.play import destinations, grouping, messages, modes, people, timing
from quiz.play.correction import Correction
from quiz.play.entering import enter, reveal
from quiz.play.judging import correct
from quiz.play.models.gamequeries import GameQuerySet
from quiz.play.models.gamerow import GameRow
from quiz.play.models.question import GameQuestion
from quiz.play.options import Mode, Options
from quiz.play.prepared import Prepared
from quiz.play.states import GameError, Move, Phase, Stale, after, finish_move, fits, next_move, skip_move
from quiz.play.telling import tell_change
from quiz.play.voting import FIRST

DEFAULTS = Options()


class Game(GameRow):
    """One playing of a quiz: what its host does, and the referee. For the same players a ``successor`` may follow."""

    successor = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="predecessor")

    objects = GameQuerySet.as_manager()

    @classmethod
    def open_lobby(cls, quiz: Quiz, now: int | None = None, options: Options = DEFAULTS) -> Self:
        """A new game of a frozen copy of ``quiz``, its lobby open. GameError ``quiz-empty``, ``kind-unknown``."""
        now = now_ms() if now is None else now
        questions = list(quiz.questions.select_related("quiz").prefetch_related("picture", "choices__picture"))
        if not questions:
            raise GameError("quiz-empty")
        if {question.kind for question in questions} - set(kinds.names()):
            raise GameError("kind-unknown")
        with transaction.atomic():
            game = cls.objects.create(
                quiz=quiz,
                owner=quiz.owner,
                title=quiz.title,
                language=quiz.language,
                pin=cls.objects.free_pin(now),
                created_at=now,
                phase_started_at=now,
                total=len(questions),
                options=options.data(),
            )
            copies = [GameQuestion.frozen(question, game.pk, n) for n, question in enumerate(questions, start=1)]
            GameQuestion.objects.bulk_create(copies, batch_size=100)
            GameQuestion.keep_pictures(zip(copies, questions, strict=True))
            grouping.found(game)
        return game

    # What a host does.

    def start(self, seen: int | None = None, now: int | None = None) -> None:
        """Begin: from the lobby to the countdown. Sets the start time once."""
        with self.changing(seen, now) as now:
            if not self.players.in_game().exists():
                raise GameError("nobody-is-here")
            self._enter(Move.START, now)
            self.started_at = now

    def assign(self, closes_at: int, now: int | None = None) -> None:
        """Begin without anybody who leads: open for everybody's own pace until then (``selfpaced/``)."""
        with self.changing(None, now, messages.ASSIGNED) as now:
            self._enter(Move.ASSIGN, now)
            self.started_at, self.phase_ends_at = now, closes_at

    def extend(self, closes_at: int, seen: int | None = None, now: int | None = None) -> None:
        """Move the closing date of a self-paced game, to a later time or an earlier one."""
        with self.changing(seen, now, messages.EXTENDED) as now:
            self._enter(Move.EXTEND, now)
            self.phase_ends_at = closes_at

    def next(self, seen: int | None = None, now: int | None = None) -> None:
        """Go on to whatever comes next, before its time if need be."""
        with self.changing(seen, now) as now:
            self._go_on(now)

    def show(self, seen: int | None = None, now: int | None = None) -> None:
        """Show what is right after the first vote already: no second one is needed."""
        with self.changing(seen, now) as now:
            if not self.discussing:
                raise GameError("not-now")
            self._enter(Move.SHOW, now)

    def skip(self, seen: int | None = None, now: int | None = None) -> None:
        """Leave the question out, without points for anybody, and go to the next one; from the last to the podium."""
        with self.changing(seen, now) as now:
            left_out = self.questions.filter(position=self.position)
            self._enter(skip_move(Phase(self.phase), last=self.position >= self.total), now)
            left_out.update(voided=True)

    def finish(self, seen: int | None = None, now: int | None = None) -> None:
        """To the podium with what was answered so far; from lobby or podium to the end."""
        with self.changing(seen, now) as now:
            if (Phase.OPEN in (self.phase, self.paused_from) or self.discussing) and not self.is_self_paced:
                reveal(self, now)
            self._enter(finish_move(Phase(self.phase)), now)

    def pause(self, seen: int | None = None, now: int | None = None) -> None:
        """Stop the clock; what remains of the phase is kept."""
        with self.changing(seen, now) as now:
            self._pause(now)

    def resume(self, seen: int | None = None, now: int | None = None) -> None:
        """Go on with the remaining time; the pause does not count for answers."""
        with self.changing(seen, now, messages.RESUMED) as now:
            phase = after(Phase(self.phase), Move.RESUME, Phase(self.paused_from) if self.paused_from else None)
            pause_ms = now - self.phase_started_at
            if phase is Phase.OPEN:
                self.questions.filter(position=self.position).update(opened_at=F("opened_at") + pause_ms)
            self.phase, self.paused_from, self.phase_started_at, self.host_lost = phase, "", now, False
            self.phase_ends_at = None if self.remaining_ms is None else now + self.remaining_ms
            self.remaining_ms = None

    def lock(self, locked: bool, seen: int | None = None, now: int | None = None) -> None:
        """Let nobody else in, or open the door again."""
        with self.changing(seen, now, messages.LOCKED if locked else messages.UNLOCKED):
            after(Phase(self.phase), Move.LOCK)
            self.locked = locked

    def kick(self, player_id: int, seen: int | None = None, now: int | None = None) -> None:
        """Remove a player for the rest of the game; :class:`GameError` ``no-such-player``."""
        people.remove(self, [player_id], seen, now)

    def void(self, seen: int | None = None, now: int | None = None, by: str = "") -> None:
        """Take the question that the game is at out of the count."""
        self.correct(None, Correction(voided=True), by, seen, now)

    def correct(
        self, question_id: int | None, correction: Correction, by: str, seen: int | None = None, now: int | None = None
    ) -> None:
        """Change how a revealed question is judged, by default the newest one; all points follow (``judging.py``)."""
        correct(self, question_id, correction, by, seen, now)

    def replay(self, seen: int | None = None, now: int | None = None) -> "Game":
        """End the game and open the lobby of the one that follows, for the same players; :class:`GameError`."""
        with self.changing(seen, now, messages.REPLAYED) as now:
            if self.quiz is None:
                raise GameError("quiz-gone")
            self._enter(Move.REPLAY, now)
            self.successor = Game.open_lobby(self.quiz, now, self.chosen)
            self.successor.owner = self.owner
            self.successor.save(update_fields=["owner"])
            self.successor.cohosts.set(self.cohosts.all())
        return self.successor

    def renumber(self, now: int | None = None) -> None:
        """Have another PIN from now on: who still types the old one finds no game; who is in stays in."""
        with transaction.atomic():
            self.hold()
            if self.phase in (Phase.PODIUM, Phase.ENDED):
                raise GameError("not-now")
            self.old_pins.create(pin=self.pin)
            self.pin = Game.objects.free_pin(now_ms() if now is None else now)
            self.save(update_fields=["pin"])
            live.send(destinations.host(self.pk), messages.RENUMBERED, messages.pin(pin=self.pin))

    # What the referee does.

    def close_if_due(self, now: int, *, all_players: bool = False) -> bool:
        """Make the move of a deadline that has come; False when another referee or the host was quicker."""
        return self._change_if_among(Game.objects.due(now, all_players=all_players), now, self._meet_deadline)

    def close_if_complete(self, now: int, *, all_players: bool = False) -> bool:
        """Close the open question when all who are here have answered it, or ``all_players``; False as above."""
        return self._change_if_among(Game.objects.complete(now, all_players=all_players), now, self._go_on)

    def pause_if_deserted(self, now: int) -> bool:
        """Stop the clock when no host's screen is there any more; a host goes on with it. False as above."""
        return self._change_if_among(Game.objects.deserted(now), now, self._wait_for_host)

    def end_if_abandoned(self, now: int) -> bool:
        """End a game in which nothing has happened for a day; False as above."""
        return self._change_if_among(Game.objects.abandoned(now), now, partial(self._enter, Move.ABANDON))

    def _change_if_among(self, games: models.QuerySet["Game"], now: int, change: Callable[[int], None]) -> bool:
        """Make the change if the game, held now, is still one of those; otherwise somebody else was quicker."""
        try:
            with self.changing(None, now):
                if not games.filter(pk=self.pk).exists():
                    raise Stale
                change(now)
        except Stale:
            return False
        return True

    # What is so.

    @property
    def discussing(self) -> bool:
        """Whether the question was voted on once and is talked about, before a second vote."""
        if self.chosen.mode is not Mode.PEER or Phase.READING not in (self.phase, self.paused_from):
            return False
        return self.questions.filter(position=self.position).exclude(opened_at=None).exists()

    def question(self) -> GameQuestion | None:
        """The question that the game is at, None in the lobby and countdown."""
        return self.questions.filter(position=self.position).first()

    def revealed_questions(self) -> models.QuerySet[GameQuestion]:
        """Those that were revealed, in order; when everybody plays alone all are, for the host, at any time."""
        return self.questions.all() if self.is_self_paced else self.questions.exclude(revealed_at=None)

    def counted(self, now: int | None = None) -> "Game":
        """This game read anew, with its counts."""
        for counted in COUNTED(pk=self.pk, now=now_ms() if now is None else now):
            return counted
        raise Game.DoesNotExist

    # How a change is made.

    def hold(self) -> None:
        """Read the row anew and keep others from changing it until the transaction ends."""
        self.refresh_from_db(from_queryset=Game.objects.select_for_update())

    @contextmanager
    def changing(self, seen: int | None, now: int | None, type: str = "") -> Iterator[int]:
        """Lock the row, let the body change this object, then store it as the next version and publish it.

        ``seen`` is the version that the caller looked at; :class:`Stale` when the game has moved on since. ``type`` is
        that of the status event, by default the one of the phase that the game is in then. The body gets ``now``, the
        present where the caller gave none.
        """
        with transaction.atomic():
            self.hold()
            if seen is not None and seen != self.version:
                raise Stale
            revealed_before = self.revealed
            now = now_ms() if now is None else now
            yield now
            revealed = self.revealed > revealed_before
            if revealed or type in messages.RESETTLING:
                modes.settle(self)
            self.version += 1
            self.save(update_fields=[f.name for f in self._meta.fields if f.name not in ("id", *self.TOLD_FIELDS)])
            tell_change(self, type or messages.ENTERED[Phase(self.phase)], now, revealed=revealed)

    def _pause(self, now: int) -> None:
        was, ends_at = self.phase, self.phase_ends_at
        self._enter(Move.PAUSE, now)
        self.paused_from = was
        self.remaining_ms = None if ends_at is None else ends_at - now

    def _wait_for_host(self, now: int) -> None:
        self._pause(now)
        self.host_due_at, self.host_lost = None, True

    def _meet_deadline(self, now: int) -> None:
        if self.is_self_paced:
            self._enter(Move.CROWN, now)
        else:
            self._go_on(now)

    def _go_on(self, now: int) -> None:
        self._enter(self._next_move(), now)

    def _next_move(self) -> Move:
        ranked = timing.ranked(self.position, self.chosen)
        again = self.chosen.mode is Mode.PEER and self.questions.filter(position=self.position, round=FIRST).exists()
        return next_move(Phase(self.phase), last=self.is_last, ranked=ranked, again=again)

    def _enter(self, move: Move, now: int) -> None:
        """Change the phase and all that belongs to it; :class:`GameError` ``not-now`` where there is no such move."""
        if not fits(move, alone=self.is_self_paced):
            raise GameError("not-now")
        self.phase = after(Phase(self.phase), move)
        self.phase_started_at, self.phase_ends_at, self.remaining_ms, self.paused_from = now, None, None, ""
        self.host_lost = False
        enter(self, move, now)


COUNTED = Prepared(lambda pk, now: Game.objects.counted(now).filter(pk=pk), "pk", "now")
"""One game with its counts; each page that is opened asks for it, and each event that is published."""
