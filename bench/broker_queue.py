"""``python -m bench.broker_queue``: messages per second through one queue, from four producers to one consumer.

Plain TCP, 200 bytes of JSON, ``ack:client``, one ACK for each message. Producers send ``BURST`` messages at once, and
are together at most ``AHEAD`` ahead of the consumer. Ours runs with its queues in memory, and again with them in a
file, where each SEND asks for a receipt. The others follow one by one, without receipts; CoilMQ hangs up on who sends
so much at once. The exit code is 1 when a demand is missed.
"""

import argparse
import re
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from bench.broker_fanout import BODY
from bench.yardstick import brokers
from bench.yardstick.brokers import Broker, Starter, stomp
from bench.yardstick.process import StartError, be_the_load
from bench.yardstick.verdict import Demand, judge

QUEUE = "/queue/bench"
PRODUCERS = 4
AHEAD = 800
# Messages that a producer sends at once: without, the quicker a broker, the smaller and dearer the pieces it gets.
BURST = 50
SECONDS = 5.0
WARM_UP_SECONDS = 1.0
# A broker that delivers nothing for so long has not survived.
PATIENCE_S = 20.0
READ_BYTES = 256 * 1024
SAVED_PER_SECOND = 5_000

MESSAGE_ID = re.compile(rb"\nmessage-id:([^\n]+)\n")


class SilentError(Exception):
    """A broker delivers no more."""


class Line:
    """A connection that was let in."""

    def __init__(self, broker: Broker) -> None:
        self.socket = socket.create_connection(("127.0.0.1", broker.port), PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(broker.publisher())
        self.read()

    def read(self) -> bytes:
        """What came; SilentError at the end of the connection, and for an ERROR."""
        data = self.socket.recv(READ_BYTES)
        if not data or b"ERROR\n" in data:
            raise SilentError(data[:200].decode(errors="replace") or "hung up")
        return data


class Consumer(Line):
    """Acknowledges each message."""

    def __init__(self, broker: Broker) -> None:
        super().__init__(broker)
        self._begun = b""
        self.socket.sendall(stomp("SUBSCRIBE", {"id": "0", "destination": QUEUE, "ack": "client"}))

    def take(self) -> int:
        """Read, and acknowledge what is whole; how many messages that were."""
        *whole, self._begun = (self._begun + self.read()).split(b"\0")
        names = MESSAGE_ID.findall(b"".join(whole))
        acks = (b"ACK\nsubscription:0\nmessage-id:" + name + b"\n\n\0" for name in names)
        self.socket.sendall(b"".join(acks))
        return len(names)


class Queue:
    """Four producers and a consumer of one broker."""

    def __init__(self, broker: Broker, receipts: bool) -> None:
        headers = {"destination": QUEUE, "content-type": "application/json"} | ({"receipt": "1"} if receipts else {})
        self._burst = stomp("SEND", headers, BODY) * BURST
        self._producers = [Line(broker) for _ in range(PRODUCERS)]
        self._consumer = Consumer(broker)
        self._awaits = receipts
        self._ready = selectors.DefaultSelector()
        for line in [self._consumer, *self._producers]:
            self._ready.register(line.socket, selectors.EVENT_READ, line)

    def flow(self, seconds: float) -> float:
        """Messages per second, from the first sent to the last acknowledged and, where asked for, receipted."""
        began = time.perf_counter()
        sent = taken = receipted = 0
        while (going := time.perf_counter() - began < seconds) or taken < sent or (self._awaits and receipted < sent):
            if going:
                sent += self._send(AHEAD - (sent - (min(taken, receipted) if self._awaits else taken)))
            came, confirmed = self._hear()
            taken, receipted = taken + came, receipted + confirmed
        return sent / (time.perf_counter() - began)

    def close(self) -> None:
        """Hang up."""
        self._ready.close()
        for line in [self._consumer, *self._producers]:
            line.socket.close()

    def _send(self, room: int) -> int:
        if room < PRODUCERS * BURST:
            return 0
        for line in self._producers:
            line.socket.sendall(self._burst)
        return PRODUCERS * BURST

    def _hear(self) -> tuple[int, int]:
        ready = self._ready.select(PATIENCE_S)
        if not ready:
            raise SilentError(f"nothing came for {PATIENCE_S:.0f} s")
        taken = receipted = 0
        for key, _ in ready:
            if key.data is self._consumer:
                taken += self._consumer.take()
            else:
                receipted += key.data.read().count(b"\0")
        return taken, receipted


@contextmanager
def queue(broker: Broker, receipts: bool) -> Iterator[Queue]:
    """A queue, and its end."""
    running = Queue(broker, receipts)
    try:
        yield running
    finally:
        running.close()


def measure(start: Starter, receipts: bool, seconds: float) -> tuple[str, float] | None:
    """The broker's name and its messages per second; None for one that does not survive, which is told."""
    try:
        with start() as broker, queue(broker, receipts) as running:
            running.flow(WARM_UP_SECONDS)
            cpu, began = broker.process.cpu_s(), time.perf_counter()
            rate = running.flow(seconds)
            each = (broker.process.cpu_s() - cpu) / (rate * (time.perf_counter() - began)) * 1e6
    except (StartError, SilentError, OSError) as error:
        print(f"{getattr(start, '__name__', 'ours')}: {error}")
        return None
    print(f"{rate:10,.0f} messages/s  {each:6.1f} µs of CPU each  {broker.name}")
    return broker.name, rate


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.broker_queue", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each run (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="ours only")
    options = parser.parse_args()
    be_the_load()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="orbit-quiz-bench-")))
        saved = partial(brokers.ours, store=str(folder / "queues"), name="ours, saved")
        runs: list[tuple[Starter, bool]] = [(brokers.ours, False), (saved, True)]
        if not options.alone:
            runs += [(rival, False) for rival in (brokers.activemq, brokers.rabbitmq, brokers.coilmq)]
        rates = dict(filter(None, (measure(start, receipts, options.seconds) for start, receipts in runs)))
    asked = [Demand("saved, with receipts", rates["ours, saved"], SAVED_PER_SECOND, "messages/s", at_least=True)]
    if "ActiveMQ" in rates:
        asked.append(Demand("in memory: ActiveMQ's rate", rates["ours"] / rates["ActiveMQ"], 1, "x", at_least=True))
    return judge(asked)


if __name__ == "__main__":
    sys.exit(main())
