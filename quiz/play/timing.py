"""How long each phase lasts, in milliseconds."""

ABANDONED_MS = 24 * 3600 * 1000
"""Without a new phase for so long, nobody is coming back: the game ends and its PIN is free a day later."""

COUNTDOWN_MS = 3_000
"""From the host's start to the first question: time to look up."""

CLOSING_MS = 100
"""From an open question's deadline to its closing: an answer that came in time may still wait for the database."""

READING_MIN_MS = 3_000
READING_MAX_MS = 15_000
READING_MS_PER_WORD = 300
"""A slow reader manages 200 words a minute."""


def reading_ms(text: str) -> int:
    """How long a question stands alone before its options come."""
    return min(max(len(text.split()) * READING_MS_PER_WORD, READING_MIN_MS), READING_MAX_MS)
