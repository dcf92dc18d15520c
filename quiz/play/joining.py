"""The door: from a PIN and a nickname to a player."""

from django.db import IntegrityError, transaction

from quiz.live.clock import now_ms
from quiz.play import nicknames
from quiz.play.models import Game, Player
from quiz.play.models.player import hash_of, new_resume_token
from quiz.play.states import GameError, Phase

MAX_PLAYERS = 5_000
"""Players a game: what one relay on two cores reaches within half a second."""

TRIED_NUMBERS = range(2, 1_000)


class NicknameTaken(GameError):
    """Somebody in the game has that name; ``suggestion`` is free."""

    def __init__(self, suggestion: str) -> None:
        super().__init__("nickname-taken")
        self.suggestion = suggestion


class GameNotFound(GameError):
    """No running game has that PIN; the same for wrong and for ended, so that nobody can feel for games."""

    def __init__(self) -> None:
        super().__init__("game-not-found")


def find(pin: str) -> Game:
    """The running game with that PIN; :class:`GameNotFound`. Blanks within a PIN do not count."""
    digits = "".join(pin.split())
    # Nothing but digits is asked for: databases stumble over NUL and lone surrogates.
    game = Game.objects.running().filter(pin=digits).first() if digits.isdecimal() else None
    if game is None or game.phase == Phase.PODIUM:
        raise GameNotFound
    return game


def join(pin: str, nickname: str) -> tuple[Player, str]:
    """A new player of the game with that PIN, and the token that brings the player back.

    Raises :class:`~quiz.play.nicknames.NicknameError` and :class:`~quiz.play.states.GameError`:
    ``game-not-found``, ``game-locked``, ``game-full``, ``nickname-taken``.
    """
    game = find(pin)
    name = nicknames.clean(nickname)
    if game.locked:
        raise GameError("game-locked")
    if game.players.in_game().count() >= MAX_PLAYERS:
        raise GameError("game-full")
    token = new_resume_token()
    try:
        with transaction.atomic():
            player = Player.objects.create(
                game=game,
                nickname=name,
                nickname_key=nicknames.key(name),
                resume_hash=hash_of(token),
                joined_at=now_ms(),
            )
    except IntegrityError:
        raise NicknameTaken(free_nickname(game, name)) from None
    return player, token


def free_nickname(game: Game, name: str) -> str:
    """The first of "Ada 2", "Ada 3" … that nobody in the game has."""
    taken = set(game.players.values_list("nickname_key", flat=True))
    candidates = (nicknames.numbered(name, number) for number in TRIED_NUMBERS)
    return next((name for name in candidates if nicknames.key(name) not in taken), "")


def resume(token: str) -> Player:
    """The player who holds that token; :class:`GameError` ``not-a-player``, also for the removed."""
    player = Player.objects.in_game().filter(resume_hash=hash_of(token)).select_related("game").first()
    if player is None:
        raise GameError("not-a-player")
    return player
