"""Points follow from rows: what is judged anew, and in whatever order, ends where a first judgement would have."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from bench.recount import recount
from quiz import live
from quiz.play import destinations, judging
from quiz.play.correction import BadCorrection, Correction
from quiz.play.models import Game
from quiz.play.options import Options, Partial, Preset, Ties
from quiz.play.states import GameError

FLAT = Options(scoring=Preset.FLAT)
STREAK = Options(scoring=Preset.FLAT, streak=True)


@pytest.fixture
def playing(game: Any, ada: Any, bob: Any, answer: Callable[..., Any]) -> Callable[..., Game]:
    """Play with these options: one row a question, for Ada and Bob True, False or None for no answer."""

    def play(options: Options, *rounds: tuple[bool | None, bool | None], after_ms: tuple[int, int] = (0, 0)) -> Game:
        game.options = options.data()
        game.save(update_fields=["options"])
        game.start()
        for rights in rounds:
            while game.phase != "open":
                game.next()
            for player, right, ms in zip((ada, bob), rights, after_ms, strict=True):
                if right is not None:
                    answer(player, right=right, after_ms=ms)
            game.next(now=game.question().opened_at + 20_000)
        return game

    return play


def stands(game: Game) -> dict[str, tuple[int, int]]:
    """Points and place by name; the place is the same whether all are ranked or one player is asked for."""
    ranked = list(game.players.ranked())
    assert [player.place_now() for player in ranked] == [player.place for player in ranked]
    return {player.nickname: (player.points, player.place) for player in ranked}


def question(game: Game, position: int) -> Any:
    return game.questions.get(position=position)


def audit(game: Game) -> list[dict[str, Any]]:
    return [event.payload for event in live.events_after(destinations.audit(game.pk), 0)]


def test_marking_another_option_right_pays_those_who_chose_it(playing: Any) -> None:
    game = playing(FLAT, (True, False))
    first = question(game, 1)
    game.correct(first.pk, Correction(right=[*first.right, first.choice_ids[0]]), "author")
    assert stands(game) == {"Ada": (1000, 1), "Bob": (1000, 1)}


def test_changing_the_right_option_takes_the_points_along(playing: Any) -> None:
    game = playing(FLAT, (True, False))
    first = question(game, 1)
    wrong = next(id for id in first.choice_ids if id not in first.right)
    game.correct(first.pk, Correction(right=[wrong]), "author")
    assert stands(game) == {"Bob": (1000, 1), "Ada": (0, 2)}
    assert first.answers.get(player__nickname="Bob").right is True


def test_voiding_an_earlier_question_gives_later_streaks_what_they_would_have_been(playing: Any) -> None:
    game = playing(STREAK, (True, True), (False, True), (True, True))
    assert stands(game) == {"Bob": (3300, 1), "Ada": (2000, 2)}
    game.correct(question(game, 2).pk, Correction(voided=True), "author")
    assert stands(game) == {"Ada": (2100, 1), "Bob": (2100, 1)}
    game.correct(question(game, 2).pk, Correction(voided=False), "author")
    assert stands(game) == {"Bob": (3300, 1), "Ada": (2000, 2)}


def test_regrading_an_earlier_question_prolongs_the_streak_of_later_ones(playing: Any) -> None:
    game = playing(STREAK, (False, True), (True, True), (True, True))
    first = question(game, 1)
    game.correct(first.pk, Correction(right=first.choice_ids), "author")
    assert stands(game) == {"Ada": (3300, 1), "Bob": (3300, 1)}


def test_another_weight_of_a_revealed_question_counts_from_then_on(playing: Any) -> None:
    game = playing(FLAT, (True, False), (False, True))
    game.correct(question(game, 2).pk, Correction(points=500), "author")
    assert stands(game) == {"Ada": (1000, 1), "Bob": (500, 2)}
    assert game.players.get(nickname="Bob").gained == 500


def test_a_penalty_that_was_cut_off_at_nothing_is_due_when_an_earlier_question_pays(playing: Any) -> None:
    options = Options(scoring=Preset.FLAT, penalty_percent=50)
    game = playing(options, (False, None), (False, True))
    assert stands(game) == {"Bob": (1000, 1), "Ada": (0, 2)}
    first = question(game, 1)
    game.correct(first.pk, Correction(right=first.choice_ids), "author")
    assert stands(game)["Ada"] == (500, 2)


def test_weights_change_what_accuracy_pays_for_speed(playing: Any) -> None:
    game = playing(Options(scoring=Preset.ACCURACY), (True, None))
    assert stands(game)["Ada"] == (1333, 1)
    game.correct(question(game, 1).pk, Correction(points=500), "author")
    assert stands(game)["Ada"] == (500 + 499 // 3, 1)


def test_ties_are_shared_unless_the_host_has_them_broken(playing: Any, game: Any) -> None:
    playing(FLAT, (True, True), after_ms=(900, 200))
    assert stands(game) == {"Ada": (1000, 1), "Bob": (1000, 1)}


def test_broken_ties_go_to_the_quicker_of_the_right_answers(playing: Any) -> None:
    options = Options(scoring=Preset.FLAT, ties=Ties.BROKEN)
    game = playing(options, (True, True), after_ms=(900, 200))
    assert stands(game) == {"Bob": (1000, 1), "Ada": (1000, 2)}


def test_the_places_of_before_have_their_ties_broken_too(playing: Any) -> None:
    options = Options(scoring=Preset.FLAT, ties=Ties.BROKEN)
    game = playing(options, (True, True), (None, None), after_ms=(900, 200))
    assert {player.nickname: player.before for player in game.players.ranked()} == {"Bob": 1, "Ada": 2}


def test_partial_credit_is_paid_and_an_incomplete_answer_is_not_called_right(playing: Any, answer: Any) -> None:
    game = playing(Options(scoring=Preset.FLAT, partial=Partial.BALANCED), (None, None))
    while game.phase != "open":
        game.next()
    ada = game.players.get(nickname="Ada")
    stored = answer(ada, choice=game.question().right[:1])
    game.next()
    stored.refresh_from_db()
    assert (stored.right, stored.points) == (False, 500)


@pytest.mark.parametrize("end", ["finish", "ended"])
def test_a_question_can_be_judged_otherwise_when_the_game_is_over(playing: Any, end: str) -> None:
    game = playing(FLAT, (True, False))
    game.finish()
    if end == "ended":
        game.finish()
    game.correct(question(game, 1).pk, Correction(voided=True), "author")
    assert stands(game) == {"Ada": (0, 1), "Bob": (0, 1)}


def test_the_audit_says_who_changed_what_and_when(playing: Any) -> None:
    game = playing(FLAT, (True, False))
    first = question(game, 1)
    game.correct(first.pk, Correction(points=500), "author", now=1_900_000_000_000)
    [line] = audit(game)
    before = {"right": first.right, "points": 1000, "voided": False}
    assert line == {
        "by": "author", "question": first.pk, "number": 1, "before": before, "after": {**before, "points": 500},
    }  # fmt: skip
    assert live.events_after(destinations.audit(game.pk), 0)[0].at == 1_900_000_000_000
    assert question(game, 1).regraded_at == 1_900_000_000_000


@pytest.mark.parametrize(
    ("position", "correction", "error"),
    [
        (2, Correction(voided=True), "not-now"),
        (1, Correction(voided=False), "already-so"),
        (1, Correction(points=1000), "already-so"),
        (1, Correction(right=["x"]), "bad-right"),
    ],
)
def test_a_refused_correction_changes_nothing(playing: Any, position: int, correction: Correction, error: str) -> None:
    game = playing(FLAT, (True, False))
    version = game.version
    with pytest.raises((GameError, BadCorrection), match=error):
        game.correct(question(game, position).pk, correction, "author")
    game.refresh_from_db()
    assert (game.version, audit(game), stands(game)["Ada"]) == (version, [], (1000, 1))


def test_nothing_can_be_corrected_before_the_first_reveal(open_game: Game) -> None:
    with pytest.raises(GameError, match="not-now"):
        open_game.correct(None, Correction(voided=True), "author")
    with pytest.raises(GameError, match="no-such-question"):
        open_game.correct(10**9, Correction(voided=True), "author")


@pytest.mark.django_db(transaction=True)
def test_players_are_told_their_new_result_and_nothing_of_the_open_question(
    playing: Any, ada: Any, answer: Any, memory_backend: list[Any]
) -> None:
    game = playing(FLAT, (True, False))
    game.next()
    game.next()
    game.next()
    answer(ada)
    memory_backend.clear()
    game.correct(question(game, 1).pk, Correction(voided=True), "author")
    told = {message.destination: message.data for message in memory_backend}
    mine = told[destinations.player(ada.pk)]
    assert (mine["corrected"], mine["me"]["points"], mine["me"]["place"]) == (True, 0, 1)
    assert (mine["me"]["answer"]["right"], mine["me"]["answer"]["points"]) == (None, None)
    assert told[destinations.status(game.pk)]["reveal"] is None


@pytest.mark.parametrize("seed", range(8))
def test_any_corrections_end_where_another_reading_of_the_rules_does(playing: Any, seed: int) -> None:
    chance = random.Random(seed)  # the same games each time
    options = Options(
        scoring=chance.choice([Preset.CLASSIC, Preset.CALM, Preset.FLAT]),
        streak=chance.random() < 0.5,
        penalty_percent=chance.choice([0, 30, 100]),
        partial=chance.choice(list(Partial)),
        ties=chance.choice(list(Ties)),
    )
    outcomes = [True, False, None]
    rounds = [(chance.choice(outcomes), chance.choice(outcomes)) for _ in range(3)]
    game = playing(options, *rounds, after_ms=(chance.randrange(20_000), chance.randrange(20_000)))
    for _ in range(6):
        asked = question(game, chance.randint(1, 3))
        size = chance.randint(1, len(asked.choice_ids))
        correction = chance.choice(
            [
                Correction(voided=not asked.voided),
                Correction(points=chance.choice([0, 333, 2000])),
                Correction(right=chance.sample(asked.choice_ids, size)),
            ]
        )
        try:
            game.correct(asked.pk, correction, "author")
        except GameError as error:
            assert error.code == "already-so"
        counted = recount(connection.connection, game.pk).standings
        assert counted == {player.pk: (player.points, player.place) for player in game.players.ranked()}


def test_judging_step_by_step_and_all_at_once_agree(playing: Any) -> None:
    options = Options(streak=True, penalty_percent=30, ties=Ties.BROKEN)
    game = playing(options, (True, False), (True, True), (False, True), after_ms=(3_000, 7_000))
    fields = ["pk", "points", "gained", "streak", "tie", "tie_gained"]
    step_by_step = list(game.players.values_list(*fields))
    judging.judge_again(game)
    assert list(game.players.values_list(*fields)) == step_by_step
