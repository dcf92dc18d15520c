"""How many players a machine can hold, and what bounds it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.capacity import (
    PLAYER_BYTES,
    REFERENCE_CORES,
    REFERENCE_PLAYERS,
    REFERENCE_WORK_MS,
    SPARE_DESCRIPTORS,
    Bound,
    Capacity,
    Machine,
    capacity,
)

REFERENCE = Machine(
    work_ms=REFERENCE_WORK_MS,
    cores=REFERENCE_CORES,
    load=0.0,
    free_bytes=8 * 1024**3,
    descriptors=65_536,
    allowed=5_000,
)


def test_the_reference_machine_holds_what_was_measured_there() -> None:
    assert capacity(REFERENCE) == Capacity(REFERENCE_PLAYERS, Bound.CPU)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"work_ms": REFERENCE_WORK_MS / 10}, Capacity(5_000, Bound.RULE)),
        ({"work_ms": REFERENCE_WORK_MS * 2}, Capacity(1_500, Bound.CPU)),
        ({"load": 1.0}, Capacity(1_500, Bound.CPU)),
        ({"load": 40.0}, Capacity(300, Bound.CPU)),
        ({"cores": 1}, Capacity(1_500, Bound.CPU)),
        ({"cores": 64}, Capacity(3_000, Bound.CPU)),
        ({"free_bytes": 257 * PLAYER_BYTES}, Capacity(250, Bound.MEMORY)),
        ({"descriptors": SPARE_DESCRIPTORS + 824}, Capacity(820, Bound.DESCRIPTORS)),
        ({"descriptors": 100}, Capacity(0, Bound.DESCRIPTORS)),
    ],
)
def test_the_scarcest_part_decides(change: dict[str, float], expected: Capacity) -> None:
    assert capacity(replace(REFERENCE, **change)) == expected  # type: ignore[arg-type]


@given(st.floats(1, 1_000), st.integers(1, 64), st.floats(0, 128), st.integers(0, 2**40), st.integers(0, 2**20))
def test_it_never_promises_more_than_the_rules_allow(
    work_ms: float, cores: int, load: float, free_bytes: int, descriptors: int
) -> None:
    machine = Machine(
        work_ms=work_ms, cores=cores, load=load, free_bytes=free_bytes, descriptors=descriptors, allowed=5_000
    )
    assert 0 <= capacity(machine).players <= 5_000
