import re
from typing import Any

import pytest

from quiz import live
from quiz.play import destinations, joining, snapshot
from quiz.play.models import Game
from quiz.play.models.gamequeries import PIN_REST_MS
from quiz.play.options import Options, Reading
from quiz.play.states import IN_PLAY, GameError, Phase, Stale
from quiz.play.timing import CLOSING_MS

T0 = 1_800_000_000_000
COUNTDOWN_ENDS = T0 + 3_000
OPENED = COUNTDOWN_ENDS + 3_000
DEADLINE = OPENED + 20_000
CLOSES = DEADLINE + CLOSING_MS


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """Do what waits for the commit, which a test's transaction never reaches."""
    return django_capture_on_commit_callbacks


def types(game: Game) -> list[str]:
    return [event.type for event in live.events_after(destinations.status(game.pk), 0)]


def test_a_new_game_has_a_pin_of_six_digits_and_an_open_lobby(game: Game) -> None:
    assert re.fullmatch(r"\d{6}", game.pin)
    assert (game.phase, game.total, game.position) == ("lobby", 3, 0)


def test_a_game_plays_a_frozen_copy_of_its_quiz(game: Game, quiz: Any) -> None:
    quiz.questions.all().delete()
    assert game.questions.get(position=1).text == "Which planet is the largest?"


def test_option_ids_differ_from_game_to_game(game: Game, quiz: Any) -> None:
    other = Game.open_lobby(quiz)
    ids = {id for question in game.questions.all() for id in question.choice_ids}
    assert ids.isdisjoint(id for question in other.questions.all() for id in question.choice_ids)


def test_an_empty_quiz_cannot_be_played(quiz: Any) -> None:
    quiz.questions.all().delete()
    with pytest.raises(GameError, match="quiz-empty"):
        Game.open_lobby(quiz)


