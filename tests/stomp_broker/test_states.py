"""The table of a session's life."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomp_broker.errors import Code, RemoteError
from stomp_broker.frames import CLIENT_COMMANDS, COMMANDS
from stomp_broker.states import TRANSITIONS, State, check_command


def test_the_end_is_the_end_and_can_be_reached_from_everywhere():
    assert all(state is not State.CLOSED for state, _move in TRANSITIONS)
    assert {state for state, move in TRANSITIONS if move in ("fail", "lost")} == set(State) - {State.CLOSED}


def test_who_is_connected_may_send_every_command_but_those_that_connect():
    allowed = {move for state, move in TRANSITIONS if state is State.CONNECTED and move in COMMANDS}
    assert allowed == CLIENT_COMMANDS - {"CONNECT", "STOMP"}


@pytest.mark.parametrize(
    ("state", "command", "code"),
    [
        (State.CONNECTING, "SEND", Code.NOT_CONNECTED),
        (State.CONNECTED, "CONNECT", Code.ALREADY_CONNECTED),
        (State.CONNECTED, "STOMP", Code.ALREADY_CONNECTED),
        (State.CONNECTED, "MESSAGE", Code.BAD_COMMAND),
        (State.CONNECTING, "CONNECTED", Code.BAD_COMMAND),
    ],
)
def test_a_command_out_of_place_is_told_why(state, command, code):
    with pytest.raises(RemoteError, match=code):
        check_command(state, command)


@given(st.sampled_from([State.CONNECTING, State.CONNECTED]), st.sampled_from(sorted(COMMANDS)))
def test_what_is_in_the_table_passes_and_nothing_else(state, command):
    try:
        check_command(state, command)
    except RemoteError:
        assert (state, command) not in TRANSITIONS
    else:
        assert (state, command) in TRANSITIONS
