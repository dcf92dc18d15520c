"""Figures as people read them, in the page's language."""

from datetime import UTC, datetime

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
def moment(ms: int) -> datetime:
    """Milliseconds since the epoch as a time that ``date`` can write."""
    return datetime.fromtimestamp(ms / 1000, UTC)
