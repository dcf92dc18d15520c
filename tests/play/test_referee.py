from collections.abc import Callable
from typing import Any

import pytest

from quiz.live.clock import now_ms
from quiz.play import joining, people, presence, snapshot
from quiz.play.models import Game
from quiz.play.presence import PRESENT_MS, Signs
from quiz.play.referee import SWEEP_MS, TELL_MS, Referee, changed_games, claim, tell
from quiz.play.timing import ABANDONED_MS, CLOSING_MS, FULL_HALL_MS

T0 = 1_800_000_000_000
OPENED = T0 + 6_000
DEADLINE = OPENED + 20_000
CLOSES = DEADLINE + CLOSING_MS

pytestmark = pytest.mark.django_db(transaction=True)


def referee_at(clock: Callable[[], int], signs: Signs | None = None) -> Referee:
    """A referee that hears no signs of life, or those."""
    return Referee(clock, signs or Signs())


class Clock:
    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def told(memory_backend: list[Any], type: str) -> list[dict[str, Any]]:
    return [message.data for message in memory_backend if message.type == type]


def test_a_look_at_the_deadline_closes_the_question(open_game: Game) -> None:
    clock = Clock(CLOSES - 1)
    referee = referee_at(clock)
    referee.look()
    open_game.refresh_from_db()
    assert open_game.phase == "open"
    clock.now += 1
    referee.look()
    open_game.refresh_from_db()
    assert open_game.phase == "reveal"


def test_answers_that_wait_are_waited_for_but_not_for_ever(open_game: Game) -> None:
    clock, asked = Clock(CLOSES), []

    def is_behind(at: int) -> bool:
        asked.append(at)
        return True

    referee = Referee(clock, Signs(), is_behind)
    for clock.now in (CLOSES, DEADLINE + FULL_HALL_MS - 1):
        referee.look()
        open_game.refresh_from_db()
        assert (open_game.phase, set(asked)) == ("open", {DEADLINE})
    clock.now += 1
    referee.look()
    open_game.refresh_from_db()
    assert open_game.phase == "reveal"


def test_two_referees_close_a_question_once(open_game: Game) -> None:
    for referee in (referee_at(Clock(CLOSES)), referee_at(Clock(CLOSES))):
        referee.look()
    open_game.refresh_from_db()
    assert (open_game.phase, open_game.version) == ("reveal", 5)


def test_a_look_closes_what_everybody_has_answered(open_game: Game, ada: Any, bob: Any, answer: Any) -> None:
    answer(ada)
    answer(bob)
    referee_at(Clock(OPENED + 500)).look()
    open_game.refresh_from_db()
    assert open_game.phase == "reveal"


def test_a_look_writes_who_was_heard_and_tells_the_host_who_was_not(
    open_game: Game, ada: Any, bob: Any, memory_backend: list[Any]
) -> None:
    open_game.players.update(here_until=OPENED)
    signs = Signs()
    signs.hear(ada.pk, OPENED)
    referee_at(Clock(OPENED + 1_000), signs).look()
    assert open_game.players.get(pk=ada.pk).here_until == OPENED + 1_000 + PRESENT_MS
    assert [data["away"] for data in told(memory_backend, "presence.changed")] == [[bob.pk]]


def test_a_look_pauses_a_game_whose_host_has_vanished(open_game: Game) -> None:
    due = OPENED + 10_000
    presence.host_is_here(open_game, due - open_game.chosen.pause_alone_s * 1000)
    clock = Clock(due - 1)
    referee = referee_at(clock)
    for phase in ("open", "paused"):
        referee.look()
        open_game.refresh_from_db()
        assert open_game.phase == phase
        clock.now += 1


def test_a_look_tells_the_host_once_who_knocks(game: Game, memory_backend: list[Any]) -> None:
    people.guard(game, True)
    joining.join(game.pin, "Eve")
    memory_backend.clear()
    clock = Clock(now_ms())
    for _ in range(2):
        referee_at(clock).look()
        clock.now += TELL_MS + 1
    assert [data["knocks"] for data in told(memory_backend, "door.changed")] == [1]


def test_each_game_goes_on_at_its_own_time_however_long_the_one_before_took(open_game: Game, quiz: Any) -> None:
    class HeldUp(Clock):
        def __call__(self) -> int:
            self.now += 1_000
            return self.now

    other = Game.open_lobby(quiz)
    Game.objects.filter(pk=other.pk).update(phase="reading", position=1, phase_ends_at=DEADLINE)
    referee_at(HeldUp(CLOSES)).look()
    began = [Game.objects.get(pk=game.pk).phase_started_at for game in (open_game, other)]
    assert abs(began[0] - began[1]) == 1_000


