"""What the broker has done since it started, in plain numbers: written on the way, read by ``metrics.py`` and
``stats.py``.

Nothing is counted for a single delivery: one broadcast is one entry, however many it reaches. Figures for each
destination are kept only while somebody looks at ``/broker/stats``.
"""

from collections import Counter
from dataclasses import dataclass

# The code of a connection that ended without an ERROR: after DISCONNECT, or lost.
NO_ERROR = ""
# Destinations whose traffic is counted apart between two looks. What comes to more is one entry.
MAX_COUNTED_DESTINATIONS = 10_000
REST = ""


@dataclass(slots=True)
class Traffic:
    """Messages and the bytes of their bodies, in from senders and out to subscribers."""

    messages_in: int = 0
    bytes_in: int = 0
    messages_out: int = 0
    bytes_out: int = 0

    def add(self, came: int, delivered: int, size: int) -> None:
        """Count ``came`` messages sent and ``delivered`` handed to somebody, each of ``size`` bytes."""
        self.messages_in += came
        self.bytes_in += came * size
        self.messages_out += delivered
        self.bytes_out += delivered * size

    def include(self, other: "Traffic") -> None:
        """Add another's figures to these."""
        self.messages_in += other.messages_in
        self.bytes_in += other.bytes_in
        self.messages_out += other.messages_out
        self.bytes_out += other.bytes_out


class Tally:
    """One broker's."""

    def __init__(self) -> None:
        self.opened = 0
        self.gone = 0
        # Connections that ended, by the code of their ERROR.
        self.closed: Counter[str] = Counter()
        self.traffic = Traffic()
        self._by_destination: dict[str, Traffic] | None = None

    @property
    def open(self) -> int:
        """Connections whose transport is there."""
        return self.opened - self.gone

    @property
    def refusals(self) -> dict[str, int]:
        """Connections that ended with an ERROR, by its code."""
        return {code: count for code, count in self.closed.items() if code != NO_ERROR}

    def count(self, destination: str, came: int, delivered: int, size: int) -> None:
        """Note what happened at a destination. See :meth:`Traffic.add`."""
        self.traffic.add(came, delivered, size)
        if self._by_destination is not None:
            self._entry(self._by_destination, destination).add(came, delivered, size)

    def look(self) -> dict[str, Traffic]:
        """Give the traffic of each destination since the last look, and keep counting until :meth:`look_away`."""
        seen, self._by_destination = self._by_destination, {}
        return seen or {}

    def look_away(self) -> None:
        """Count no destination apart any more."""
        self._by_destination = None

    @staticmethod
    def _entry(entries: dict[str, Traffic], destination: str) -> Traffic:
        known = destination in entries or len(entries) < MAX_COUNTED_DESTINATIONS
        return entries.setdefault(destination if known else REST, Traffic())
