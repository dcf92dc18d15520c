"""A player of a game whose broker is another than ours."""

from typing import Any, NamedTuple

from tests.stack import Stack


class Admission(NamedTuple):
    """What ``POST /join/`` gives: ids, and what CONNECT says."""

    game: int
    player: int
    ticket: str

    @property
    def subject(self) -> str:
        return f"player:{self.player}"

    @property
    def own(self) -> str:
        """The topic of this player alone."""
        return f"/topic/players.{self.player}"


def join(stack: Stack, game: Any, nickname: str) -> Admission:
    """Join the game that ``POST /games/`` has opened."""
    status, admission = stack.call("/join/", {"pin": game["pin"], "nickname": nickname})
    assert status == 201
    return Admission(admission["game"], admission["player"], admission["ticket"])


def state(stack: Stack, player: Admission) -> Any:
    """What the player's page reads."""
    return stack.call(f"/games/{player.game}/state/", ticket=player.ticket)[1]


def here_until(stack: Stack, player: Admission) -> int:
    """Up to when the player counts as being here (ms)."""
    [(moment,)] = stack.rows("SELECT here_until FROM play_player WHERE id = ?", player.player)
    return int(moment)
