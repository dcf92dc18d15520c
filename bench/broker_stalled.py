"""``python -m bench.broker_stalled``: what one reader of 5,000 that stops does to the others, and to the memory.

Fifty messages a second of 2 KB, to 5,000 subscribers: about as much as one core sends. In every other stretch there is
one subscriber more that never reads; the kernel's buffers for it have been filled before, and within the stretch it is
cut. The time of each delivery to the others is taken, from the publisher's send to the read; each second has its own
99th percentile, and the median of the seconds with it is held against the median of those without, as other work on
the machine spoils single seconds. The largest memory of the broker is held against that of the stretch before. The exit
code is 1 when a demand is missed.
"""

import argparse
import select
import socket
import sys
import time
from itertools import count
from statistics import median
from typing import NamedTuple

from bench.broker_fanout import gathered
from bench.yardstick import brokers
from bench.yardstick.audience import MOST_AT_ONCE, READ_BYTES, LostError
from bench.yardstick.brokers import FILLER, Broker
from bench.yardstick.process import be_the_load
from bench.yardstick.verdict import Demand, judge

MB = 1024 * 1024
CHANGE_LIMIT = 0.10
GROWTH_LIMIT_MB = 5
MESSAGES_PER_S = 50
BODY = b'{"text":"%s"}' % (b"x" * 2037)
# Long enough for the broker to cut who has not read a megabyte.
SECONDS = 16
WARM_UP_SECONDS = 3
# Of a delivery's time, in seconds: a tenth of a millisecond.
STEP_S = 0.0001
SLOWEST_S = 10.0
# For the one that does not read, the client's kernel keeps next to nothing, but the broker's some 2.8 MB. They are
# filled with this, by way of a destination of its own; some of it is left for the broker to keep.
STALLED_BUFFER_BYTES = 4096
FILLING = [bytes(850_000)] * 4
FILLING_SECONDS = 1.0


class Second(NamedTuple):
    """What was measured: milliseconds of the 99th percentile and of the median, and the broker's memory in bytes."""

    p99: float
    p50: float
    memory: int


class Listeners:
    """The subscribers that read, and when each of them got each message."""

    def __init__(self, connections: list[socket.socket], publisher: socket.socket) -> None:
        self._poll = select.epoll()
        self._buffer = bytearray(READ_BYTES)
        self._reads = {each.fileno(): each.recv_into for each in connections}
        self._heard = dict.fromkeys(self._reads, 0)
        self._sent: list[float] = []
        self._publisher = publisher
        self._frame = brokers.send(BODY)
        self.times = [0] * int(SLOWEST_S / STEP_S)
        for number in self._reads:
            self._poll.register(number, select.EPOLLIN)

    def listen(self, seconds: float) -> None:
        """Publish at an even pace, and read."""
        began = time.perf_counter()
        for number in count():
            due = began + number / MESSAGES_PER_S
            while (left := due - time.perf_counter()) > 0:
                self._turn(left)
            if due > began + seconds:
                return
            self._sent.append(time.perf_counter())
            self._publisher.sendall(self._frame)

    def percentile(self, share: float) -> float:
        """Milliseconds that so large a share of the deliveries took at most."""
        left = sum(self.times) * share
        for step, deliveries in enumerate(self.times):
            left -= deliveries
            if left <= 0:
                return (step + 1) * STEP_S * 1000
        raise LostError("nothing was delivered")

    def _turn(self, limit_s: float) -> None:
        buffer, heard, sent, times = self._buffer, self._heard, self._sent, self.times
        for number, _ in self._poll.poll(limit_s, MOST_AT_ONCE):
            size = self._reads[number](buffer)
            if not size:
                raise LostError("the broker has hung up")
            now, first = time.perf_counter(), heard[number]
            heard[number] = last = first + buffer.count(0, 0, size)
            for message in range(first, last):
                times[min(int((now - sent[message]) / STEP_S), len(times) - 1)] += 1


def stretch(listeners: Listeners, broker: Broker, seconds: int) -> list[Second]:
    """Let time pass, and take the figures of each second."""
    measured = []
    for _ in range(seconds):
        listeners.times = [0] * len(listeners.times)
        listeners.listen(1.0)
        measured.append(Second(listeners.percentile(0.99), listeners.percentile(0.5), broker.process.memory_bytes()))
    return measured


def stall(broker: Broker, publisher: socket.socket) -> socket.socket:
    """Subscribe, read nothing from then on, and have all buffers filled."""
    page, connection = broker.subscriber(), socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STALLED_BUFFER_BYTES)
    connection.connect(("127.0.0.1", broker.port))
    connection.sendall(page.begin())
    while not page.ready:
        connection.sendall(page.receive(connection.recv(200)))
    connection.sendall(brokers.stomp("SUBSCRIBE", {"id": "1", "destination": FILLER}))
    time.sleep(FILLING_SECONDS)
    for body in FILLING:
        publisher.sendall(brokers.send(body, FILLER))
    time.sleep(FILLING_SECONDS)
    return connection


def is_cut(connection: socket.socket) -> bool:
    """Whether the broker has ended a connection; what it had sent is read away."""
    connection.setblocking(False)
    try:
        while connection.recv(READ_BYTES):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        pass
    return True


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.broker_stalled", description=__doc__)
    parser.add_argument("--n", type=int, default=5_000, help="subscribers that read (default: %(default)s)")
    parser.add_argument("--pairs", type=int, default=3, help="stretches of each kind (default: %(default)s)")
    options = parser.parse_args()
    be_the_load()
    without: list[list[Second]] = []
    beside: list[list[Second]] = []
    all_cut = True
    with brokers.ours() as broker, gathered(broker, options.n) as (connections, publisher):
        listeners = Listeners(connections, publisher)
        stretch(listeners, broker, WARM_UP_SECONDS)
        for _ in range(options.pairs):
            without.append(stretch(listeners, broker, SECONDS))
            with stall(broker, publisher) as stalled:
                beside.append(stretch(listeners, broker, SECONDS))
                all_cut &= is_cut(stalled)
    p99, p99_beside = figures("without", without), figures("with a stalled reader", beside)
    growth = max(largest(after) - largest(before) for before, after in zip(without, beside, strict=True))
    return judge(
        [
            Demand("change of the others' p99", p99_beside / p99 - 1, CHANGE_LIMIT, "of it"),
            Demand("growth of the broker's memory", growth / MB, GROWTH_LIMIT_MB, "MB"),
            Demand("stalled readers that are cut, of all", float(all_cut), 1, "", at_least=True),
        ]
    )


def figures(kind: str, stretches: list[list[Second]]) -> float:
    """Print what was measured; the median of the seconds' 99th percentiles, in milliseconds."""
    for each in stretches:
        p99, p50 = median(second.p99 for second in each), median(second.p50 for second in each)
        print(f"p99 {p99:6.1f} ms  p50 {p50:6.1f} ms  memory {largest(each) / MB:6.1f} MB  {kind}")
    return median(second.p99 for each in stretches for second in each)


def largest(seconds: list[Second]) -> int:
    """The most memory of all."""
    return max(second.memory for second in seconds)


if __name__ == "__main__":
    sys.exit(main())
