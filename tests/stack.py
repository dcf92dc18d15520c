"""Orbit Quiz as processes of their own, so that a test can kill one of them, and start it again.

``manage.py up`` ends everything when one process dies; here each lives for itself.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from honcho.environ import parse_procfile

from quiz.processes.network import free_port
from quiz.processes.readiness import is_ready
from quiz.processes.supervisor import signal_group

ROOT = Path(__file__).resolve().parent.parent

# Seconds. What takes longer on two busy cores does not come at all.
PATIENCE = 240

PORTS = {"web": "WEB_PORT", "orbited": "ORBITED_PORT", "broker": "STOMP_PORT", "referee": "REFEREE_PORT"}
"""The setting that says where each process listens."""
ADMIN_PORT = "ORBITED_ADMIN_PORT"
GATE_PORT = "STOMP_GATE_PORT"

PROCFILE = parse_procfile((ROOT / "Procfile").read_text()).processes
BROKER_APART = {"broker": "python -m stomp_broker -p $STOMP_PORT"}
AUTHOR = "demo"
SHORT = "Short"
SHORT_QUESTIONS = 5
"""Of the demo quiz: one choice, true or false, and several choices, and one more to go on to."""


def wait_until(happened: Callable[[], object], otherwise: str | Callable[[], object] = "") -> None:
    """Wait until something has happened; ``otherwise`` tells what is there instead when the time is over."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            instead = otherwise() if callable(otherwise) else otherwise
            pytest.fail(f"it did not happen in {PATIENCE} s: {instead}")
        time.sleep(0.1)


def processes_of(data_dir: Path) -> dict[int, str]:
    """All processes with that data folder, found by their environment, however they are related: pid to command."""
    mark = f"DATA_DIR={data_dir}\0".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes() + b"\0":
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # It ended while we looked, or it is a zombie.
    return found


