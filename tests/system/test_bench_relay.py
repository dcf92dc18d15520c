"""The measurements of the relay run to their end and judge; how fast this machine is just now is not tested."""

import subprocess
import sys

import pytest

PATIENCE = 600
"""Seconds. Some take twenty where nothing else runs."""


@pytest.mark.parametrize(
    ("command", "demands"),
    [
        (["relay_setup", "--n", "50", "--runs", "1"], ["TCPSockets opened on one core"]),
        (["relay_echo", "--n", "50", "--runs", "1"], ["median echo"]),
        (["relay_pipe", "--mb", "2", "--runs", "1"], ["relaying to a TCP backend"]),
        (["relay_memory", "--n", "50", "--settle", "0.2"], ["session over a WebSocket", "session over long polls"]),
    ],
)
def test_a_measurement_ends_with_a_verdict_on_each_demand(command: list[str], demands: list[str]) -> None:
    name, *options = command
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *options], check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode in (0, 1), done.stderr
    lines = done.stdout.splitlines()
    assert any("ratio" in line for line in lines), done.stderr
    verdicts = lines[-len(demands) :]
    assert all(demand in line for demand, line in zip(demands, verdicts, strict=True))
    assert (done.returncode == 0) == all(line.startswith("met ") for line in verdicts)


def test_a_profile_names_functions_of_the_relay() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.relay_profile", "echo", "--n", "200", "--lines", "2000"],
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert "websocket.py" in done.stdout
