"""The door: from a PIN and a nickname to a player, or to somebody who waits to be let in."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from quiz.live.clock import now_ms
from quiz.play import modes, naming
from quiz.play.guessing import INSIDE, Caller, GameNotFound, TooOften, find
from quiz.play.models import Door, Game, Knock, Player
from quiz.play.models.player import hash_of, new_resume_token
from quiz.play.naming import NicknameTaken
from quiz.play.rates import JOINS_FROM_ONE_ADDRESS, JOINS_OF_ONE_GAME, Rate
from quiz.play.states import GameError, Phase

MAX_PLAYERS = 5_000
"""Players a game: what one relay on two cores reaches within half a second."""


def join(pin: str, nickname: str, caller: Caller = INSIDE) -> tuple[Player | Knock, str]:
    """A new player of the game with that PIN, or one who waits at its door, and the token that brings either back.

    Raises :class:`~quiz.play.nicknames.NicknameError` and :class:`~quiz.play.states.GameError`: ``game-not-found``,
    ``too-many-tries``, ``door-busy``, ``removed``, ``game-locked``, ``game-has-started``, ``game-full``,
    ``nickname-taken``.
    """
    game, now = find(pin, caller), now_ms()
    token, name = new_resume_token(), ""
    try:
        with transaction.atomic():
            door = _held_door(game, "".join(pin.split()))
            _ask(game, door, caller, now)
            name = naming.chosen(game, nickname)
            came = naming.forms(name) | {
                "resume_hash": hash_of(token),
                "device_hash": caller.device,
                "address_hash": caller.address,
                "joined_at": now,
            }
            if door.approve:
                return door.knocks.create(**came), token
            return game.players.create(**came, **modes.start_of_newcomer(game)), token
    except IntegrityError:
        raise NicknameTaken(naming.free(game, name)) from None


def has_room(game: Game) -> bool:
    """Whether one more may come in; to be asked while the game is held."""
    return game.players.in_game().count() + Door.of(game).waiting().count() < MAX_PLAYERS


def resume(token: str) -> Player | Knock:
    """Whoever holds that token; :class:`GameError` ``not-a-player``, also for the removed and those turned away."""
    own = {"resume_hash": hash_of(token)}
    player = Player.objects.filter(kicked_at=None, **own).select_related("game").first()
    who = player or Knock.objects.filter(**own, refused_at=None).select_related("door__game").first()
    if who is None:
        raise GameError("not-a-player")
    return who


def _held_door(game: Game, pin: str) -> Door:
    """The game's door, which nobody locks, fills or renumbers until the transaction ends."""
    game.hold()
    if game.pin != pin or game.phase in (Phase.PODIUM, Phase.ENDED):
        raise GameNotFound
    return Door.of(game)


def _ask(game: Game, door: Door, caller: Caller, now: int) -> None:
    """Whether the door is open to that caller now."""
    if was_removed(game, door, caller.device):
        raise GameError("removed")
    if game.locked:
        raise GameError("game-locked")
    if game.phase != Phase.LOBBY and not (game.chosen.late_join or game.is_self_paced):
        raise GameError("game-has-started")
    if not has_room(game):
        raise GameError("game-full")
    if not caller.unlimited:
        arrivals = door.knocks.all() if door.approve else game.players.all()
        _keep(JOINS_FROM_ONE_ADDRESS, arrivals.filter(address_hash=caller.address), now)
        _keep(JOINS_OF_ONE_GAME, arrivals, now)


def was_removed(game: Game, door: Door, device: str) -> bool:
    """Whether somebody with that device was removed from the game, or turned away at its door."""
    if not device:
        return False
    removed = game.players.filter(device_hash=device).exclude(kicked_at=None)
    return removed.exists() or door.knocks.filter(device_hash=device).exclude(refused_at=None).exists()


def _keep(rate: Rate, arrivals: QuerySet[Player] | QuerySet[Knock], now: int) -> None:
    newest = arrivals.filter(joined_at__gt=now - rate.window_ms).order_by("-joined_at")
    filling = newest.values_list("joined_at", flat=True)[rate.count - 1 : rate.count].first()
    if wait_ms := rate.wait_ms(filling, now):
        raise TooOften("door-busy", wait_ms)
