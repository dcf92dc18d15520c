"""Figures as people read them, in the page's language."""

from datetime import UTC, datetime
from typing import Any

from django import template

from quiz.play import rulebook

register = template.Library()


@register.filter
def whole(value: int) -> str:
    """1950 as "1,950"."""
    return rulebook.whole(value)


@register.filter
def seconds(ms: int) -> str:
    """4950 milliseconds as "4.950"."""
    return rulebook.seconds(ms)


@register.filter
def correcting(look: str) -> list[str]:
    """The templates of a form that judges a question of that look otherwise: its own, or that of lines to tick."""
    return [f"play/correct/{look}.html", "play/correct/lines.html"]


@register.filter
def pairs(question: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a matching in the results: each item with the id of its partner."""
    return [{"item": item, "right": id} for item, id in zip(question["options"], question["solution"], strict=True)]


@register.filter
def moment(ms: int) -> datetime:
    """Milliseconds since the epoch as a time that ``date`` can write."""
    return datetime.fromtimestamp(ms / 1000, UTC)
