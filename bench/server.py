"""A copy of Orbit Quiz of one's own: real processes on free ports, with data that is thrown away."""

import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from quiz.processes.network import free_port
from quiz.processes.readiness import is_ready

ROOT = Path(__file__).resolve().parent.parent
START_LIMIT_S = 90
STOP_LIMIT_S = 30
LOOK_S = 0.2
OWNER = "demo"
PORTS = ("WEB_PORT", "ORBITED_PORT", "STOMP_PORT", "REFEREE_PORT")
SECRETS = ("SECRET_KEY", "STOMP_PASSCODE", "STOMP_TICKET_KEY", "DEMO_PASSWORD")


class ServerError(Exception):
    """The copy did not start, or a command failed; the text has its last lines."""


@dataclass(frozen=True)
class Server:
    """A running copy. ``pid`` is that of ``manage.py up``."""

    pid: int
    environment: dict[str, str]
    database_file: Path

    @property
    def url(self) -> str:
        """The site."""
        return f"http://127.0.0.1:{self.environment['WEB_PORT']}"

    def manage(self, *arguments: str) -> str:
        """What a command of ``manage.py`` prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, check=False, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise ServerError(f"manage.py {arguments[0]}: {done.stderr or done.stdout}")
        return done.stdout.strip()

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The copy's rows, to be read only."""
        with closing(sqlite3.connect(f"file:{self.database_file}?mode=ro", uri=True)) as connection:
            yield connection


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Start a copy with these settings, wait until it can serve, and end it. Raises :class:`ServerError`."""
    with tempfile.TemporaryDirectory(prefix="orbit-quiz-bench-") as folder:
        data, said = Path(folder) / "data", Path(folder) / "up.log"
        database = data / "orbit-quiz.sqlite3"
        environment = os.environ | _settings(data, database) | settings
        with said.open("w") as output:
            up = subprocess.Popen(
                [sys.executable, "manage.py", "up"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        try:
            _wait_until_ready(up, environment, said)
            yield Server(up.pid, environment, database)
        finally:
            _stop(up)


def _settings(data: Path, database: Path) -> dict[str, str]:
    return {
        **{name: str(free_port()) for name in PORTS},
        **{name: secrets.token_urlsafe(48) for name in SECRETS},
        "DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{database}",
        "DEBUG": "false",
        "SITE_URL": "",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "ORBITED_HOST": "",
        "STOMP_HOST": "localhost",
        "STOMP_DESTINATIONS": "plain",
    }


def _wait_until_ready(up: "subprocess.Popen[bytes]", environment: dict[str, str], said: Path) -> None:
    end = time.monotonic() + START_LIMIT_S
    waiting = [int(environment[name]) for name in ("WEB_PORT", "ORBITED_PORT", "REFEREE_PORT")]
    while waiting:
        waiting = [port for port in waiting if not is_ready(port)]
        if up.poll() is not None or time.monotonic() > end:
            raise ServerError(f"manage.py up does not get ready:\n{said.read_text()[-3000:]}")
        time.sleep(LOOK_S)


def _stop(up: "subprocess.Popen[bytes]") -> None:
    up.send_signal(signal.SIGTERM)
    try:
        up.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        up.kill()
        up.wait()
