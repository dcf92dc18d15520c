"""``{% game_options %}``: the fields of a game's options, for a form that posts to ``play:open``."""

from typing import Any

from django import template

from quiz.play.optionform import Refused, controls
from quiz.play.views.hosting import REFUSED_OPTIONS

register = template.Library()


@register.inclusion_tag("play/_options.html", takes_context=True)
def game_options(context: dict[str, Any]) -> dict[str, Any]:
    """All options, folded away: the defaults suit most games. A form that came back shows once what it had."""
    kept = context["request"].session.pop(REFUSED_OPTIONS, None)
    refused = Refused(**kept) if kept else None
    return {"groups": list(controls(refused)), "refused": refused}
