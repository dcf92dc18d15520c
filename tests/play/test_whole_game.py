"""Whole games of any course, against a model of what they ought to be: points, places and phases agree.

People join, answer, answer twice, leave, return and are removed; two hosts press at once; referees and web processes
end and come back, which is to say that nothing is remembered but rows.
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from quiz.live.models import Event
from quiz.play import answering, destinations, joining, presence, snapshot
from quiz.play.correction import Correction
from quiz.play.models import Answer, Game, Player
from quiz.play.referee import Referee
from quiz.play.states import GameError
from quiz.play.timing import CLOSING_MS
from tests.conftest import T0
from tests.play.gamemodel import COUNTDOWN_MS, LEAVING_MS, PRESENT_MS, READING_MS, Model, Person, Refused

DEEDS = st.sampled_from(["answer", "answer", "answer", "pause", "leave"])
TURNS = st.lists(st.tuples(DEEDS, st.integers(0, 5), st.booleans(), st.integers(0, 6_000)), min_size=2, max_size=6)


class WholeGame(RuleBasedStateMachine):
    """Each rule does the same to the game and to the model, and both must say yes or both the same no."""

    people = Bundle("people")

    @initialize(target=people)
    def open(self) -> Any:
        """Two are in the lobby and the game begins; what is refused before that is tried by other tests."""
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        caches["process"].clear()  # The game before had the same key.
        owner = User.objects.create_user(f"owner-{uuid.uuid4()}")
        self.pk = Game.open_lobby(quiz_of(owner), now=T0).pk
        self.model, self.checked = Model(T0), 1
        self.sent: dict[tuple[int, int], dict[str, Any]] = {}
        self.start_processes()
        inside = [self.enter(), self.enter()]
        self.refused(lambda: self.game.next(now=T0), "not-now")
        self.game.start(now=T0)
        self.model.enter("countdown")
        for ms in (COUNTDOWN_MS, READING_MS):
            self.time_goes_by(ms)
        return multiple(*inside)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @property
    def game(self) -> Game:
        """As any process reads it."""
        return Game.objects.get(pk=self.pk)

    @rule()
    def start_processes(self) -> None:
        """All of them end and start anew; the referee has listened for long enough by its first look."""
        self.signs = presence.Signs()
        for ago in (2 * PRESENT_MS, PRESENT_MS, 0):
            self.signs.hear(0, self.model.now - ago)
        self.referee = Referee(lambda: self.model.now, self.signs)
        self.referee.swept_at = self.model.now

    @precondition(lambda self: self.model.phase not in ("podium", "ended") and len(self.model.people) < 6)
    @rule(target=people)
    def join(self) -> int:
        return self.enter()

    def enter(self) -> int:
        player, _ = joining.join(self.game.pin, f"Player {len(self.model.people) + 1}")
        Player.objects.filter(pk=player.pk).update(joined_at=self.model.now)
        presence.arrived(player, self.model.now, PRESENT_MS)
        self.model.people[player.pk] = Person(self.model.now + PRESENT_MS)
        return player.pk

    @rule(id=people, right=st.booleans())
    def answer(self, id: int, right: bool) -> None:
        """Perhaps not the first answer; the same choice again, as from a second device, is the same answer."""
        question = self.game.question()
        if question is None:
            return
        wrong = [one for one in question.choice_ids if one not in question.right]
        choice = question.right if right else wrong[:1]
        data = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": choice}
        first = self.sent.get((id, question.pk))
        if first and first["choice"] == choice:
            assert str(self.take(id, data).answer_id) == first["answer_id"]
            return
        self.both(lambda: self.model.answer(id, right=right), lambda: self.take(id, data))
        if self.model.has_answered(id):
            self.sent.setdefault((id, question.pk), data)

    @precondition(lambda self: self.model.phase == "open")
    @rule(id=people, right=st.booleans(), after_ms=st.integers(0, 4_000))
    def answer_in_time(self, id: int, right: bool, after_ms: int) -> None:
        self.model.now += after_ms
        self.answer(id, right)

    @precondition(lambda self: self.model.phase == "open")
    @rule(turns=TURNS)
    def play_the_question(self, turns: list[tuple[str, int, bool, int]]) -> None:
        """One after the other does something; then a referee looks, and may close it."""
        people = list(self.model.people)
        for deed, one, right, ms in turns:
            id = people[one % len(people)]
            if deed == "answer":
                self.model.now += ms
                self.answer(id, right)
            elif deed == "pause" and self.model.phase == "open":
                self.pause_for_a_while(ms)
            elif deed == "leave":
                self.leave(id)
            self.time_goes_by(1)

    @rule(id=people)
    def send_again(self, id: int) -> None:
        """An acknowledgement was lost: whatever the game is at, the first one comes again, and nothing is stored."""
        for (player, question), data in self.sent.items():
            if player == id and Player.objects.get(pk=id).game.questions.filter(pk=question).exists():
                before = Answer.objects.get(player=id, question=question)
                assert self.take(id, data).acknowledgement() == before.acknowledgement()

    def take(self, id: int, data: dict[str, Any]) -> Answer:
        player = Player.objects.select_related("game").get(pk=id)
        return answering.take(player, data, self.model.now)

    @rule(id=people)
    def leave(self, id: int) -> None:
        presence.left(Player.objects.get(pk=id), self.model.now)
        self.model.people[id].here_until = min(self.model.people[id].here_until, self.model.now + LEAVING_MS)

    @rule(id=people)
    def come_back(self, id: int) -> None:
        presence.arrived(Player.objects.get(pk=id), self.model.now, PRESENT_MS)
        self.model.people[id].here_until = self.model.now + PRESENT_MS

    @precondition(lambda self: len(self.model.inside) > 1)
    @rule(id=people)
    def kick(self, id: int) -> None:
        self.both(lambda: self.model.kick(id), lambda: self.game.kick(id, now=self.model.now))

    @precondition(lambda self: self.model.phase not in ("open", "paused"))
    @rule()
    def go_on(self) -> None:
        self.both(self.model.next, lambda: self.game.next(now=self.model.now))

    @precondition(lambda self: self.model.phase not in ("reading", "open"))
    @rule(step=st.sampled_from(["skip", "pause", "resume"]))
    def try_a_step(self, step: str) -> None:
        self.both(getattr(self.model, step), lambda: getattr(self.game, step)(now=self.model.now))

    @precondition(lambda self: self.model.phase in ("reading", "open") and len(self.model.voided) == 0)
    @rule()
    def skip(self) -> None:
        self.try_a_step("skip")

    @precondition(lambda self: self.model.phase == "open")
    @rule(ms=st.integers(1, 20_000))
    def pause_for_a_while(self, ms: int) -> None:
        """The referee looks meanwhile, and leaves the game alone."""
        self.try_a_step("pause")
        self.time_goes_by(ms)
        self.try_a_step("resume")

    @precondition(lambda self: self.model.revealed)
    @rule(voided=st.booleans())
    def void(self, voided: bool) -> None:
        correction = Correction(voided=voided)
        self.both(
            lambda: self.model.void(voided=voided),
            lambda: self.game.correct(None, correction, "host", now=self.model.now),
        )

    @precondition(lambda self: self.model.number == 3)
    @rule()
    def finish(self) -> None:
        self.both(self.model.finish, lambda: self.game.finish(now=self.model.now))

    @precondition(lambda self: self.model.phase in ("countdown", "reading", "open", "reveal", "standings"))
    @rule()
    def two_hosts_press_at_once(self) -> None:
        seen = self.game.version
        one, other = self.game, self.game
        one.next(seen, self.model.now)
        self.model.next()
        with pytest.raises(GameError, match="game-has-moved-on"):
            other.next(seen, self.model.now)

    @rule(ms=st.sampled_from([1, 400, 3_000, 7_000, 20_000, 20_000 + CLOSING_MS - 1, 20_000 + CLOSING_MS]))
    def time_goes_by(self, ms: int) -> None:
        self.signs.hear(0, self.model.now + ms)
        self.model.look(self.model.now + ms)
        self.referee.look()

    def both(self, ought: Callable[[], Any], does: Callable[[], Any]) -> None:
        try:
            ought()
        except Refused as refused:
            self.refused(does, str(refused))
        else:
            does()

    def refused(self, does: Callable[[], Any], code: str) -> None:
        with pytest.raises(GameError) as error:
            does()
        assert error.value.code == code

    @invariant()
    def phases_agree(self) -> None:
        game, model = self.game, self.model
        assert (game.phase, game.paused_from, game.position) == (model.phase, model.paused_from, model.number)
        assert (game.phase_ends_at, game.remaining_ms) == (model.ends_at, model.remaining)
        assert game.version == model.version

    @invariant()
    def nobody_answers_a_question_twice(self) -> None:
        stored = sum(len(one.answers) for one in self.model.people.values())
        assert Answer.objects.filter(question__game=self.pk).count() == stored

    @invariant()
    def points_and_places_agree_and_all_read_the_same(self) -> None:
        if self.checked == self.model.version:
            return
        self.checked = self.model.version
        ranked = {player.pk: (player.points, player.place) for player in self.game.players.ranked()}
        assert ranked == {id: (self.model.points(id), place) for id, place in self.model.places().items()}
        events = list(Event.objects.filter(destination=destinations.status(self.pk)).order_by("seq"))
        assert [event.seq for event in events] == list(range(1, self.model.version))
        told, read = events[-1].payload, snapshot.for_host(self.game)
        lasting = told.keys() - COUNTED
        assert {key: told[key] for key in lasting} == {key: read[key] for key in lasting}


COUNTED = {"players", "expected", "answered"}
"""What changes with time and without an event."""


def quiz_of(owner: User) -> Any:
    """Three questions of eight words at most, so that each is read for three seconds."""
    from quiz.authoring.models import Quiz
    from quiz.authoring.rules import ChoiceDraft, QuestionDraft

    choices = (ChoiceDraft("Mars", False), ChoiceDraft("Jupiter", True), ChoiceDraft("Venus", False))
    drafts = [QuestionDraft(f"Question {number}?", choices) for number in (1, 2, 3)]
    return Quiz.objects.create_filled(owner, "Sky", drafts, language="en")


@pytest.mark.django_db
def test_any_game_is_what_the_model_says() -> None:
    run_state_machine_as_test(
        WholeGame,
        settings=settings(
            max_examples=25,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
