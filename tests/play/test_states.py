import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.states import (
    IN_PLAY,
    NEXT,
    TRANSITIONS,
    GameError,
    Move,
    Phase,
    after,
    finish_move,
    next_move,
    skip_move,
)

phases = st.sampled_from(Phase)
moves = st.sampled_from(Move)


@given(phases, moves)
def test_any_move_in_any_phase_is_in_the_table_or_refused(phase: Phase, move: Move) -> None:
    try:
        result = after(phase, move)
    except GameError as error:
        assert error.code == "not-now"
        assert (phase, move) not in TRANSITIONS
    else:
        assert result is TRANSITIONS[phase, move]


@given(moves)
def test_nothing_leaves_the_end(move: Move) -> None:
    if move in (Move.VOID, Move.REGRADE, Move.HIDE):
        assert after(Phase.ENDED, move) is Phase.ENDED
        return
    with pytest.raises(GameError):
        after(Phase.ENDED, move)


@given(st.sampled_from(IN_PLAY))
def test_a_pause_goes_on_where_it_was(phase: Phase) -> None:
    assert after(phase, Move.PAUSE) is Phase.PAUSED
    assert after(Phase.PAUSED, Move.RESUME, paused_from=phase) is phase


@given(phases)
def test_only_a_paused_game_resumes(phase: Phase) -> None:
    if phase is not Phase.PAUSED:
        with pytest.raises(GameError):
            after(phase, Move.RESUME, paused_from=Phase.OPEN)


def test_what_next_chooses_is_legal_and_every_phase_in_play_has_it() -> None:
    assert all((phase, move) in TRANSITIONS for phase, move in NEXT.items())
    assert set(IN_PLAY) < set(NEXT)


def test_without_standings_a_reveal_leads_to_the_next_question_or_the_podium() -> None:
    assert next_move(Phase.REVEAL, last=False, ranked=False) is Move.READ
    assert next_move(Phase.REVEAL, last=True, ranked=False) is Move.CROWN


@given(phases, st.booleans())
def test_only_a_question_that_was_not_revealed_can_be_skipped(phase: Phase, last: bool) -> None:
    move = skip_move(phase, last=last)
    if phase in (Phase.READING, Phase.OPEN):
        assert after(phase, move) is (Phase.PODIUM if last else Phase.READING)
    else:
        with pytest.raises(GameError):
            after(phase, move)


def test_next_walks_from_countdown_to_the_end() -> None:
    phase, walk = Phase.COUNTDOWN, []
    for last in [False] * 5 + [True] * 5:
        phase = after(phase, next_move(phase, last=last))
        walk.append(phase)
        if phase is Phase.ENDED:
            break
    assert walk == [
        Phase.READING, Phase.OPEN, Phase.REVEAL, Phase.STANDINGS, Phase.READING,
        Phase.OPEN, Phase.REVEAL, Phase.PODIUM, Phase.ENDED,
    ]  # fmt: skip


@given(phases)
def test_finish_always_comes_closer_to_the_end(phase: Phase) -> None:
    if phase is Phase.ENDED:
        with pytest.raises(GameError):
            finish_move(phase)
    else:
        assert after(phase, finish_move(phase)) in (Phase.PODIUM, Phase.ENDED)
