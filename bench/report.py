"""What all players counted and measured, as one line of JSON. Pure."""

import json
import logging
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.backlog import Backlog

log = logging.getLogger(__name__)

MAX_FAULTS_SHOWN = 20
"""Sentences on stderr; one fault of the server is the same for a thousand players."""


@dataclass
class Counts:
    """How often something happened; answers are counted once, however often they were sent.

    ``answers_late`` were refused because the question had closed. ``lost`` were never answered by the server, or
    acknowledged and then not counted; ``doubled`` were acknowledged in two ways or stored twice; ``unjudged`` are those
    whose reveal the player missed while its line was down. ``gaps`` are events that did not come and were asked for,
    ``events_doubled`` came twice over one line or another. ``results_missed`` were read from the state instead.
    """

    joined: int = 0
    finished: int = 0
    answers_sent: int = 0
    answers_acknowledged: int = 0
    answers_late: int = 0
    answers_repeated: int = 0
    lost: int = 0
    doubled: int = 0
    unjudged: int = 0
    gaps: int = 0
    gaps_filled: int = 0
    events_doubled: int = 0
    results_missed: int = 0
    clock_errors: int = 0
    standing_errors: int = 0
    reconnects: int = 0


@dataclass
class Report:
    """Shared by all players of one run."""

    counts: Counts = field(default_factory=Counts)
    samples: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    times: dict[str, dict[int, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    """Milliseconds of each player, by question: until the options, the acknowledgement and the result were there."""
    acknowledged: set[str] = field(default_factory=set)
    backlog: Backlog = field(default_factory=Backlog)
    acted_at: dict[int, float] = field(default_factory=dict)
    """When the host of this run did what led to each version of the game (milliseconds)."""
    joins_a_second: int | None = None
    _faults: int = 0

    def fault(self, kind: str, who: str, problems: Sequence[str]) -> None:
        """Count each problem under ``kind``, a name of :class:`Counts`, and say the first ones."""
        setattr(self.counts, kind, getattr(self.counts, kind) + len(problems))
        for problem in problems:
            self._faults += 1
            if self._faults <= MAX_FAULTS_SHOWN:
                log.error("%s: %s: %s", kind, who, problem)

    def caused_at(self, event: dict[str, Any]) -> float:
        """When the host acted, or the server did by itself, of which a status event tells (milliseconds)."""
        data = event["data"]
        return self.acted_at.get(data.get("version"), data["phase_started_at"])

    def is_good(self, players: int) -> bool:
        """Whether all players saw the game to its end, and nothing was lost, doubled or wrong."""
        counts = self.counts
        unexplained = 0 if counts.reconnects else counts.unjudged
        wrong = counts.lost + counts.doubled + counts.clock_errors + counts.standing_errors + unexplained
        return counts.finished == players and not wrong and counts.gaps == counts.gaps_filled

    def as_dict(self) -> dict[str, Any]:
        """Counts, and milliseconds as percentiles: those of a question, of the usual one."""
        return {
            **asdict(self.counts),
            "joins_a_second": self.joins_a_second,
            **{f"{name}_ms": usual(list(self.times[name].values())) for name in ("options", "ack", "result")},
            "join_ms": percentiles(self.samples["join"]),
            "waiting_points": percentiles(self.samples["waiting_points"]),
        }


def usual(questions: Sequence[Sequence[float]]) -> dict[str, float | None]:
    """Percentiles of each question's times, each the median over the questions, and the ``worst`` time of all."""
    each = [percentiles(times, with_ends=True) for times in questions]
    names = percentiles([], with_ends=True)
    medians = {name: percentile(sorted(one[name] or 0.0 for one in each), 0.5) for name in names}
    return {**medians, "worst": max((one["last"] or 0.0 for one in each), default=None)}


def percentiles(values: Sequence[float], *, with_ends: bool = False) -> dict[str, float | None]:
    """``p50`` and ``p99`` (and ``first`` and ``last``) to a tenth; None where nothing was measured."""
    shares = {"p50": 0.5, "p99": 0.99} | ({"first": 0.0, "last": 1.0} if with_ends else {})
    ordered = sorted(values)
    return {name: percentile(ordered, share) for name, share in shares.items()}


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest of the ordered values that at least ``share`` of them do not exceed (nearest rank)."""
    if not ordered:
        return None
    return round(ordered[max(math.ceil(share * len(ordered)), 1) - 1], 1)


def line(data: dict[str, Any]) -> str:
    """One line of JSON."""
    return json.dumps(data, separators=(", ", ": "))
