"""One STOMP connection to the broker. The only place that speaks stomp.py.

stomp.py waits without limit, sleeps inside its connect, and tells of losses and ERROR frames only in its own thread.
Here every wait has an end and every failure is a ``BrokerError``. A connection that ended is never opened again.
"""

import itertools
import logging
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from quiz.live.clock import now_ms
from quiz.live.destinations import named, queue_headers, spelled
from quiz.live.errors import BrokerError, BrokerRefused, BrokerUnavailable
from quiz.live.messages import Message
from quiz.live.settings import virtual_host

os.environ.setdefault("STOMP_SKIP_HOSTNAME_SCAN", "1")  # Else its import may wait for a dead name server.
import stomp

logging.getLogger("stomp.py").setLevel(logging.CRITICAL)  # What it warns of is an error here, and said once.

# Seconds for TCP, and again for CONNECTED: a request may wait behind it.
CONNECT_LIMIT_S = 1.0

# Seconds from a SEND to its RECEIPT. Brokers send it after the fan-out, 20 µs a subscriber: enough for 10,000 of them.
RECEIPT_LIMIT_S = 1.0

# Of many messages at once so many leave in one write, and have one receipt: 0.1 s of work for a broker of ours.
MESSAGES_A_RECEIPT = 500

# Milliseconds that one write may wait for a broker that does not read.
WRITE_LIMIT_MS = 1_000

# Milliseconds between signs of life, both ways: a frozen broker is noticed in 7.5 s even when nothing is published.
HEART_BEAT_MS = 5_000

# The header of a MESSAGE in which the broker itself says who sent it, by the form of its destinations. RabbitMQ lets
# nobody write another's name there, and whoever leaves it out is nobody.
SENDER_HEADERS = {"plain": "sender", "activemq": "sender", "rabbitmq": "user-id"}

# The header in which our broker says when a message reached it, in ms; so does our gate before ActiveMQ. RabbitMQ has
# none, and would pass on what a client makes up.
ARRIVAL_HEADERS = {"plain": "received-at", "activemq": "received-at"}

# What stomp.py raises when the socket goes away under it; the last one because another thread sets the socket to None.
_LOSSES = (stomp.exception.StompException, OSError, AttributeError)

_CONNECTED = "CONNECTED"


@dataclass(frozen=True)
class Delivery:
    """A message that the broker brought: ``sender`` as the broker knows it, ``ack`` is its name for the ack.

    ``received_at`` (ms) is when it reached the broker, if that tells so, before it waited anywhere; else when it came.
    """

    destination: str
    sender: str
    body: str
    received_at: int
    ack: str


def _nobody_listens(delivery: Delivery) -> None:
    """What a connection that only sends does with a message: it is subscribed to nothing, so none comes."""


