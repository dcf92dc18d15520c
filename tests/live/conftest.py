"""The outbox of a test, and a scripted STOMP peer for what a real broker does only on bad days."""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from quiz.live import broker
from tests.live.realbroker import BrokerProcess


@dataclass
class Frame:
    """What the peer received, and on which of its connections (1, 2, …)."""

    connection: int
    command: str
    headers: dict[str, str]
    body: bytes


CONNECTED = b"CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0"


def obey(frame: Frame) -> bytes | None:
    """What a broker in good health answers."""
    if frame.command == "CONNECT":
        return CONNECTED
    if "receipt" in frame.headers:
        return f"RECEIPT\nreceipt-id:{frame.headers['receipt']}\n\n\0".encode()
    return b""


@dataclass
class Peer:
    """Listens on a free port and answers each frame with what ``script`` says: bytes, or None to hang up."""

    script: Callable[[Frame], bytes | None] = obey
    frames: list[Frame] = field(default_factory=list)
    sockets: list[socket.socket] = field(default_factory=list)
    reading: threading.Event = field(default_factory=threading.Event)

    obey = staticmethod(obey)

    def start(self) -> None:
        self.reading.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        for sock in [self.listener, *self.sockets]:
            hang_up(sock)

    def sent(self, command: str = "SEND") -> list[Frame]:
        return [frame for frame in self.frames if frame.command == command]

    def _accept(self) -> None:
        try:
            while True:
                sock, _ = self.listener.accept()
                self.sockets.append(sock)
                threading.Thread(target=self._serve, args=(sock, len(self.sockets)), daemon=True).start()
        except OSError:
            return  # The test is over.

    def _serve(self, sock: socket.socket, number: int) -> None:
        received = b""
        while self.reading.wait() and (data := read(sock)):
            received += data
            while b"\0" in received:
                raw, received = received.split(b"\0", 1)
                frame = parse(number, raw.lstrip(b"\n"))
                self.frames.append(frame)
                answer = self.script(frame)
                if answer is None:
                    return hang_up(sock)
                sock.sendall(answer)
        return None


def read(sock: socket.socket) -> bytes:
    try:
        return sock.recv(65_536)
    except OSError:
        return b""


def hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()


def parse(connection: int, raw: bytes) -> Frame:
    head, _, body = raw.partition(b"\n\n")
    command, *lines = head.decode().split("\n")
    headers = dict(line.replace("\\c", ":").split(":", 1) for line in reversed(lines))
    return Frame(connection, command, headers, body)


@pytest.fixture
def outbox(memory_backend):
    """What the test sent, a list of ``quiz.live.messages.Message``."""
    return memory_backend


@pytest.fixture
def peer(settings):
    peer = Peer()
    peer.start()
    settings.STOMP_HOST, settings.STOMP_PORT = "127.0.0.1", peer.port
    yield peer
    peer.stop()


@pytest.fixture
def nobody(settings):
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.STOMP_HOST, settings.STOMP_PORT = "127.0.0.1", listener.getsockname()[1]


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What happens in the block is committed at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@contextmanager
def impatience(connect_s=0.25):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quiz.live.connection.CONNECT_LIMIT_S", connect_s)
        patch.setattr("quiz.live.connection.RECEIPT_LIMIT_S", 0.25)
        patch.setattr("quiz.live.connection.WRITE_LIMIT_MS", 50)
        yield


@pytest.fixture
def impatient():
    """``with impatient():`` has limits that nobody waits for: where a peer is silent on purpose."""
    return impatience


@pytest.fixture
def real(settings, monkeypatch):
    """The broker runs, and this process speaks to it without pauses."""
    real = BrokerProcess()
    real.start()
    settings.STOMP_HOST, settings.STOMP_PORT = "127.0.0.1", real.port
    settings.STOMP_LOGIN, settings.STOMP_PASSCODE = os.environ.get("STOMP_LOGIN", "web"), os.environ["STOMP_PASSCODE"]
    settings.LIVE_BACKEND = "quiz.live.broker.deliver"
    monkeypatch.setattr(broker, "_broker", broker.Broker())
    monkeypatch.setattr(broker, "PAUSE_S", 0)
    yield real
    real.stop()
