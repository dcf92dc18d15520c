"""The names of a game's STOMP destinations, and who may use them; design: one place for all of them."""


def status(game: int) -> str:
    """Phases, questions, reveals, standings: all that every player sees."""
    return f"/games/{game}/status"


def wall(game: int) -> str:
    """The same with all texts, in games whose phones do not show them all; for hosts, and players who need them."""
    return f"/games/{game}/wall"


def players(game: int) -> str:
    """Counts, a few times a second."""
    return f"/games/{game}/players"


def host(game: int) -> str:
    """The roster, for the host's eyes."""
    return f"/games/{game}/host"


def audit(game: int) -> str:
    """What hosts changed of questions that were judged. Kept, for the results; no ticket reads it."""
    return f"/games/{game}/audit"


def answers(game: int) -> str:
    """Answers over STOMP: a queue that the referee empties."""
    return f"/games/{game}/answers"


def game_of(answers: str) -> int:
    """The game whose answers come there."""
    return int(answers.split("/")[2])


def player(player: int) -> str:
    """What concerns one player."""
    return f"/players/{player}"


def read_by_player(game: int, player_id: int, *, texts: bool = False) -> list[str]:
    """What a player may subscribe to; ``texts`` when the player is to have all of them."""
    return [status(game), players(game), player(player_id), *([wall(game)] if texts else [])]


def written_by_player(game: int) -> list[str]:
    """Where a player may send."""
    return [answers(game)]


def read_by_host(game: int) -> list[str]:
    """What a host may subscribe to."""
    return [status(game), wall(game), players(game), host(game)]


def preflight(user: int) -> str:
    """What comes back to the page on which that user looks whether all is well before a game."""
    return f"/preflight/{user}"
