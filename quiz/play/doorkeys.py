"""The key in the link to a game's door, and in its QR code: who has it was shown it, and is no guesser of PINs.

It holds for the PIN that it comes with: a game that gets another has another key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from quiz.play.models import Game

KEY_DIGITS = 12
"""Hexadecimal: 48 bits. A guesser at 1,000 a second finds one in 4,000 years, and a QR code stays small."""


def key_of(game: Game) -> str:
    """The key to the game's door."""
    return salted_hmac(__name__, f"{game.pk}:{game.pin}", algorithm="sha256").hexdigest()[:KEY_DIGITS]


def opens(key: str, game: Game) -> bool:
    """Whether that is the game's key; anything may stand in its place."""
    return key.isascii() and constant_time_compare(key, key_of(game))
