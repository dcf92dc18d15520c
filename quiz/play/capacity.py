"""How many players this machine can hold in one game, from what it is and what games were measured to cost. Pure.

The answer is an estimate and says what bounds it. A real figure comes from ``python -m bench.players``.
"""

from dataclasses import dataclass
from enum import StrEnum

REFERENCE_PLAYERS = 3_000
"""Players of one game whom two cores held with the answers taken in within two seconds, everything on one machine."""

REFERENCE_CORES = 2
REFERENCE_WORK_MS = 10.0
"""What :mod:`quiz.play.yardstick` took there."""

PLAYER_BYTES = 40 * 1024
"""Memory of one connected player: session and connection, the kernel's buffers, and a share of a burst of answers."""

SPARE_DESCRIPTORS = 200
"""Of the relay's own: listeners, logs, the database, operators, and what the next start needs beside the last."""

IDLE_LEAST = 0.1
"""Of a machine's cores, however busy it is: it will give that much."""


class Bound(StrEnum):
    """What there is too little of for more players."""

    RULE = "rule"
    CPU = "cpu"
    MEMORY = "memory"
    DESCRIPTORS = "descriptors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What was found: ``work_ms`` for the yardstick, ``load`` in cores that are busy, memory that is free in bytes,
    how many descriptors a process may have open, and how many players the rules of a game allow."""

    work_ms: float
    cores: int
    load: float
    free_bytes: int
    descriptors: int
    allowed: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """About so many players, and what keeps it from being more."""

    players: int
    bound: Bound


def capacity(machine: Machine) -> Capacity:
    """The least of what each part allows, in two digits."""
    limits = {
        Bound.RULE: machine.allowed,
        Bound.CPU: _by_cpu(machine),
        Bound.MEMORY: machine.free_bytes // PLAYER_BYTES,
        Bound.DESCRIPTORS: max(machine.descriptors - SPARE_DESCRIPTORS, 0),
    }
    bound = min(limits, key=lambda name: limits[name])
    return Capacity(_in_two_digits(limits[bound]), bound)


def _by_cpu(machine: Machine) -> int:
    idle = max(machine.cores - machine.load, IDLE_LEAST * machine.cores)
    # A game's processes are few: cores beyond the reference's help games beside it, not this one.
    useful = min(idle, REFERENCE_CORES) / REFERENCE_CORES
    return int(REFERENCE_PLAYERS * useful * REFERENCE_WORK_MS / machine.work_ms)


def _in_two_digits(value: int) -> int:
    unit: int = 10 ** max(len(str(value)) - 2, 0)
    return value // unit * unit
