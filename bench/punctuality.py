"""How late the referee was: from each deadline that a status event told to the event that followed it."""

import json
import sqlite3
from collections.abc import Iterable
from itertools import pairwise

EVENTS = "SELECT at, payload FROM live_event WHERE destination = ? ORDER BY seq"


def lateness_ms(database: sqlite3.Connection, game: int) -> list[int]:
    """Milliseconds of each phase that ended at its deadline; those that ended before it do not count."""
    rows = database.execute(EVENTS, [f"/games/{game}/status"])
    return late([(at, json.loads(payload)["phase_ends_at"]) for at, payload in rows])


def late(events: Iterable[tuple[int, int | None]]) -> list[int]:
    """The same for pairs of when an event was made and which deadline it told, in order."""
    return [at - ends_at for (_, ends_at), (at, _) in pairwise(events) if ends_at is not None and at >= ends_at]
