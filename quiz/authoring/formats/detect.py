"""Which format a text is in, by its content; the name of a file says nothing."""

from dataclasses import dataclass

from . import gift, opentriviaqa, table
from .contract import FormatError, Parser


@dataclass(frozen=True, slots=True)
class Format:
    """A format's name for people, and its parser."""

    name: str
    parse: Parser


# In this order: each looks for something that those after it do not have.
_FORMATS = (
    (opentriviaqa.matches, Format("OpenTriviaQA", opentriviaqa.parse)),
    (table.matches, Format("CSV", table.parse)),
    (gift.matches, Format("GIFT", gift.parse)),
)


def detect(text: str) -> Format:
    """Return the format of a text.

    Raises:
        FormatError: none of ours.
    """
    for matches, found in _FORMATS:
        if matches(text):
            return found
    raise FormatError("unknown-format")
