"""A broker as a process of its own, and clients of it that say and hear frames over real sockets."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from quiz.processes.network import free_port
from stomp_broker.frames import Frame, FrameDecoder, Version, encode
from tests.stack import PATIENCE, ROOT, wait_until

SECRETS = {"STOMP_TICKET_KEY": "the ticket key of these tests, long enough", "STOMP_PASSCODE": "sesame"}
LARGEST_BYTES = 4 * 1024 * 1024


class Broker:
    """``with Broker(folder, text) as broker:`` runs, with ``text`` as its configuration file."""

    def __init__(self, folder: Path, text: str = "", descriptors: int | None = None, **environment: str) -> None:
        self.file = folder / "broker.cfg"
        self.file.write_text(text)
        self.port, self.admin_port = free_port(), free_port()
        self.lines: list[str] = []
        self._environment = os.environ | SECRETS | environment
        self._limit = ["prlimit", f"--nofile={descriptors}", "--"] if descriptors else []

    def __enter__(self) -> "Broker":
        arguments = ["-p", str(self.port), "--admin-port", str(self.admin_port), "-c", str(self.file)]
        self.process = subprocess.Popen(
            [*self._limit, sys.executable, "-u", "-m", "stomp_broker", *arguments],
            cwd=ROOT,
            env=self._environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=lambda: self.lines.extend(iter(self.process.stderr.readline, "")))
        self._reader.start()
        wait_until(lambda: self.says("listening on") or self.process.poll() is not None, "the broker does not listen")
        assert self.process.poll() is None, self.output
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self.process.stderr.close()

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def says(self, text: str) -> bool:
        return text in self.output

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def hup(self, text: str, answer: str) -> None:
        """Have a changed configuration read, and wait for what the broker says of it."""
        self.file.write_text(text)
        before = self.output.count(answer)
        self.signal(signal.SIGHUP)
        wait_until(lambda: self.output.count(answer) > before, self.output)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the end; the exit code."""
        code = self.process.wait(seconds)
        self._reader.join(PATIENCE)
        return code

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}{path}", timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def figure(self, name: str) -> float:
        """One of the figures, without ``stomp_broker_``."""
        lines = self.get("/metrics")[1].splitlines()
        [line] = [line for line in lines if line.startswith((f"stomp_broker_{name} ", f"{name} "))]
        return float(line.rpartition(" ")[2])

    def service(self) -> "Client":
        """Somebody who may everything."""
        return Client(self.port)


class Client:
    """Says and hears frames of STOMP 1.2."""

    def __init__(
        self, port: int, login: str = "web", passcode: str = SECRETS["STOMP_PASSCODE"], *, wait: bool = True
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._decoder = FrameDecoder(Version.V12, LARGEST_BYTES)
        self.say("CONNECT", {"accept-version": "1.2", "host": "quiz", "login": login, "passcode": passcode})
        self.first = self.hear() if wait else None

    def say(self, command: str, headers: dict[str, str], body: bytes = b"") -> None:
        self.socket.sendall(encode(Frame(command, headers, body), Version.V12))

    def hear(self, seconds: float = PATIENCE) -> Frame | None:
        """The next frame, None at the end of the connection; TimeoutError when nothing comes."""
        self.socket.settimeout(seconds)
        while (frame := self._decoder.next_frame()) is None:
            data = self.socket.recv(65536)
            if not data:
                return None
            self._decoder.receive_data(data)
        return frame

    def subscribe(self, destination: str) -> None:
        self.say("SUBSCRIBE", {"id": "0", "destination": destination, "receipt": "subscribed"})
        while self.hear().command != "RECEIPT":
            pass

    def publish(self, destination: str, body: bytes) -> None:
        """Send, and wait for the receipt."""
        self.say("SEND", {"destination": destination, "receipt": "sent"}, body)
        frame = self.hear()
        assert (frame.command, frame.headers.get("receipt-id")) == ("RECEIPT", "sent"), frame

    def until_end(self) -> list[tuple[str, float]]:
        """The codes of errors until the broker hangs up, each with the time when it came."""
        heard = []
        while frame := self.hear():
            heard.append((frame.headers.get("message", frame.command), time.monotonic()))
        self.socket.close()
        return heard
