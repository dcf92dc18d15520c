"""From one game into the next: the same players play again, and nobody types anything.

The host's "play again" ends the game and names the one that follows; each page or program that hears of it comes by
itself. Who is not there any more does not come, so the new lobby shows who really plays.
"""

from django.db import IntegrityError, transaction

from quiz.live.clock import now_ms
from quiz.play import modes, naming
from quiz.play.joining import has_room, was_removed
from quiz.play.models import Door, Player
from quiz.play.models.player import hash_of, new_resume_token
from quiz.play.states import GameError, Phase


def follow(player: Player) -> tuple[Player, str]:
    """The same person in the game that follows, and a new token that brings that player back.

    Asked again it is the same player. :class:`GameError` ``no-next-game``, ``game-locked``, ``game-full``,
    ``removed``.
    """
    token = new_resume_token()
    try:
        with transaction.atomic():
            return _known(player, token) or _new(player, token), token
    except IntegrityError:  # Asked twice at once, or somebody took the name in between: the second look knows it.
        with transaction.atomic():
            return _known(player, token) or _new(player, token), token


def _known(player: Player, token: str) -> Player | None:
    known = Player.objects.filter(followed=player).select_related("game").first()
    if known is None:
        return None
    if known.kicked_at is not None:
        raise GameError("removed")
    known.resume_hash = hash_of(token)
    known.save(update_fields=["resume_hash"])
    return known


def _new(player: Player, token: str) -> Player:
    game = player.game.successor
    if game is None:
        raise GameError("no-next-game")
    game.hold()
    if game.phase in (Phase.PODIUM, Phase.ENDED):
        raise GameError("no-next-game")
    if game.locked:
        raise GameError("game-locked")
    if not has_room(game):
        raise GameError("game-full")
    if was_removed(game, Door.of(game), player.device_hash):
        raise GameError("removed")
    name = naming.free(game, player.nickname) if naming.is_taken(game, player.nickname) else player.nickname
    return game.players.create(
        **naming.forms(name),
        followed=player,
        resume_hash=hash_of(token),
        device_hash=player.device_hash,
        address_hash=player.address_hash,
        allowance=player.allowance,
        reads_texts=player.reads_texts,
        joined_at=now_ms(),
        **modes.start_of_newcomer(game) | {"team": player.team},
    )
