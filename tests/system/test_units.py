"""The systemd units in deploy/: what they start is there, and they wait as long as it may take."""

import configparser
import os
import shlex
import shutil
import subprocess
import sys

import pytest

from orbited.server import DRAIN_LIMIT_S, FLUSH_S
from stomp_broker.configfile import MAX_DRAIN_SECONDS
from stomp_broker.leaving import LAST_SECONDS
from tests.stack import ROOT

# The longest leave-taking of each, in seconds.
LONGEST = {"relay": DRAIN_LIMIT_S + FLUSH_S, "broker": MAX_DRAIN_SECONDS + LAST_SECONDS}
THERE = {
    "/opt/orbit-quiz/.venv/bin/python": sys.executable,
    "/etc/orbit-quiz/orbited.cfg": str(ROOT / "orbited.cfg"),
    "/etc/orbit-quiz/broker.cfg": str(ROOT / "deploy" / "broker.cfg"),
}
# What the units' environment file has.
SECRETS = {"STOMP_TICKET_KEY": "k" * 40, "STOMP_PASSCODE": "p" * 40}


@pytest.fixture(params=sorted(LONGEST))
def name(request):
    return request.param


@pytest.fixture
def path(name):
    return ROOT / "deploy" / f"orbit-quiz-{name}.service"


@pytest.fixture
def service(path):
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read(path)
    return unit["Service"]


def here(text):
    """A unit's text or command with this machine's paths."""
    for path, ours in THERE.items():
        text = text.replace(path, ours)
    return text


def test_unit_waits_for_the_longest_leave_taking(name, service):
    assert LONGEST[name] <= 30
    assert int(service["TimeoutStopSec"]) > LONGEST[name]
    assert service["KillSignal"] == "SIGTERM"
    assert service["ExecReload"].split()[1] == "-HUP"


def test_unit_starts_what_it_has_checked(service):
    assert service["ExecStartPre"] == f"{service['ExecStart']} --check"
    done = subprocess.run(
        shlex.split(here(service["ExecStartPre"])),
        cwd=ROOT,
        env=os.environ | SECRETS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_has_nothing_against_it(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_text(
        here(path.read_text()).replace("/opt/orbit-quiz", str(ROOT)).replace("User=orbit-quiz", "User=root")
    )
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if path.name in line] == []
