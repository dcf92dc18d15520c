"""Which nicknames a game takes: well formed, free, no role's name, no unwanted words, as its options say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from quiz.play import names, nicknames, reserved, unwanted
from quiz.play.lookalikes import skeleton
from quiz.play.models.door import Knock
from quiz.play.nicknames import NicknameError
from quiz.play.options import Names
from quiz.play.states import GameError

if TYPE_CHECKING:
    from quiz.play.models.game import Game

TRIED_NUMBERS = range(2, 1_000)
OFFERED = 4
"""Friendly names to choose from: as many as fit on a phone beside the button."""


class NicknameTaken(GameError):
    """Somebody in the game has that name, or one that looks like it; ``suggestion`` is free."""

    def __init__(self, suggestion: str) -> None:
        super().__init__("nickname-taken")
        self.suggestion = suggestion


def chosen(game: Game, raw: str, player: int | None = None) -> str:
    """The name that somebody wants in the game, fit to be shown; raises :class:`NicknameError`, NicknameTaken.

    A ``player`` who has a name there may spell it otherwise.
    """
    name = nicknames.clean(raw)
    options = game.chosen
    if options.names == Names.FRIENDLY and not names.is_friendly(name):
        raise NicknameError("nickname-not-friendly")
    if reserved.is_reserved(name, _hosts(game)):
        raise NicknameError("nickname-reserved")
    if unwanted.is_unwanted(name, options.words):
        raise NicknameError("nickname-unwanted")
    if is_taken(game, name, player):
        raise NicknameTaken(free(game, name))
    return name


def forms(name: str) -> dict[str, str]:
    """What rows keep of a name: as it is shown, and the two forms in which it is unique."""
    return {"nickname": name, "nickname_key": nicknames.key(name), "skeleton": skeleton(name)}


def free(game: Game, name: str) -> str:
    """The first of "Ada 2", "Ada 3" … that nobody in the game has and that reads like nobody's."""
    taken = _skeletons(game)
    candidates = (nicknames.numbered(name, number) for number in TRIED_NUMBERS)
    return next((name for name in candidates if skeleton(name) not in taken), "")


def offers(game: Game, language: str | None, count: int = OFFERED) -> list[str]:
    """Friendly names that are free in the game."""
    taken = _skeletons(game)
    made = dict.fromkeys(names.friendly(language) for _ in range(count))
    return [name if skeleton(name) not in taken else free(game, name) for name in made]


def is_taken(game: Game, name: str, player: int | None = None) -> bool:
    """Whether somebody but that player in the game, or at its door, has that name or one that looks like it."""
    same = Q(nickname_key=nicknames.key(name)) | Q(skeleton=skeleton(name))
    others = game.players.filter(same).exclude(pk=player or 0)  # No row has 0.
    return others.exists() or Knock.objects.filter(same, door__game=game).exists()


def _skeletons(game: Game) -> set[str]:
    rows = (game.players, Knock.objects.filter(door__game=game))
    return {skeleton for row in rows for skeleton in row.values_list("skeleton", flat=True)}


def _hosts(game: Game) -> Iterable[str]:
    return (game.owner.get_username(), game.owner.get_full_name(), game.owner.get_short_name())
