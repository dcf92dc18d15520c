"""How many running games one user may own: each has a PIN, a queue, and is looked at ten times a second.

Who gives games away fills nobody's room with them: there is more of it for games that one opens.
"""

from quiz.play.models import Game
from quiz.play.states import GameError

MAX_OPENED = 200
"""Games at once, to open one more. Ten classes with an assignment a week do not come near; lobbies that nobody comes
back to end after a day."""

MAX_GIVEN = 100
"""Games at once, to be given one more by somebody else."""


def ask_for_room(owner_id: int, games: int) -> None:
    """Whether that user owns fewer running games than so many; :class:`GameError` ``too-many-games``."""
    if Game.objects.running().filter(owner=owner_id).count() >= games:
        raise GameError("too-many-games")
