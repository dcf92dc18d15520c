"""What makes up for a player's line: time that an answer spent on its way, given back out of a bounded stock. Pure.

The options reach a player half a round trip late and the answer reaches us another half late, so a round trip as the
relay measured it (``live/slips.py``) is taken off the time that counts. A page can pretend to a slower line by
answering the relay's pings late, so the credit comes out of a quota that begins with so much, gains so much with each
question and never holds more: the idea of lichess's lag compensation. Times are milliseconds. What it weighs, and the
most that pretending gains: docs/decisions/0048-the-line-is-made-up-for.md.
"""

GAIN_MS = 400
"""Of the quota with each question: a line of this round trip is made up for wholly, in every question of every game."""

START_MS = 3 * GAIN_MS
"""Of the quota at the beginning of a game."""

QUOTA_MS = 7 * GAIN_MS
"""Of the quota at most: a good line that goes bad is made up for during seven questions' worth."""

ANSWER_MS = 1_000
"""For one answer at most, whatever the quota holds: over a slower line nobody plays for speed."""

LATE_MS = 300
"""After the deadline at most: who presses before the ring is empty is in time over a line of twice as much, and the
reveal waits no longer."""


def credit_ms(elapsed_ms: int, line_ms: int, quota_ms: int) -> int:
    """What an answer gets that came after ``elapsed_ms`` over a line of that round trip."""
    return max(min(line_ms, ANSWER_MS, quota_ms, elapsed_ms), 0)


def quota_after(quota_ms: int, given_ms: int) -> int:
    """What the quota holds for the next question, ``given_ms`` having been given in this one."""
    return min(quota_ms - given_ms + GAIN_MS, QUOTA_MS)


def grace_ms(line_ms: int) -> int:
    """How long after the deadline an answer may come over a line of that round trip."""
    return min(line_ms, LATE_MS)