def test_who_arrives_while_names_are_told_is_told_the_next_time(
    game: Game, join: Any, memory_backend: list[Any]
) -> None:
    ada = join("Ada")
    [changed] = changed_games(OPENED)
    assert claim(changed, OPENED)
    bob = join("Bob")
    tell(changed, OPENED)
    referee_at(Clock(OPENED + TELL_MS)).look()
    assert told(memory_backend, "roster.changed") == [
        {"added": [snapshot.named(ada, T0)], "removed": [], "players": 1},
        {"added": [snapshot.named(bob, T0)], "removed": [], "players": 2},
    ]


def test_arrivals_are_told_together_and_not_again(game: Game, join: Any, memory_backend: list[Any]) -> None:
    clock = Clock(OPENED)
    referee = referee_at(clock)
    ada, bob = join("Ada"), join("Bob")
    referee.look()
    clock.now += TELL_MS
    referee.look()
    [counts] = told(memory_backend, "counts.changed")
    assert (counts["players"], counts["expected"], counts["answered"], counts["question"]) == (2, 2, 0, None)
    added = [snapshot.named(player, T0) for player in (ada, bob)]
    assert told(memory_backend, "roster.changed") == [{"added": added, "removed": [], "players": 2}]


def test_counts_go_out_five_times_a_second_at_most(game: Game, join: Any, memory_backend: list[Any]) -> None:
    clock = Clock(OPENED)
    referees = [referee_at(clock), referee_at(clock)]
    for n in range(50):
        join(f"Player {n}")
        clock.now += 20
        for referee in referees:
            referee.look()
    assert len(told(memory_backend, "counts.changed")) <= 1 + 1000 // TELL_MS
    clock.now += TELL_MS
    referees[0].look()
    assert told(memory_backend, "counts.changed")[-1]["players"] == 50
    names = [name["nickname"] for data in told(memory_backend, "roster.changed") for name in data["added"]]
    assert names == [f"Player {n}" for n in range(50)]


def test_the_number_of_answers_is_told_while_a_question_is_open(
    open_game: Game, ada: Any, answer: Any, memory_backend: list[Any]
) -> None:
    answer(ada)
    referee_at(Clock(OPENED + 300)).look()
    counts = {"players": 2, "expected": 2, "answered": 1, "question": open_game.question().pk}
    counts |= {"left": None, "members": []}
    assert told(memory_backend, "counts.changed") == [counts]


def test_a_game_without_news_is_left_alone(game: Game, memory_backend: list[Any]) -> None:
    referee_at(Clock(OPENED)).look()
    assert memory_backend == []


def test_a_game_that_fails_does_not_stop_the_others(
    open_game: Game, quiz: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = Game.open_lobby(quiz)
    Game.objects.filter(pk=other.pk).update(phase="countdown", phase_ends_at=CLOSES)
    close_if_due = Game.close_if_due

    def fail_for_one(game: Game, now: int, **more: bool) -> bool:
        if game.pk == other.pk:
            raise ValueError("rows that nobody expected")
        return close_if_due(game, now, **more)

    monkeypatch.setattr(Game, "close_if_due", fail_for_one)
    referee_at(Clock(CLOSES)).look()
    open_game.refresh_from_db()
    assert open_game.phase == "reveal"
    assert f"game {other.pk}: this look failed" in caplog.text


def test_a_game_that_nobody_comes_back_to_ends_after_a_day(game: Game, quiz: Any) -> None:
    newer = Game.open_lobby(quiz, now=OPENED)
    referee_at(Clock(game.phase_started_at + ABANDONED_MS - 1)).look()
    game.refresh_from_db()
    assert game.phase == "lobby"
    referee_at(Clock(game.phase_started_at + ABANDONED_MS)).look()
    game.refresh_from_db()
    newer.refresh_from_db()
    assert (game.phase, newer.phase) == ("ended", "lobby")
    assert game.ended_at is not None


def test_the_sweep_is_once_a_minute(game: Game) -> None:
    clock = Clock(game.phase_started_at + ABANDONED_MS - 1)
    referee = referee_at(clock)
    referee.look()
    clock.now += SWEEP_MS - 1
    referee.look()
    game.refresh_from_db()
    assert game.phase == "lobby"
    clock.now += 1
    referee.look()
    game.refresh_from_db()
    assert game.phase == "ended"
