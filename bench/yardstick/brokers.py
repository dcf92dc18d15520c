"""STOMP brokers side by side: ours, a bare loop of ``socket.send``, and those from Debian and CoilMQ.

Ours and the loop have one core, as each is one thread. RabbitMQ, ActiveMQ and CoilMQ have many, and all cores.
"""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

from bench.yardstick.crowd import IN_PROGRESS
from bench.yardstick.pages import SubscriberPage
from bench.yardstick.process import CORES, Process, all_cores, serving
from quiz.processes.network import free_port
from stomp_broker.frames import Frame, Version, encode

DESTINATION = "/topic/bench"
# What only the reader that stalls listens to.
FILLER = "/topic/filler"
TICKET_SECONDS = 3600
# Python's own for socketserver.
COILMQ_BACKLOG = 5

Login = tuple[str, str]


@dataclass(frozen=True)
class Broker:
    """A running broker. ``login_of(number)`` is what a subscriber shows, ``login`` what a publisher shows.

    ``in_progress`` is how many may connect at once: more than its backlog holds would wait for seconds.
    """

    name: str
    process: Process
    port: int
    login: Login
    login_of: Callable[[int], Login]
    in_progress: int = IN_PROGRESS

    def subscriber(self, number: int = 1, destination: str = DESTINATION) -> SubscriberPage:
        """A client that wants the messages of a destination."""
        headers = {"id": "0", "destination": destination, "receipt": "subscribed"}
        return SubscriberPage(connect(self.login_of(number)), stomp("SUBSCRIBE", headers))

    def publisher(self) -> bytes:
        """How the publisher begins."""
        return connect(self.login)


def connect(login: Login) -> bytes:
    """The frame CONNECT."""
    return stomp("CONNECT", {"accept-version": "1.1", "host": "/", "login": login[0], "passcode": login[1]})


def send(body: bytes, destination: str = DESTINATION) -> bytes:
    """The frame SEND, without a receipt."""
    return stomp("SEND", {"destination": destination, "content-type": "application/json"}, body)


def stomp(command: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of a frame."""
    return encode(Frame(command, headers, body), Version.V11)


Starter = Callable[[], AbstractContextManager[Broker]]


@contextmanager
def ours(program: tuple[str, ...] = (), store: str = "", name: str = "ours") -> Iterator[Broker]:
    """This project's, as it runs by itself: services show a passcode, players a ticket of their own.

    ``store`` is the file of its queues; without one they are in memory.
    """
    port, key, passcode = free_port(), secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    environment = {"STOMP_TICKET_KEY": key, "STOMP_PASSCODE": passcode, "STOMP_LOGIN": "web", "STOMP_STORE": store}

    def login_of(number: int) -> Login:
        now = int(time.time())
        claims = {"aud": "orbit-quiz", "sub": f"player:{number}", "iat": now, "exp": now + TICKET_SECONDS}
        rights = {"read": [DESTINATION, FILLER], "write": []}
        return "page", jwt.encode(claims | rights, key, algorithm="HS256")

    with serving("stomp_broker", "-p", str(port), port=port, program=program, environment=environment) as process:
        yield Broker(name, process, port, ("web", passcode), login_of)


@contextmanager
def loop() -> Iterator[Broker]:
    """The bare loop."""
    port = free_port()
    with serving("bench.yardstick.bare", "loop", str(port), port=port) as process:
        yield Broker("loop of socket.send", process, port, ("", ""), lambda _: ("", ""))


@contextmanager
def coilmq() -> Iterator[Broker]:
    """CoilMQ, from PyPI."""
    port = free_port()
    arguments = ("-b", "127.0.0.1", "-p", str(port))
    with serving("coilmq.start", *arguments, port=port, cores=CORES) as process:
        yield Broker("CoilMQ", process, port, ("", ""), lambda _: ("", ""), COILMQ_BACKLOG)


@contextmanager
def rabbitmq() -> Iterator[Broker]:
    """RabbitMQ, from Debian."""
    from tools.rabbitmq import rabbitmq as start

    with _started("RabbitMQ", start) as broker:
        yield broker


@contextmanager
def activemq() -> Iterator[Broker]:
    """ActiveMQ, from Debian."""
    from tools.activemq import activemq as start

    with _started("ActiveMQ", start) as broker:
        yield broker


@contextmanager
def _started(name: str, start: Callable[[Path], AbstractContextManager[Any]]) -> Iterator[Broker]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="orbit-quiz-bench-")))
        with all_cores():
            broker = stack.enter_context(start(folder))
        login = broker.login, broker.passcode
        yield Broker(name, Process(broker.pid), broker.stomp_port, login, lambda _: login)
