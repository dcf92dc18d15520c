"""Several people host one game: the owner, and co-hosts with the same rights, named by user name."""

from django.contrib.auth.models import User
from django.db import transaction

from quiz import live
from quiz.play import owning
from quiz.play.models import Game
from quiz.play.states import GameError, Stale

MAX_COHOSTS = 20
"""Co-hosts of one game: a large event's staff, and what a page lists without scrolling."""


def add(game: Game, name: str) -> None:
    """Let that user host too; :class:`GameError` ``no-such-user``, ``too-many-hosts``. The owner stays what he is."""
    user = _user(name)
    with transaction.atomic():
        game.hold()
        if game.cohosts.count() >= MAX_COHOSTS:
            raise GameError("too-many-hosts")
        if user.pk != game.owner_id:
            game.cohosts.add(user)


def remove(game: Game, name: str) -> None:
    """That user hosts no longer, and hears nothing more of the game; the owner can only hand over."""
    user = _user(name)
    if game.cohosts.filter(pk=user.pk).exists():
        game.cohosts.remove(user)
        live.cut(f"user:{user.pk}")


def hand_over(game: Game, name: str) -> None:
    """Make that user the owner; who was it remains as a co-host.

    :class:`GameError` ``no-such-user``, ``too-many-games``; :class:`Stale` when ``game`` was read from another owner.
    """
    user, owner = _user(name), game.owner_id
    with transaction.atomic():
        if user.pk != game.owner_id:
            owning.ask_for_room(user.pk, owning.MAX_GIVEN)
        game.hold()
        if game.owner_id != owner:
            raise Stale
        game.cohosts.remove(user)
        if user.pk != game.owner_id:
            game.cohosts.add(game.owner)
        Game.objects.filter(pk=game.pk).update(owner=user)


def _user(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise GameError("no-such-user")
    return user
