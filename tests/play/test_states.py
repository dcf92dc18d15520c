import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.states import (
    DUE,
    IN_PLAY,
    NEXT,
    TRANSITIONS,
    GameError,
    Move,
    Phase,
    after,
    finish_move,
    next_move,
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


@pytest.mark.parametrize("table", [DUE, NEXT])
def test_what_the_tables_choose_is_legal(table: dict[Phase, Move]) -> None:
    assert all((phase, move) in TRANSITIONS for phase, move in table.items())


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
