"""The measurements of the broker run to their end and judge; how fast this machine is just now is not tested."""

import subprocess
import sys

import pytest

PATIENCE = 600
"""Seconds. Some take twenty where nothing else runs."""


@pytest.mark.parametrize(
    ("command", "demands"),
    [
        (["broker_setup", "--n", "50", "--runs", "1", "--alone"], ["connected and subscribed on one core"]),
        (["broker_memory", "--n", "50", "--alone", "--settle", "0.2"], ["memory of a subscribed connection"]),
        (["broker_fanout", "--n", "50", "--alone"], ["of the bare loop's time"]),
    ],
)
def test_a_measurement_ends_with_a_verdict_on_each_demand(command: list[str], demands: list[str]) -> None:
    name, *options = command
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *options], check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode in (0, 1), done.stderr
    lines = done.stdout.splitlines()
    assert any("ours" in line for line in lines), done.stderr
    verdicts = lines[-len(demands) :]
    assert all(demand in line for demand, line in zip(demands, verdicts, strict=True))
    assert (done.returncode == 0) == all(line.startswith("met ") for line in verdicts)
