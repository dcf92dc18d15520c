"""How long each phase lasts, and somebody counts as present, in milliseconds."""

import regex

from quiz.play.credit import LATE_MS
from quiz.play.options import Options, Reading

ABANDONED_MS = 24 * 3600 * 1000
"""Without a new phase for so long, nobody is coming back: the game ends and its PIN is free a day later."""

CLOSING_MS = LATE_MS + 100
"""From an open question's deadline to its closing: an answer in time may be on its way, or wait for the database."""

FULL_HALL_MS = 2_000
"""An open question closes so long after its deadline even when answers wait: thousands are taken in sooner."""

READING_MIN_MS = 3_000
READING_MAX_MS = 15_000
READING_MS_PER_WORD = 300
"""A slow reader manages 200 words a minute."""

EASTERN = r"\p{Han}\p{Hiragana}\p{Katakana}\u3001-\u303f\uff01-\uff9f"
SOUTHERN = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts without blanks between words, with their punctuation."""

WORD = regex.compile(rf"[{EASTERN}]{{1,2}}|[{SOUTHERN}]{{1,5}}|[^\s{EASTERN}{SOUTHERN}]+")
"""A word, or as many characters of such a script as take about as long."""


def reading_ms(text: str, options: Options) -> int:
    """How long a question stands alone before its options come."""
    if options.reading is Reading.FIXED:
        return options.reading_s * 1000
    return min(max(len(WORD.findall(text)) * READING_MS_PER_WORD, READING_MIN_MS), READING_MAX_MS)


def ranked(position: int, options: Options) -> bool:
    """Whether the standings are shown after the question at that position, counted from 1."""
    return options.standings_every > 0 and position % options.standings_every == 0
