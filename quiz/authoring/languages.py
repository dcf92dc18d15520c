"""The languages that questions may be in: those of the pages, which follow the folders with translations
(``quiz.languages``). No row and no migration names one.
"""

from django.conf import settings
from django.utils import translation
from django.utils.formats import get_format
from django.utils.translation import gettext

from quiz.kinds.figures import DECIMALS
from quiz.kinds.language import ENGLISH, Language
from quiz.languages import SOURCE

MAX_CODE_CHARS = 35
"""A tag of language, script, region and variants has room in it (RFC 5646, section 4.4.1)."""


def choices() -> list[tuple[str, str]]:
    """Code and name of each, the name in the language of the page where Django knows it."""
    return [(code, _name(code, name)) for code, name in settings.LANGUAGES]


def of_page() -> str:
    """The language that the page is shown in, or the nearest that questions may be in."""
    try:
        return translation.get_supported_language_variant(translation.get_language() or SOURCE)
    except LookupError:
        return SOURCE


def described(code: str) -> Language:
    """What questions in that language have to know of it; English stands in for what nobody has translated."""
    decimal = get_format("DECIMAL_SEPARATOR", lang=code)
    with translation.override(code):
        return Language(
            decimal if decimal in DECIMALS else ENGLISH.decimal, true=gettext("True"), false=gettext("False")
        )


def _name(code: str, own: str) -> str:
    try:
        return str(translation.get_language_info(code)["name_translated"])
    except KeyError:
        return own
