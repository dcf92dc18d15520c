"""The relay as a process of its own, with a configuration that a test may change while it runs."""

import os
import signal
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

from websockets.sync.client import ClientConnection, connect

from quiz.processes.network import free_port
from quiz.processes.readiness import is_ready
from tests.stack import PATIENCE, ROOT, wait_until

# Whoever it is: these tests are about the line, not about whom it leads to.
UNCHECKED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
UNCHECKED.check_hostname, UNCHECKED.verify_mode = False, ssl.CERT_NONE
# A client of websockets reads in one thread and writes in another. OpenSSL bears that where nothing follows the
# handshake: in TLS 1.3 tickets do, and one client in two hundred waited for ever on a busy machine.
UNCHECKED.maximum_version = ssl.TLSVersion.TLSv1_2


class Relay:
    """``with Relay(folder, text) as relay:`` runs; ``{http}`` and the like in the text become free ports."""

    def __init__(self, folder: Path, text: str, descriptors: int | None = None, **environment: str) -> None:
        self.file = folder / "orbited.cfg"
        self.ports: dict[str, int] = {name: free_port() for name in ("http", "https", "admin", "echo", "stomp")}
        self.lines: list[str] = []
        self._environment = os.environ | environment
        self._limit = ["prlimit", f"--nofile={descriptors}", "--"] if descriptors else []
        self.write(text)

    def write(self, text: str) -> None:
        """Change the configuration; ``hup`` has it read."""
        for name, port in self.ports.items():
            text = text.replace(f"{{{name}}}", str(port))
        self.file.write_text(text)

    def __enter__(self) -> "Relay":
        self.process = subprocess.Popen(
            [*self._limit, sys.executable, "-u", "-m", "orbited", "-c", str(self.file)],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=lambda: self.lines.extend(iter(self.process.stdout.readline, "")))
        self._reader.start()
        wait_until(lambda: is_ready(self.ports["http"]) or self.process.poll() is not None, "the relay is not ready")
        assert self.process.poll() is None, self.output
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self.process.stdout.close()

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def says(self, text: str) -> bool:
        return text in self.output

    def hup(self, answer: str) -> None:
        """Have the configuration read, and wait for what the relay says of it."""
        before = self.output.count(answer)
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.output.count(answer) > before, self.output)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the end; the exit code."""
        code = self.process.wait(seconds)
        self._reader.join(PATIENCE)
        return code

    def get(self, path: str, where: str = "http", **headers: str) -> tuple[int, str]:
        """Status and body; waits as long as the relay does."""
        url = f"{'https' if where == 'https' else 'http'}://127.0.0.1:{self.ports[where]}{path}"
        request = urllib.request.Request(url, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE, context=UNCHECKED) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def post(self, path: str, packets: str) -> int:
        url = f"http://127.0.0.1:{self.ports['http']}{path}"
        request = urllib.request.Request(url, packets.encode(), {"Content-Type": "text/plain"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status

    def figure(self, name: str) -> float:
        """One of the figures."""
        [line] = [line for line in self.get("/metrics", "admin")[1].splitlines() if line.startswith(f"{name} ")]
        return float(line.split()[1])

    def websocket(self, where: str = "http") -> ClientConnection:
        """A session over a WebSocket, as far as ``["open"]``."""
        scheme, context = ("wss", UNCHECKED) if where == "https" else ("ws", None)
        url = f"{scheme}://127.0.0.1:{self.ports[where]}/tcp/websocket"
        socket = connect(
            url, ssl=context, origin=None, proxy=None, compression=None, open_timeout=PATIENCE, legacy=True
        )
        while socket.recv(PATIENCE) != '["open"]':
            pass
        return socket

    def echo(self, where: str = "http") -> ClientConnection:
        """A session over a WebSocket that leads to the relay's own ``echo://`` listener."""
        socket = self.websocket(where)
        socket.send(f"localhost:{self.ports['echo']}\n".encode())
        assert data(socket) == b"1"
        return socket


def data(socket: ClientConnection) -> bytes:
    """The next packet; what is said beside it is passed over."""
    while isinstance(message := socket.recv(PATIENCE), str):
        pass
    return message
