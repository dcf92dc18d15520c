"""What the brokers from Debian have in common when tests and benchmarks start them: see rabbitmq.py and activemq.py."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Seconds. On a quiet machine they are ready in six, and end in three.
START_S = 90
STOP_S = 20
POLL_S = 0.05
# The login of the game's own processes.
SERVICE = "web"


class NotStartedError(Exception):
    """A broker did not get ready; the message has the end of its log."""


@dataclass
class DebianBroker:
    """A broker on loopback. ``login`` and ``passcode`` are the service's.

    ``is_script``: whether the command is a script whose child serves.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    stomp_port: int
    login: str
    passcode: str
    is_script: bool = False
    host: str = "127.0.0.1"

    def start(self) -> None:
        """Start it, and wait until it talks STOMP; :class:`NotStartedError`."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
        except NotStartedError:
            self.kill()
            raise

    def stop(self) -> None:
        """End it in order, or at once when that takes too long."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_S)
        self.kill()

    def kill(self) -> None:
        """End it at once, with all its processes: kill -9."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def pid(self) -> int:
        """That of the process that serves."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0]) if self.is_script else pid

    @property
    def log(self) -> Path:
        """Where everything that it prints goes."""
        return self.folder / "output.log"

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise NotStartedError(self.log.read_text(errors="replace")[-3000:])
            time.sleep(POLL_S)

    def _answers(self) -> bool:
        """Does it answer CONNECT, whatever it says?"""
        try:
            with socket.create_connection((self.host, self.stomp_port), 1) as line:
                line.settimeout(5)
                login = f"login:{self.login}\npasscode:{self.passcode}"
                line.sendall(f"CONNECT\naccept-version:1.2\nhost:/\n{login}\n\n\0".encode())
                return line.recv(4096).startswith(b"CONNECTED")
        except OSError:
            return False
