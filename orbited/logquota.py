"""How often the log tells of the same thing: who can cause a line at will must not fill the disk with it."""

# Seconds for which one line of a kind is enough; the figures count everything.
INTERVAL_S = 1


class LogQuota:
    """One line of each kind in ``INTERVAL_S``. Kinds are few: no text of a page may be one."""

    def __init__(self) -> None:
        self._told_at: dict[str, float] = {}

    def allows(self, kind: str, now: float) -> bool:
        """May a line of ``kind`` be written at ``now``, in seconds?"""
        told_at = self._told_at.get(kind)
        if told_at is not None and now < told_at + INTERVAL_S:
            return False
        self._told_at[kind] = now
        return True
