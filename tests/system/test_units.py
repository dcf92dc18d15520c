"""The systemd units in deploy/: what they start is there, and they wait as long as it may take."""

import configparser
import shlex
import shutil
import subprocess
import sys

import pytest

from orbited.server import DRAIN_LIMIT_S, FLUSH_S
from tests.stack import ROOT

RELAY = ROOT / "deploy" / "orbit-quiz-relay.service"
THERE = {"/opt/orbit-quiz/.venv/bin/python": sys.executable, "/etc/orbit-quiz/orbited.cfg": str(ROOT / "orbited.cfg")}


@pytest.fixture
def service():
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read(RELAY)
    return unit["Service"]


def here(text):
    """A unit's text or command with this machine's paths."""
    for path, ours in THERE.items():
        text = text.replace(path, ours)
    return text


def test_relay_s_unit_waits_for_the_longest_leave_taking(service):
    assert int(service["TimeoutStopSec"]) > DRAIN_LIMIT_S + FLUSH_S
    assert service["KillSignal"] == "SIGTERM"
    assert service["ExecReload"].split()[1] == "-HUP"


def test_relay_s_unit_starts_what_it_has_checked(service):
    assert service["ExecStartPre"] == f"{service['ExecStart']} --check"
    done = subprocess.run(
        shlex.split(here(service["ExecStartPre"])), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_has_nothing_against_it(tmp_path):
    copy = tmp_path / RELAY.name
    copy.write_text(
        here(RELAY.read_text()).replace("/opt/orbit-quiz", str(ROOT)).replace("User=orbit-quiz", "User=root")
    )
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if RELAY.name in line] == []
