"""``{% running_games user as games %}``: the games that somebody hosts now, for pages that lead back to them."""

from django import template
from django.contrib.auth.base_user import AbstractBaseUser

from quiz.play.models import Game

register = template.Library()

SHOWN = 20
"""A teacher's classes with an assignment each; they stand above all else on a page."""


@register.simple_tag
def running_games(user: AbstractBaseUser) -> list[Game]:
    """Those of which the user is owner or co-host, newest first."""
    return list(Game.objects.running().hosted_by(user.pk).order_by("-pk")[:SHOWN])
