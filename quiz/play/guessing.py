"""From a PIN to its game, without letting anybody feel for games.

A wrong PIN, one of a game that is over and one of a game at its podium get the same answer by the same steps. Who was
wrong too often waits; not for a game in which somebody from the same address plays, whose PIN is no secret there, nor
with the key of its link (``doorkeys.py``).
"""

from dataclasses import dataclass

from quiz.live.clock import now_ms
from quiz.play.doorkeys import opens
from quiz.play.models import Game, PinTry
from quiz.play.rates import HOUR_MS, MAX_REFUSALS, MINUTE_MS, WRONG_PINS, guessing_wait_ms
from quiz.play.states import GameError, Phase


@dataclass(frozen=True)
class Caller:
    """Who stands at the door: ``address`` and ``device`` as what stands for them in rows, "" when not known.

    ``key`` is what came with the link, "" for somebody who typed the PIN.
    """

    address: str = ""
    device: str = ""
    key: str = ""
    unlimited: bool = False


INSIDE = Caller(unlimited=True)
"""Our own programs."""


class GameNotFound(GameError):
    """No running game has that PIN; the same for wrong and for ended, so that nobody can feel for games."""

    def __init__(self) -> None:
        super().__init__("game-not-found")


class TooOften(GameError):
    """Not now, but in ``wait_ms``."""

    def __init__(self, code: str, wait_ms: int) -> None:
        super().__init__(code)
        self.wait_ms = wait_ms


def find(pin: str, caller: Caller = INSIDE, now: int | None = None) -> Game:
    """The running game with that PIN; raises :class:`GameNotFound` and :class:`TooOften` ``too-many-tries``."""
    now = now_ms() if now is None else now
    game = _running(pin)
    if not caller.unlimited and not (game and (opens(caller.key, game) or _is_home(game, caller))):
        _limit(caller, now, missed=game is None)
    if game is None:
        raise GameNotFound
    return game


def misses_since(time: int) -> int:
    """How many wrong PINs there were since then, from anywhere."""
    return PinTry.objects.filter(at__gt=time).count()


def _running(pin: str) -> Game | None:
    # Blanks do not count. Nothing but digits is asked for: databases stumble over NUL and lone surrogates.
    digits = "".join(pin.split())
    known = Game.objects.running().exclude(phase=Phase.PODIUM)
    return known.filter(pin=digits).first() if digits.isascii() and digits.isdecimal() else None


def _is_home(game: Game, caller: Caller) -> bool:
    return bool(caller.address) and game.players.in_game().filter(address_hash=caller.address).exists()


def _limit(caller: Caller, now: int, *, missed: bool) -> None:
    tries = PinTry.objects.filter(address_hash=caller.address)
    misses = tries.filter(refused=False, at__gt=now - MINUTE_MS)
    refusals = tries.filter(refused=True, at__gt=now - HOUR_MS)
    wait_ms = guessing_wait_ms(_newest(misses, WRONG_PINS.count), _newest(refusals, MAX_REFUSALS), now)
    if wait_ms and refusals.count() < MAX_REFUSALS:
        tries.create(address_hash=caller.address, at=now, refused=True)
    elif missed and not wait_ms:
        tries.create(address_hash=caller.address, at=now, refused=False)
    if wait_ms:
        refused = _newest(refusals, MAX_REFUSALS)
        raise TooOften("too-many-tries", guessing_wait_ms(_newest(misses, WRONG_PINS.count), refused, now))


def _newest(tries: object, count: int) -> list[int]:
    return list(tries.order_by("-at").values_list("at", flat=True)[:count])  # type: ignore[attr-defined]
