"""``{% load assets %}``: stylesheets and scripts of a page, in one file each once files have been collected."""

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString

from quiz.assets.bundles import ORBITED, SHEETS, script_together, sheet, sheets_together

register = template.Library()


@register.simple_tag
def stylesheets(name: str) -> SafeString:
    """The links to ``SHEETS[name]``."""
    files = [sheets_together(name)] if _is_collected() else [sheet(one) for one in SHEETS[name]]
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', ((static(path),) for path in files))


@register.simple_tag
def script(entry: str) -> SafeString:
    """The script of a page, one of ``SCRIPTS``."""
    return format_html('<script type="module" src="{}"></script>', _address(entry))


@register.simple_tag
def ahead(entry: str) -> SafeString:
    """Loads, while a person reads and types, what the next page needs: its script and the relay's."""
    addresses = json_script([_address(entry), static(ORBITED)], "ahead")
    return format_html('{}\n  <script type="module" src="{}"></script>', addresses, static("play/ahead.js"))


def _address(entry: str) -> str:
    return static(script_together(entry) if _is_collected() else entry)


def _is_collected() -> bool:
    return bool(getattr(staticfiles_storage, "is_collected", False))
