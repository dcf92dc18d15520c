"""What a user's ticket may read because of games."""

from django.contrib.auth.base_user import AbstractBaseUser

from quiz.live.tickets import Rights
from quiz.play import destinations
from quiz.play.models import Game

MAX_GAMES = 20
"""Newest running games in one ticket: more would not fit into a STOMP header."""


def rights_of(user: AbstractBaseUser) -> Rights:
    """A host's destinations of the running games that the user hosts."""
    games = Game.objects.running().hosted_by(user.pk).order_by("-id")[:MAX_GAMES]
    return Rights(read=[name for game in games for name in destinations.read_by_host(game.pk)])
