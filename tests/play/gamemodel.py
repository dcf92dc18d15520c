"""What a game of the tests' quiz ought to be, in plain Python: no rows, no queries.

Written from the rules as players are told them. Times are milliseconds; a question lasts 20 s after 3 s of reading.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from quiz.play.timing import CLOSING_MS

LIMIT_MS, READING_MS, COUNTDOWN_MS, GRACE_MS = 20_000, 3_000, 3_000, 500
PRESENT_MS, LEAVING_MS, QUESTIONS = 25_000, 3_000, 3

IN_PLAY = ("countdown", "reading", "open", "reveal", "standings")


class Refused(Exception):
    """The rules do not allow it; the text is the error's code."""


@dataclass
class Person:
    """A player; ``answers`` has by question's number whether it was right, and after how long."""

    here_until: int
    kicked: bool = False
    answers: dict[int, tuple[bool, int]] = field(default_factory=dict)


class Model:
    """A game as it ought to be."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.phase, self.paused_from = "lobby", ""
        self.ends_at: int | None = None
        self.remaining: int | None = None
        self.number, self.version, self.opened_at, self.paused_at = 0, 1, 0, 0
        self.revealed: list[int] = []
        self.voided: set[int] = set()
        self.people: dict[int, Person] = {}

    # Who is in.

    @property
    def inside(self) -> dict[int, Person]:
        return {id: one for id, one in self.people.items() if not one.kicked}

    @property
    def answered(self) -> int:
        return sum(self.number in one.answers for one in self.inside.values())

    @property
    def awaited(self) -> int:
        """Those who are here, and those who have answered."""
        return sum(one.here_until >= self.now or self.number in one.answers for one in self.inside.values())

    def has_answered(self, id: int) -> bool:
        return self.number in self.people[id].answers

    def answer(self, id: int, *, right: bool) -> None:
        one = self.people[id]
        if self.has_answered(id):
            raise Refused("already-answered")
        if self.phase != "open" or self.ends_at is None or self.now > self.ends_at:
            raise Refused("question-not-open")
        if one.kicked:
            raise Refused("removed")
        one.answers[self.number] = (right, self.now - self.opened_at)

    # What a host does.

    def next(self) -> None:
        steps = {"countdown": "reading", "reading": "open", "open": "reveal", "reveal": "standings", "podium": "ended"}
        if self.phase == "standings" or (self.phase == "reveal" and self.number == QUESTIONS):
            self.enter("podium" if self.number == QUESTIONS else "reading")
        elif self.phase in steps:
            self.enter(steps[self.phase])
        else:
            raise Refused("not-now")

    def skip(self) -> None:
        if self.phase not in ("reading", "open"):
            raise Refused("not-now")
        self.voided.add(self.number)
        self.enter("podium" if self.number == QUESTIONS else "reading")

    def pause(self) -> None:
        if self.phase not in IN_PLAY:
            raise Refused("not-now")
        was, ends_at = self.phase, self.ends_at
        self.enter("paused")
        self.paused_from, self.paused_at = was, self.now
        self.remaining = None if ends_at is None else ends_at - self.now

    def resume(self) -> None:
        if self.phase != "paused":
            raise Refused("not-now")
        self.phase, self.paused_from = self.paused_from, ""
        self.opened_at += self.now - self.paused_at
        self.ends_at = None if self.remaining is None else self.now + self.remaining
        self.remaining = None
        self.version += 1

    def finish(self) -> None:
        if self.phase == "ended":
            raise Refused("not-now")
        if "open" in (self.phase, self.paused_from):
            self.revealed.append(self.number)
        self.enter("ended" if self.phase in ("lobby", "podium") else "podium")

    def void(self, *, voided: bool) -> None:
        if self.phase == "lobby" or self.number not in self.revealed:
            raise Refused("not-now")
        if (self.number in self.voided) == voided:
            raise Refused("already-so")
        (self.voided.add if voided else self.voided.discard)(self.number)
        self.version += 1

    def kick(self, id: int) -> None:
        if self.phase == "ended":
            raise Refused("not-now")
        if self.people[id].kicked:
            raise Refused("no-such-player")
        self.people[id].kicked = True
        self.version += 1

    # What time does.

    def look(self, now: int) -> None:
        """A referee looks: what is due happens, then what all have answered closes."""
        self.now = now
        grace = CLOSING_MS if self.phase == "open" else 0
        if self.ends_at is not None and now >= self.ends_at + grace:
            self.next()
        if self.phase == "open" and self.answered and self.answered >= self.awaited:
            self.next()

    def enter(self, phase: str) -> None:
        self.phase, self.paused_from, self.ends_at, self.remaining = phase, "", None, None
        self.version += 1
        if phase == "reveal":
            self.revealed.append(self.number)
        if phase == "reading":
            self.number += 1
        if phase == "open":
            self.opened_at = self.now
        lasts = {"countdown": COUNTDOWN_MS, "reading": READING_MS, "open": LIMIT_MS}
        self.ends_at = self.now + lasts[phase] if phase in lasts else None

    # What comes of it.

    def points(self, id: int) -> int:
        """Full points for a right answer at once, half of them at the deadline, halves rounded up; none otherwise."""
        counting = [number for number in self.revealed if number not in self.voided]
        answers = [self.people[id].answers.get(number, (False, 0)) for number in counting]
        late = [Fraction(max(ms - GRACE_MS, 0), LIMIT_MS - GRACE_MS) for right, ms in answers if right]
        return sum(int(1000 * (1 - part / 2) + Fraction(1, 2)) for part in late)

    def places(self) -> dict[int, int]:
        """One more than there are players with more points: equals share a place."""
        points = {id: self.points(id) for id in self.inside}
        return {id: 1 + sum(other > own for other in points.values()) for id, own in points.items()}
