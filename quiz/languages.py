"""Which languages the pages are offered in: English, and each that a folder has translations for. Pure but for a look
into the folders.

A folder is laid out as gettext has it: ``<locale>/LC_MESSAGES/django.mo``. A new language is a folder more; nothing in
the code or in the settings names it.
"""

from collections.abc import Iterable
from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language

SOURCE = "en"
"""The language of the texts in the code."""


def offered(folders: Iterable[Path]) -> list[tuple[str, str]]:
    """Code and own name of each language, the source's first, the others by code."""
    found = {to_language(file.parts[-3]) for folder in folders for file in folder.glob("*/LC_MESSAGES/django.mo")}
    return [(code, _name(code)) for code in [SOURCE, *sorted(found - {SOURCE})]]


def _name(code: str) -> str:
    """What its speakers call it; the code itself for a language that Django has no name for."""
    known = LANG_INFO.get(code, {})
    if "fallback" in known:
        known = LANG_INFO[known["fallback"][0]]
    return str(known.get("name_local", code)).capitalize()