class Stack:
    """web, orbited and referee, and the broker as a process of its own if it is wanted ``broker_apart``.

    With other ``destinations`` than ours there is none: ``rabbitmq`` or ``activemq`` is, or will be, at the port
    ``STOMP_PORT``. RabbitMQ asks with the ``judge_key``; before ActiveMQ the relay has a gate at ``STOMP_GATE_PORT``.

    ``with Stack(folder) as stack:`` has a database with the demo quizzes and a short one, and runs; at the end nothing
    is left of it. ``folder`` is of ``tmp_path`` or ``tmp_path_factory``.
    """

    def __init__(
        self, folder: Path, *, broker_apart: bool = False, destinations: str = "plain", judge_key: str = ""
    ) -> None:
        self.data_dir = folder / "data"
        # What all workers of a run of tests may see.
        self.shared = folder.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else folder.parent
        self.logs = folder
        self.commands = PROCFILE | (BROKER_APART if broker_apart else {})
        self.destinations = destinations
        self.judge_key = judge_key
        self.ports = {setting: free_port() for setting in (*PORTS.values(), ADMIN_PORT, GATE_PORT)}
        # Our broker in the relay's process, by the setting of its port: the game's, a gate before another's, or none.
        own = {"plain": [] if broker_apart else ["STOMP_PORT"], "activemq": [GATE_PORT]}
        self.own_broker = own.get(destinations, [])
        self.target = f"localhost:{self.ports[GATE_PORT if destinations == 'activemq' else 'STOMP_PORT']}"
        self.url = f"http://localhost:{self.ports['WEB_PORT']}"
        self.relay = f"http://localhost:{self.ports['ORBITED_PORT']}"
        self.environment = os.environ | self._settings()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def _settings(self) -> dict[str, str]:
        """What ``manage.py up`` gives its processes, with data and ports of our own."""
        return {
            **{setting: str(port) for setting, port in self.ports.items()},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": f"sqlite:///{self.data_dir}/orbit-quiz.sqlite3",
            "DEBUG": "false",
            "SITE_URL": "",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "ORBITED_HOST": "",
            "ORBITED_ORIGINS": f"-o {self.url}",
            "STOMP_HOST": "localhost",
            "STOMP_LISTENER": " ".join(f"-l stomp://127.0.0.1:{self.ports[setting]}" for setting in self.own_broker),
            "STOMP_TARGET": self.target,
            "STOMP_LOGIN": "web",
            "STOMP_DESTINATIONS": self.destinations,
            "RABBITMQ_JUDGE_KEY": self.judge_key,
        }

    def __enter__(self) -> Self:
        self._prepare_data()
        try:
            self.start_all()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _prepare_data(self) -> None:
        """What ``manage.py up`` makes, and quizzes. The first stack of a run of tests does it; all have a copy."""
        prepared = self.shared / "prepared"
        with (self.shared / "prepared.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not prepared.exists():
                self._make_data()
                self.data_dir.rename(prepared)
        shutil.copytree(prepared, self.data_dir, ignore=shutil.ignore_patterns("static"))
        (self.data_dir / "static").symlink_to(prepared / "static")  # A thousand files, which nobody changes.

    def _make_data(self) -> None:
        self.data_dir.mkdir(parents=True)
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("demo")
        some = ["--title", SHORT, "--limit", str(SHORT_QUESTIONS)]
        self.manage("import_quiz", "quiz/authoring/demo/space.en.csv", "--owner", AUTHOR, *some)

    def start_all(self) -> None:
        """Start what does not run, and wait until all can serve."""
        for name in self.commands:
            if name not in self.processes:
                self.launch(name)
        for name in self.commands:
            self.wait_for(name)

    def start(self, name: str) -> None:
        """Start one, and wait until it can serve."""
        self.launch(name)
        self.wait_for(name)

    def launch(self, name: str, command: str | None = None, **settings: str) -> None:
        """Start one and do not wait. With a ``command`` it may be another one beside those of the Procfile."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command or self.commands[name]}"],
                cwd=ROOT,
                env=self.environment | settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, name: str) -> None:
        port, process = self.ports[PORTS[name]], self.processes[name]
        serves = is_open if name == "broker" else is_ready
        wait_until(lambda: serves(port) or process.poll() is not None, f"{name} is not ready, see {self.logs}")
        assert process.poll() is None, self.log(name)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End a process and what it started, at once unless another signal says how."""
        process = self.processes.pop(name)
        signal_group(process, number)
        process.wait(PATIENCE)

    def signal(self, name: str, number: signal.Signals) -> None:
        signal_group(self.processes[name], number)

    def end(self) -> None:
        for name in list(self.processes):
            self.kill(name)
        wait_until(lambda: not processes_of(self.data_dir), "processes of the stack still run")

    def log(self, name: str) -> str:
        """What a process has said so far."""
        return (self.logs / f"{name}.log").read_text()

    def manage(self, *arguments: str) -> str:
        """What a command of ``manage.py`` prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, check=False, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The rows, to be read only."""
        file = f"file:{self.data_dir}/orbit-quiz.sqlite3?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as connection:
            yield connection

    def rows(self, query: str, *values: object) -> list[Any]:
        with self.database() as connection:
            return connection.execute(query, values).fetchall()

    def call(self, path: str, data: object = None, ticket: str = "") -> tuple[int, Any]:
        """Status and JSON of a GET, or of a POST of ``data``."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {ticket}"} if ticket else {}
        body = data if isinstance(data, bytes) else None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def quiz(self, language: str = "en") -> int:
        """The demo quiz of that language."""
        [(id,)] = self.rows("SELECT MIN(id) FROM authoring_quiz WHERE language = ?", language)
        return int(id)

    def short_quiz(self) -> int:
        """The beginning of the English demo quiz, for games that are to be whole and not long."""
        [(id,)] = self.rows("SELECT id FROM authoring_quiz WHERE title = ?", SHORT)
        return int(id)


def is_open(port: int) -> bool:
    """Tell whether somebody listens."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
