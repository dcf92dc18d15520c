"""What a host does with people, each step in the shape of :mod:`quiz.play.views.hosting`."""

from typing import Any

from quiz.play import people
from quiz.play.ids import is_id
from quiz.play.models import Game
from quiz.play.naming import NicknameTaken
from quiz.play.nicknames import NicknameError
from quiz.play.states import GameError
from quiz.play.views.answers import Refusal
from quiz.play.views.hosting import step


def ids_in(body: dict[str, Any], name: str) -> list[int]:
    """The keys that a body lists; :class:`Refusal` ``bad-json`` for anything else."""
    ids = body.get(name)
    if not isinstance(ids, list) or not 0 < len(ids) <= people.MAX_AT_ONCE or not all(map(is_id, ids)):
        raise Refusal("bad-json", 400)
    return ids


def _rename(game: Game, body: dict[str, Any], seen: int | None) -> None:
    player, nickname = body.get("player"), body.get("nickname")
    if not is_id(player):
        raise GameError("no-such-player")
    try:
        people.rename(game, player, str(nickname or ""), seen)
    except NicknameError as error:
        raise Refusal(error.code, 400) from None
    except NicknameTaken as error:
        raise Refusal(error.code, 409, suggestion=error.suggestion) from None


def _guard(game: Game, body: dict[str, Any], seen: int | None) -> None:
    approve = body.get("approve")
    if not isinstance(approve, bool):
        raise Refusal("bad-json", 400)
    people.guard(game, approve)


def _waiting(body: dict[str, Any]) -> list[int] | None:
    """Who is meant of those who wait; None, ``"all"`` in the body, for everybody."""
    return None if body.get("knocks") == "all" else ids_in(body, "knocks")


rename = step(_rename)
guard = step(_guard)
sweep = step(lambda game, body, seen: people.sweep(game, ids_in(body, "players"), seen))
restore = step(lambda game, body, seen: people.restore(game, seen))
admit = step(lambda game, body, seen: people.admit(game, _waiting(body)))
renumber = step(lambda game, body, seen: game.renumber())
refuse = step(lambda game, body, seen: people.turn_away(game, _waiting(body)))
