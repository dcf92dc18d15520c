"""Where a session is in its life, and every move that it can make. What is not listed is the client's error."""

from enum import Enum

from stomp_broker.errors import Code, RemoteError
from stomp_broker.frames import CLIENT_COMMANDS


class State(Enum):
    """Where a session is in its life."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    CLOSED = "closed"


# By command, or by the name of the session's method. CONNECT leads nowhere by itself: its login must be accepted first.
TRANSITIONS: dict[tuple[State, str], State] = {
    (State.CONNECTING, "CONNECT"): State.CONNECTING,
    (State.CONNECTING, "STOMP"): State.CONNECTING,
    (State.CONNECTING, "accept"): State.CONNECTED,
    (State.CONNECTING, "fail"): State.CLOSED,
    (State.CONNECTING, "lost"): State.CLOSED,
    (State.CONNECTED, "SEND"): State.CONNECTED,
    (State.CONNECTED, "SUBSCRIBE"): State.CONNECTED,
    (State.CONNECTED, "UNSUBSCRIBE"): State.CONNECTED,
    (State.CONNECTED, "ACK"): State.CONNECTED,
    (State.CONNECTED, "NACK"): State.CONNECTED,
    (State.CONNECTED, "BEGIN"): State.CONNECTED,
    (State.CONNECTED, "COMMIT"): State.CONNECTED,
    (State.CONNECTED, "ABORT"): State.CONNECTED,
    (State.CONNECTED, "DISCONNECT"): State.CLOSED,
    (State.CONNECTED, "fail"): State.CLOSED,
    (State.CONNECTED, "lost"): State.CLOSED,
}


def check_command(state: State, command: str) -> None:
    """Raise :class:`RemoteError` (bad-command, not-connected, already-connected) for a command out of place."""
    if (state, command) in TRANSITIONS:
        return
    if command not in CLIENT_COMMANDS:
        raise RemoteError(Code.BAD_COMMAND)
    raise RemoteError(Code.NOT_CONNECTED if state is State.CONNECTING else Code.ALREADY_CONNECTED)