def test_a_pin_rests_for_a_day_after_its_game(game: Game, quiz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    game.finish(now=T0)
    pins = iter([int(game.pin), int(game.pin), 7, int(game.pin)])
    monkeypatch.setattr("quiz.play.models.gamequeries.secrets.randbelow", lambda _: next(pins))
    assert Game.open_lobby(quiz, now=T0 + PIN_REST_MS - 1).pin == "000007"
    assert Game.open_lobby(quiz, now=T0 + PIN_REST_MS + 1).pin == game.pin


def test_start_sets_the_start_time_once_and_publishes(game: Game, ada: Any) -> None:
    game.start(now=T0 + 5)
    with pytest.raises(GameError, match="not-now"):
        game.start(now=T0 + 6)
    game.refresh_from_db()
    assert (game.started_at, game.phase, game.phase_ends_at) == (T0 + 5, "countdown", T0 + 3_005)
    assert types(game) == ["game.started"]


def test_nobody_in_the_lobby_means_no_start(game: Game) -> None:
    with pytest.raises(GameError, match="nobody-is-here"):
        game.start()
    assert types(game) == []


def test_a_refused_verb_changes_nothing(game: Game) -> None:
    with pytest.raises(GameError):
        game.next()
    game.refresh_from_db()
    assert (game.version, game.phase) == (1, "lobby")


def test_a_host_who_saw_an_older_version_loses(game: Game, ada: Any) -> None:
    game.start(seen=1, now=T0)
    with pytest.raises(Stale):
        game.next(seen=1)
    game.next(seen=2)
    assert game.phase == "reading"


def test_the_referee_moves_a_game_on_at_each_deadline_and_not_before(open_game: Game) -> None:
    assert not open_game.close_if_due(CLOSES - 1)
    assert open_game.close_if_due(CLOSES)
    assert not open_game.close_if_due(CLOSES)
    assert types(open_game) == ["game.started", "question.reading", "question.opened", "question.closed"]


def test_an_answer_in_time_that_waited_for_its_row_still_counts(open_game: Game, ada: Any, answer: Any) -> None:
    assert not open_game.close_if_due(DEADLINE + CLOSING_MS - 1)
    answer(ada, after_ms=20_000)
    assert open_game.close_if_due(DEADLINE + CLOSING_MS)
    ada.refresh_from_db()
    assert ada.points == 500


def test_each_change_is_one_version_and_one_event_without_gaps(open_game: Game) -> None:
    events = live.events_after(destinations.status(open_game.pk), 0)
    assert [event.seq for event in events] == [1, 2, 3]
    assert [event.payload["version"] for event in events] == [2, 3, 4]


def test_full_points_at_once_half_at_the_deadline_nothing_for_wrong(
    open_game: Game, ada: Any, bob: Any, join: Any, answer: Any
) -> None:
    cleo = join("Cleo")
    answer(ada, after_ms=0)
    answer(bob, after_ms=20_000)
    answer(cleo, right=False)
    open_game.close_if_due(CLOSES)
    assert [(p.nickname, p.points, p.place) for p in open_game.players.ranked()] == [
        ("Ada", 1000, 1),
        ("Bob", 500, 2),
        ("Cleo", 0, 3),
    ]


def test_equal_points_share_a_place(open_game: Game, ada: Any, bob: Any, join: Any, answer: Any) -> None:
    cleo = join("Cleo")
    for player in (bob, ada):
        answer(player, after_ms=1_000)
    answer(cleo, right=False)
    open_game.next(now=OPENED + 5_000)
    assert [player.place for player in open_game.players.ranked()] == [1, 1, 3]


def test_the_question_closes_when_all_have_answered(open_game: Game, ada: Any, bob: Any, answer: Any) -> None:
    answer(ada)
    assert not open_game.close_if_complete(OPENED + 100)
    answer(bob)
    assert open_game.close_if_complete(OPENED + 200)
    assert open_game.phase == "reveal"


def test_whoever_was_removed_is_not_waited_for(open_game: Game, ada: Any, bob: Any, answer: Any) -> None:
    answer(ada)
    open_game.kick(bob.pk)
    assert list(Game.objects.complete(OPENED)) == [open_game]


def test_a_pause_keeps_the_remaining_time_and_costs_nobody_points(open_game: Game, ada: Any, answer: Any) -> None:
    open_game.pause(now=OPENED + 5_000)
    assert (open_game.phase, open_game.remaining_ms, open_game.phase_ends_at) == ("paused", 15_000, None)
    assert not open_game.close_if_due(CLOSES + 1)
    open_game.resume(now=OPENED + 65_000)
    assert (open_game.phase, open_game.phase_ends_at) == ("open", OPENED + 80_000)
    stored = answer(ada, after_ms=5_000)
    assert stored.received_at == OPENED + 65_000
    assert stored.elapsed_ms == 5_000


@pytest.mark.parametrize("phase", IN_PLAY)
@pytest.mark.parametrize("advance_s", [0, 8])
def test_a_pause_in_any_phase_keeps_what_remained_of_it(quiz: Any, phase: Phase, advance_s: int) -> None:
    game = Game.open_lobby(quiz, now=T0, options=Options(advance_s=advance_s))
    joining.join(game.pin, "Ada")
    game.start(now=T0)
    while game.phase != phase:
        game.next(now=T0)
    ends_at, before = game.phase_ends_at, game.version
    game.pause(now=T0 + 1_000)
    assert (game.phase, game.paused_from, game.phase_ends_at) == ("paused", phase, None)
    assert not game.close_if_due(T0 + 3_600_000)
    game.resume(now=T0 + 61_000)
    assert (game.phase, game.paused_from, game.version) == (phase, "", before + 2)
    assert game.phase_ends_at == (ends_at + 60_000 if ends_at else None)
    assert (ends_at is None) == (advance_s == 0 and phase in (Phase.REVEAL, Phase.STANDINGS))


@pytest.mark.parametrize("phase", [Phase.LOBBY, Phase.PODIUM, Phase.ENDED])
def test_where_no_clock_runs_there_is_no_pause(game: Game, ada: Any, phase: Phase) -> None:
    if phase != Phase.LOBBY:
        game.start()
        game.finish()
    if phase == Phase.ENDED:
        game.finish()
    with pytest.raises(GameError, match="not-now"):
        game.pause()


def test_the_host_chooses_how_long_countdown_and_reading_take(quiz: Any) -> None:
    game = Game.open_lobby(quiz, now=T0, options=Options(countdown_s=0, reading=Reading.FIXED, reading_s=15))
    joining.join(game.pin, "Ada")
    game.start(now=T0)
    assert game.phase_ends_at == T0
    assert game.close_if_due(T0)
    assert (game.phase, game.phase_ends_at) == ("reading", T0 + 15_000)


@pytest.mark.parametrize(("every", "shown"), [(0, []), (1, [1, 2]), (2, [2]), (3, [])])
def test_standings_come_as_often_as_the_host_wishes(quiz: Any, every: int, shown: list[int]) -> None:
    game = Game.open_lobby(quiz, options=Options(standings_every=every))
    joining.join(game.pin, "Ada")
    game.start()
    seen = []
    while game.phase != Phase.PODIUM:
        game.next()
        seen += [game.position] if game.phase == Phase.STANDINGS else []
    assert seen == shown


def test_a_game_that_goes_on_by_itself_needs_no_host_from_start_to_podium(quiz: Any) -> None:
    game = Game.open_lobby(quiz, now=T0, options=Options(advance_s=5))
    joining.join(game.pin, "Ada")
    game.start(now=T0)
    now, walk = T0, []
    while game.phase != Phase.PODIUM:
        now = game.phase_ends_at + CLOSING_MS
        assert game.close_if_due(now)
        walk.append(game.phase)
    assert walk == ["reading", "open", "reveal", "standings"] * 2 + ["reading", "open", "reveal", "podium"]
    assert not game.close_if_due(now + 3_600_000)


def test_an_explanation_is_shown_or_kept_back(quiz: Any) -> None:
    game = Game.open_lobby(quiz, options=Options(explanation=False))
    ada, _ = joining.join(game.pin, "Ada")
    game.start()
    for _ in range(3):
        game.next()
    assert snapshot.for_player(ada)["reveal"]["explanation"] == ""


def test_a_skipped_question_pays_nobody_and_the_next_one_follows(open_game: Game, ada: Any, answer: Any) -> None:
    answer(ada)
    skipped = open_game.question()
    open_game.skip(now=OPENED + 1_000)
    ada.refresh_from_db()
    skipped.refresh_from_db()
    assert (open_game.phase, open_game.position, open_game.revealed) == ("reading", 2, 0)
    assert (ada.points, skipped.voided, skipped.revealed_at) == (0, True, None)
    assert not open_game.question().voided


def test_after_the_last_question_is_skipped_comes_the_podium(open_game: Game) -> None:
    while open_game.position < open_game.total:
        open_game.skip()
    open_game.skip()
    assert open_game.phase == "podium"


def test_a_voided_question_pays_nobody(open_game: Game, ada: Any, answer: Any) -> None:
    answer(ada)
    open_game.next(now=OPENED + 1_000)
    open_game.void()
    ada.refresh_from_db()
    assert (ada.points, ada.gained) == (0, 0)
    assert types(open_game)[-1] == "question.voided"
    with pytest.raises(GameError, match="already-so"):
        open_game.void()


@pytest.mark.parametrize("paused", [False, True])
def test_an_answer_counts_when_the_host_finishes_during_its_question(
    open_game: Game,
    ada: Any,
    answer: Any,
    paused: bool,
    memory_backend: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    answer(ada)
    if paused:
        open_game.pause(now=OPENED + 400)
    with django_capture_on_commit_callbacks(execute=True):
        open_game.finish(now=OPENED + 500)
    ada.refresh_from_db()
    assert (open_game.phase, open_game.phase_ends_at, ada.points) == ("podium", None, 1000)
    assert snapshot.for_player(ada)["standings"][0]["points"] == 1000
    assert [m.data["me"]["points"] for m in memory_backend if m.destination == destinations.player(ada.pk)] == [1000]


def test_a_whole_game_ends_after_its_last_question(open_game: Game) -> None:
    phases = []
    while open_game.phase != Phase.ENDED:
        open_game.next()
        phases.append(open_game.phase)
    assert phases.count("open") == 2
    assert phases[-3:] == ["reveal", "podium", "ended"]
    assert open_game.ended_at is not None


def test_points_add_up_over_questions(open_game: Game, ada: Any, answer: Any) -> None:
    answer(ada)
    for _ in range(4):
        open_game.next()
    answer(ada)
    open_game.next()
    ada.refresh_from_db()
    assert (ada.points, ada.gained) == (2000, 1000)


def test_nobody_is_removed_twice(game: Game, ada: Any) -> None:
    game.kick(ada.pk)
    with pytest.raises(GameError, match="no-such-player"):
        game.kick(ada.pk)


@pytest.mark.django_db(transaction=True)
def test_results_follow_the_reveal_and_name_each_player_alone(
    open_game: Game, ada: Any, bob: Any, answer: Any, memory_backend: list[Any]
) -> None:
    answer(ada)
    answer(bob, right=False)
    memory_backend.clear()
    open_game.next(now=OPENED + 1)
    told = [(message.destination, message.type) for message in memory_backend]
    assert told == [
        (f"/games/{open_game.pk}/status", "question.closed"),
        (f"/players/{ada.pk}", "player.result"),
        (f"/players/{bob.pk}", "player.result"),
    ]
    mine, his = (message.data["me"] for message in memory_backend[1:])
    assert (mine["place"], mine["gap"], mine["answer"]["right"], mine["answer"]["points"]) == (1, None, True, 1000)
    assert (his["place"], his["gap"], his["answer"]["right"], his["answer"]["points"]) == (2, 1000, False, 0)
