"""From HTML in an imported text to plain text, the only kind that is stored and shown."""

import re
from html.parser import HTMLParser

_NEW_LINE = frozenset(["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"])
_MEANS_NOTHING = frozenset(["span", "b", "i", "strong", "em", "u", "font"]) | _NEW_LINE
_NOT_TEXT = frozenset(("script", "style"))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lost = False
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.lost |= tag not in _MEANS_NOTHING
        self._hidden += tag in _NOT_TEXT
        if tag in _NEW_LINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _NOT_TEXT and self._hidden > 0
        if tag in _NEW_LINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(html: str) -> tuple[str, bool]:
    """Return the text of a piece of HTML, and whether something was lost with the tags (a picture, a table, ...)."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    rows = (row.strip() for row in "".join(parser.parts).split("\n"))
    return "\n".join(filter(None, rows)), parser.lost
