"""Processes that live and end together."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from honcho.printer import Printer

from quiz.processes import supervisor as module
from quiz.processes.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
SLEEP = "sleep 1000"


@pytest.fixture
def output():
    return io.StringIO()


@pytest.fixture
def supervisor(output, tmp_path):
    with Supervisor(Printer(output), tmp_path) as supervisor:
        yield supervisor


def until(supervisor, happened):
    """Let the processes run until something has happened; the test's time limit is a minute."""
    for _ in range(1200):
        if happened():
            return
        supervisor.print_lines(0.05)
    pytest.fail("it did not happen in a minute")


def runs(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_lines_carry_the_name_of_their_process(supervisor, output):
    supervisor.start("web", "echo hello", os.environ)
    supervisor.start("referee", "echo $WORD >&2", {"PATH": os.environ["PATH"], "WORD": "whistle"})
    until(supervisor, lambda: "hello" in output.getvalue() and "whistle" in output.getvalue())
    assert "web     | hello" in output.getvalue()
    assert "referee | whistle" in output.getvalue()


def test_bytes_that_are_no_utf8_are_printed_all_the_same(supervisor, output):
    supervisor.start("web", r"printf 'caf\351\n'", os.environ)
    until(supervisor, lambda: "caf\N{REPLACEMENT CHARACTER}" in output.getvalue())


@pytest.mark.parametrize(
    ("command", "death"),
    [("sh -c 'exit 3'", "web ended with code 3"), ("sh -c 'kill -9 $$'", "web was ended by signal 9")],
)
def test_death_is_told_with_its_kind(supervisor, command, death):
    supervisor.start("other", SLEEP, os.environ)
    assert supervisor.ended() is None
    supervisor.start("web", command, os.environ)
    until(supervisor, supervisor.ended)
    assert supervisor.ended() == death


def test_stop_ends_what_a_process_started_too(supervisor, output):
    supervisor.start("web", "sh -c 'sleep 1000 & echo child $!; wait'", os.environ)
    until(supervisor, lambda: "child" in output.getvalue())
    child = int(output.getvalue().split()[-1])
    assert runs(child)
    supervisor.stop_signal = signal.SIGTERM  # what a shell starts in the background takes no notice of SIGINT
    supervisor.stop()
    assert not runs(child)
    assert not runs(supervisor.processes["web"].pid)


def test_process_that_does_not_listen_is_killed(supervisor, output, monkeypatch):
    monkeypatch.setattr(module, "STOP_SECONDS", 0.2)
    supervisor.start("deaf", "sh -c 'trap \"\" INT; echo deaf; while :; do sleep 0.01; done'", os.environ)
    until(supervisor, lambda: "| deaf" in output.getvalue())
    supervisor.stop()
    assert supervisor.processes["deaf"].returncode == -signal.SIGKILL


@pytest.mark.parametrize(("number", "name"), [(signal.SIGINT, "INT"), (signal.SIGTERM, "TERM")])
def test_processes_are_asked_as_we_were_and_their_last_words_are_printed(supervisor, output, number, name):
    supervisor.start(
        "web", f"sh -c 'trap \"echo goodbye; exit\" {name}; echo hello; while :; do sleep 0.01; done'", os.environ
    )
    until(supervisor, lambda: "hello" in output.getvalue())
    supervisor.stop_signal = number
    supervisor.stop()
    assert "goodbye" in output.getvalue()


WATCHER = """
import os, sys, pathlib
from honcho.printer import Printer
from quiz.processes.supervisor import Supervisor
supervisor = Supervisor(Printer(sys.stdout), pathlib.Path())
supervisor.start("web", "sleep 1000", os.environ)
print(supervisor.processes["web"].pid, flush=True)
supervisor.print_lines(1000)
"""


def test_processes_end_when_the_one_that_watches_is_killed(supervisor):
    watcher = subprocess.Popen([sys.executable, "-c", WATCHER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    pid = int(watcher.stdout.readline())
    assert runs(pid)
    watcher.kill()
    watcher.wait()
    until(supervisor, lambda: not runs(pid))
