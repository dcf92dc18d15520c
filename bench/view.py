"""A game as one member knows it: snapshot + events = new snapshot, and what is wrong with the order. Pure."""

from enum import Enum
from typing import Any

Data = dict[str, Any]

OVER = ("podium", "ended")
"""Phases after which nothing is scored."""

REVEALED = ("reveal", "standings")
"""Phases that show what was right."""


class Order(Enum):
    """Where an event stands after those that are known."""

    NEXT = "next"
    OLD = "known already from a snapshot or a catch-up"
    DOUBLED = "sent a second time"
    EARLY = "another one is missing before it"


class View:
    """The newest state that a member can make of what it was told."""

    def __init__(self, snapshot: Data) -> None:
        self.state = snapshot
        self._received: set[int] = set()

    @property
    def seq(self) -> int:
        """The last status event in the state."""
        return int(self.state["seq"])

    @property
    def phase(self) -> str:
        """Where the game is; see ``quiz/play/states.py``."""
        return str(self.state["phase"])

    @property
    def is_behind(self) -> bool:
        """Whether an event was received that cannot be applied before a missing one."""
        return max(self._received, default=0) > self.seq

    @property
    def open_question(self) -> Data | None:
        """The question that takes answers now."""
        return self.state["question"] if self.phase == "open" else None

    @property
    def revealed_question(self) -> Data | None:
        """The question whose right options are shown now."""
        return self.state["question"] if self.phase in REVEALED else None

    def receive(self, event: Data) -> Order:
        """Take in a status event that came over the line; it is applied if it is the next one."""
        seq = event["seq"]
        order = Order.DOUBLED if seq in self._received else self._order(seq)
        self._received.add(seq)
        self.catch_up(event)
        return order

    def catch_up(self, event: Data) -> None:
        """Apply a status event if it is the next one, wherever it comes from."""
        if self._order(event["seq"]) is Order.NEXT:
            self.state = {**self.state, **event["data"], "seq": event["seq"]}

    def replace(self, snapshot: Data) -> None:
        """Take over a snapshot that was read, unless events have overtaken it."""
        if snapshot["seq"] >= self.seq:
            self.state = snapshot

    def _order(self, seq: int) -> Order:
        if seq <= self.seq:
            return Order.OLD
        return Order.NEXT if seq == self.seq + 1 else Order.EARLY
