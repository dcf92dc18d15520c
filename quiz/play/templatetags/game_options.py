"""``{% game_options %}``: the fields of a game's options, for a form that posts to ``play:open``."""

from typing import Any

from django import template

from quiz.play.optionform import controls

register = template.Library()


@register.inclusion_tag("play/_options.html")
def game_options() -> dict[str, Any]:
    """All options, folded away: the defaults suit most games."""
    return {"groups": list(controls())}