class Connection(stomp.ConnectionListener):  # type: ignore[misc]  # stomp.py has no types
    """From CONNECT to the end, which ``on_end`` is told. The methods ``on_…`` run in stomp.py's thread."""

    def __init__(
        self,
        on_end: Callable[[BrokerError], None],
        on_delivery: Callable[[Delivery], None] = _nobody_listens,
    ) -> None:
        self._on_end = on_end
        self._on_delivery = on_delivery
        self._lock = threading.Lock()
        self._expected: dict[str, Future[None]] = {}
        self._receipts = itertools.count(1)
        self._ended: BrokerError | None = None
        self._stomp = stomp.StompConnection12(
            [(settings.STOMP_HOST, settings.STOMP_PORT)],
            prefer_localhost=False,
            try_loopback_connect=False,
            reconnect_attempts_max=1,
            reconnect_sleep_initial=0,  # It sleeps even after the last attempt.
            timeout=CONNECT_LIMIT_S,
            heartbeats=(HEART_BEAT_MS, HEART_BEAT_MS),
            vhost=virtual_host(),
        )
        self._stomp.set_listener("connection", self)

    @property
    def alive(self) -> bool:
        return self._ended is None

    def open(self) -> None:
        """Connect and log in; ``BrokerUnavailable`` when that fails or takes too long."""
        connected = self._expect(_CONNECTED)
        try:
            self._stomp.connect(settings.STOMP_LOGIN, settings.STOMP_PASSCODE, with_connect_command=True)
        except _LOSSES:
            self.end(BrokerUnavailable("nobody answers"))
        self._wait(connected, CONNECT_LIMIT_S)

    def send(self, messages: Sequence[Message]) -> None:
        """Send in order and wait until the broker has taken the last, and with it all."""
        for start in range(0, len(messages), MESSAGES_A_RECEIPT):
            self._send(messages[start : start + MESSAGES_A_RECEIPT])

    def _send(self, messages: Sequence[Message]) -> None:
        receipt = str(next(self._receipts))
        taken = self._expect(receipt)
        frames = [*map(_encoded, messages[:-1]), _encoded(messages[-1], receipt)]
        try:
            self._stomp.transport.send(b"".join(frames))  # As a frame of its own each takes five times as long.
        except _LOSSES as error:
            self.end(BrokerUnavailable(f"connection broke: {error}"))
        self._wait(taken, RECEIPT_LIMIT_S)

    def subscribe(self, destination: str) -> None:
        """Read a queue of ours; each message is ours until ``acknowledge``, and another's when we are lost before."""
        headers = queue_headers(destination)
        self._do(lambda: self._stomp.subscribe(spelled(destination), destination, "client", headers))

    def unsubscribe(self, destination: str) -> None:
        """Read it no more."""
        self._do(lambda: self._stomp.unsubscribe(id=destination))

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """These have been dealt with, and all that came before them.

        One ACK a queue says so. They go out as the messages came: RabbitMQ takes one for all queues before it.
        """
        newest: dict[str, Delivery] = {}
        for delivery in deliveries:
            newest.pop(delivery.destination, None)
            newest[delivery.destination] = delivery
        for delivery in newest.values():
            self._do(partial(self._stomp.ack, delivery.ack))

    def end(self, why: BrokerError) -> None:
        """Close the connection; who still waits for something gets ``why``."""
        with self._lock:
            if self._ended:
                return
            self._ended = why
            expected, self._expected = self._expected, {}
        for future in expected.values():
            future.set_exception(why)
        self._on_end(why)
        with suppress(*_LOSSES):
            self._stomp.transport.disconnect_socket()

    def on_connecting(self, host_and_port: tuple[str, int]) -> None:
        """The socket is there, and nothing was sent yet."""
        seconds, ms = divmod(WRITE_LIMIT_MS, 1000)
        sock = self._stomp.transport.socket
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", seconds, ms * 1000))

    def on_connected(self, frame: stomp.utils.Frame) -> None:
        self._fulfil(_CONNECTED)

    def on_message(self, frame: stomp.utils.Frame) -> None:
        headers, form = frame.headers, settings.STOMP_DESTINATIONS
        sender = headers.get(SENDER_HEADERS[form], "")
        received_at = _arrival(headers.get(ARRIVAL_HEADERS.get(form, ""), ""), now_ms())
        self._on_delivery(Delivery(named(headers["destination"]), sender, frame.body, received_at, headers["ack"]))

    def on_receipt(self, frame: stomp.utils.Frame) -> None:
        self._fulfil(frame.headers["receipt-id"])

    def on_error(self, frame: stomp.utils.Frame) -> None:
        """An ERROR ends the connection (STOMP 1.2); when it names a message, the others only have to be sent again."""
        refusal = BrokerRefused(frame.headers.get("message") or frame.body[:200] or "ERROR without a message")
        if _CONNECTED in self._expected:
            self.end(BrokerUnavailable(f"it refuses our login, see STOMP_LOGIN and STOMP_PASSCODE: {refusal}"))
        elif named := self._pop(frame.headers.get("receipt-id", "")):
            named.set_exception(refusal)
            self.end(BrokerUnavailable(f"closed after an error: {refusal}"))
        else:
            self.end(refusal)

    def on_disconnected(self) -> None:
        self.end(BrokerUnavailable("connection lost"))

    def _do(self, call: Callable[[], None]) -> None:
        try:
            call()
        except _LOSSES as error:
            broken = BrokerUnavailable(f"connection broke: {error}")
            self.end(broken)
            raise broken from error

    def _expect(self, answer: str) -> Future[None]:
        future: Future[None] = Future()
        with self._lock:
            if self._ended:
                future.set_exception(self._ended)
            else:
                self._expected[answer] = future
        return future

    def _pop(self, answer: str) -> Future[None] | None:
        with self._lock:
            return self._expected.pop(answer, None)

    def _fulfil(self, answer: str) -> None:
        if future := self._pop(answer):
            future.set_result(None)

    def _wait(self, answer: Future[None], limit: float) -> None:
        try:
            answer.result(limit)
        except TimeoutError:
            late = BrokerUnavailable(f"no answer within {limit:g} s")
            self.end(late)
            raise late from None


def _arrival(stamp: str, now: int) -> int:
    """When a message reached the broker, whose clock may be ahead of ours: nothing comes from the future."""
    return min(int(stamp), now) if stamp.isascii() and stamp.isdecimal() else now


def _encoded(message: Message, receipt: str = "") -> bytes:
    """The SEND frame. In its headers nothing needs escaping: names are made of letters, digits, '/', '.', '_', '-'."""
    head = f"SEND\ncontent-length:{len(message.body)}\ncontent-type:application/json\n"
    asks = f"receipt:{receipt}\n" if receipt else ""
    return f"{head}destination:{spelled(message.destination)}\n{asks}\n".encode() + message.body + b"\0"
