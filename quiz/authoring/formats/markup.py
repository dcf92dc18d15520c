"""From HTML in an imported text to plain text, the only kind that is stored and shown.

Patterns and no parser: what comes out is escaped wherever it is shown, so that nothing here guards anything, and
``html.parser`` takes time with the cube of the length for some broken tags.
"""

import html
import re

_TAG = re.compile(r"</?([a-z][a-z0-9]*)\b[^<>]*>|<!--[^<>]*-->", re.IGNORECASE)
_HUGE_REFERENCE = re.compile(r"&#x?[0-9a-f]{8,};?", re.IGNORECASE)  # no character; int() refuses thousands of digits
_NEW_LINE = frozenset(["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"])
_MEANS_NOTHING = frozenset(["span", "b", "i", "strong", "em", "u", "font"]) | _NEW_LINE


def plain_text(markup: str) -> tuple[str, bool]:
    """Return the text of a piece of HTML, and whether something was lost with the tags (a picture, a table, ...)."""
    lost = any(tag[1] and tag[1].lower() not in _MEANS_NOTHING for tag in _TAG.finditer(markup))
    text = _TAG.sub(_line_or_nothing, re.sub(r"\s+", " ", markup))
    text = html.unescape(_HUGE_REFERENCE.sub("\ufffd", text)).replace("\xa0", " ")
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return "\n".join(filter(None, rows)), lost


def _line_or_nothing(tag: re.Match[str]) -> str:
    return "\n" if (tag[1] or "").lower() in _NEW_LINE else ""
