"""``{% load live %}``: what a live page has to carry."""

from django import template
from django.conf import settings
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from quiz.live.settings import page_settings

register = template.Library()


@register.simple_tag
def live_scripts() -> SafeString:
    """The relay's browser side; it stands before the scripts that use it."""
    return format_html('<script src="{}Orbited.js" defer></script>', settings.ORBITED_MEDIA_URL)


@register.simple_tag
def live_settings(ticket: str | None = None) -> SafeString:
    """The settings and the page's ticket, as JSON in an element ``live-settings`` for scripts to read."""
    return json_script({**page_settings(), "ticket": ticket}, "live-settings")
