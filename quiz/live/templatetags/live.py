"""``{% load live %}``: what a live page has to carry."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from quiz.live.settings import page_settings

register = template.Library()


@register.simple_tag
def live_scripts() -> SafeString:
    """The relay's browser side; it stands before the scripts that use it."""
    return format_html('<script src="{}" defer></script>', orbited_js())


def orbited_js() -> str:
    """The address of Orbited.js: under a name by its content where it is one of our static files."""
    if f"{settings.STATIC_URL}orbited/" == settings.ORBITED_MEDIA_URL:
        return static("orbited/Orbited.js")
    return f"{settings.ORBITED_MEDIA_URL}Orbited.js"


@register.simple_tag
def live_settings(ticket: str | None = None) -> SafeString:
    """The settings and the page's ticket, as JSON in an element ``live-settings`` for scripts to read."""
    return json_script({**page_settings(), "ticket": ticket}, "live-settings")
