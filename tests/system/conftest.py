"""Real processes for the tests of this folder: whole copies of Orbit Quiz, and a PostgreSQL."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quiz.processes.network import free_port
from tests.stack import PATIENCE, ROOT, processes_of, wait_until

PORTS = ("WEB_PORT", "ORBITED_PORT", "ORBITED_ADMIN_PORT", "STOMP_PORT", "STOMP_GATE_PORT", "REFEREE_PORT")


class Copy:
    """A copy of Orbit Quiz that runs, started with ``manage.py up`` on ports and data of its own."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.ports = {name: str(free_port()) for name in PORTS}
        self.ports |= {name: value for name, value in settings.items() if name in self.ports}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(data_dir)} | self.ports | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        self.lines.extend(iter(self.process.stdout.readline, ""))

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def until_ready(self) -> str:
        """Wait for the banner and return all output so far."""
        wait_until(lambda: "Ctrl-C" in self.output or self.process.poll() is not None, self.output)
        assert "Orbit Quiz is running." in self.output, self.output
        return self.output

    def until_ended(self) -> str:
        """Wait for the end and return all output."""
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        wait_until(lambda: not self.processes(), self.processes)
        return self.output

    def get(self, path: str, setting: str = "WEB_PORT") -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[setting]}{path}", timeout=PATIENCE) as response:
            return response.read().decode()

    def processes(self) -> dict[int, str]:
        """All processes of this copy: pid to command."""
        return processes_of(self.data_dir)

    def pid(self, words: str) -> int:
        """The process whose command has these words and that ``up`` itself has started."""
        (pid,) = (pid for pid, command in self.processes().items() if words in command and self.started(pid))
        return pid

    def started(self, pid: int) -> bool:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
        return int(after_name.split()[1]) == self.process.pid

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)
        self.process.stdout.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Copy]]:
    """Start a copy; ``start("name")`` again has the data of the copy of that name."""
    copies: list[Copy] = []

    def start(name: str = "one", **settings: str) -> Copy:
        copies.append(Copy(tmp_path / name, **settings))
        return copies[-1]

    yield start
    for copy in copies:
        copy.end()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty PostgreSQL database; ``…/other`` beside it may be created."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        message = "postgresql is not installed (Debian: apt-get install postgresql)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with tempfile.TemporaryDirectory() as folder, PostgreSQL(programs[-1], Path(folder)) as url:
        yield url


class PostgreSQL:
    """A server with data in ``folder``. It refuses to run as root, so root runs it as nobody."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.data = folder / "data"
        self.port = free_port()
        self.user: dict[str, object] = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            shutil.chown(folder, nobody.pw_uid, nobody.pw_gid)

    def __enter__(self) -> str:
        initdb = [
            self.programs / "initdb",
            "--auth=trust",
            "--username=quiz",
            "--encoding=UTF8",
            "--no-sync",
            self.data,
        ]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/", **self.user)
        options = ["-p", str(self.port), "-c", f"unix_socket_directories={self.data}", "-c", "fsync=off"]
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.data, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self.user,
        )
        ready = [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        wait_until(lambda: subprocess.run(ready, check=False).returncode == 0)
        return f"postgresql://quiz@127.0.0.1:{self.port}/postgres"

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGINT)  # Fast shutdown, postgres(1).
        self.process.wait(PATIENCE)
