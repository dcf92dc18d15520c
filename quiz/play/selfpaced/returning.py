"""The key with which a player goes on in another browser, days later: signed, so that it needs no row.

It ends with the player's resume token: who gets a new one, gets other keys. Whoever is removed has none.
"""

from django.core.signing import BadSignature, Signer

from quiz.play.models import Game, Player

MAX_KEY = 100
"""Characters: a player's id and a signature."""


def key_of(player: Player) -> str:
    """This player's key."""
    return _signer(player).sign(str(player.pk))


def player_with(game: Game, key: str) -> Player | None:
    """Whose key that is in the game, None for nobody's."""
    id = key.partition(":")[0]
    if len(key) > MAX_KEY or not (id.isascii() and id.isdecimal()):
        return None
    player = game.players.in_game().filter(pk=int(id[:18])).first()
    try:
        return player if player and _signer(player).unsign(key) else None
    except BadSignature:
        return None


def _signer(player: Player) -> Signer:
    return Signer(salt=f"{__name__}:{player.game_id}:{player.resume_hash}")
