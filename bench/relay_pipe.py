"""``python -m bench.relay_pipe``: 100 MB from a page to a TCP backend, beside Twisted's own port forwarder.

A page sends messages of 64 KiB, framed and masked beforehand, as fast as they are taken; a sink on the load's core
counts what arrives and compares it. The runs take turns; the best of each counts. The exit code is 1 when the
demand is missed.
"""

import argparse
import math
import os
import select
import socket
import sys
import time
from collections.abc import Callable

from bench.yardstick import wire
from bench.yardstick.pages import SocketPage
from bench.yardstick.process import be_the_load
from bench.yardstick.servers import Server, bare, relay
from bench.yardstick.verdict import Demand, judge

MB = 1_000_000
MB_PER_S = 300
SHARE_OF_PIPE = 0.7
MESSAGE = os.urandom(65_536)
FRAME = wire.masked(MESSAGE)
READ_BYTES = 1 << 20
WARM_UP_MESSAGES = 32
SILENCE_LIMIT_S = 20

Way = Callable[[Server, "Sink", int], float]


class Sink:
    """The backend: takes everything, and knows what is to come."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._expected = MESSAGE * (READ_BYTES // len(MESSAGE) + 1)

    def accept(self) -> socket.socket:
        """The relay's connection."""
        self._listener.settimeout(SILENCE_LIMIT_S)
        return self._listener.accept()[0]

    def take(self, connection: socket.socket, taken: int) -> int:
        """Read once; how much is taken now. Bytes that were not sent are an error."""
        data = connection.recv(READ_BYTES)
        start = taken % len(MESSAGE)
        if not data or data != self._expected[start : start + len(data)]:
            raise ConnectionError(f"something else arrives after {taken} bytes, or the end")
        return taken + len(data)


def send(source: socket.socket, backend: socket.socket, sink: Sink, message: bytes, times: int) -> float:
    """Seconds from the first byte sent to the last one received."""
    poll = select.epoll()
    poll.register(source, select.EPOLLOUT)
    poll.register(backend, select.EPOLLIN)
    block, sent, taken, total = memoryview(message), 0, 0, times * len(MESSAGE)
    began = time.perf_counter()
    while taken < total:
        happened = poll.poll(SILENCE_LIMIT_S)
        if not happened:
            raise TimeoutError(f"nothing has moved for {SILENCE_LIMIT_S} s after {taken} bytes")
        for number, _ in happened:
            if number == backend.fileno():
                taken = sink.take(backend, taken)
            else:
                sent += source.send(block[sent % len(message) :])
                if sent == times * len(message):
                    poll.unregister(source)
    seconds = time.perf_counter() - began
    poll.close()
    return seconds


def through_the_relay(server: Server, sink: Sink, times: int) -> float:
    """MB/s over a page's TCPSocket."""
    page = SocketPage(server.host, f"127.0.0.1:{sink.port}")
    with socket.create_connection(("127.0.0.1", server.port)) as source:
        source.sendall(page.begin())
        while not page.ready:
            source.sendall(page.receive(source.recv(READ_BYTES)))
        with sink.accept() as backend:
            return rate(send(source, backend, sink, FRAME, times), times)


def through_the_pipe(server: Server, sink: Sink, times: int) -> float:
    """MB/s over the port forwarder."""
    with socket.create_connection(("127.0.0.1", server.port)) as source, sink.accept() as backend:
        return rate(send(source, backend, sink, MESSAGE, times), times)


def rate(seconds: float, times: int) -> float:
    """MB/s of so many messages."""
    return times * len(MESSAGE) / MB / seconds


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay_pipe", description=__doc__)
    parser.add_argument("--mb", type=int, default=100, help="to send in each run (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="the best one counts (default: %(default)s)")
    options = parser.parse_args()
    be_the_load()
    times = math.ceil(options.mb * MB / len(MESSAGE))
    sink = Sink()
    with relay(sink.port) as ours, bare("pipe", sink.port) as pipe:
        sink.accept().close()  # Whether the pipe is there was asked through the pipe.
        through_the_relay(ours, sink, WARM_UP_MESSAGES)
        through_the_pipe(pipe, sink, WARM_UP_MESSAGES)
        runs = [
            (measure(through_the_relay, ours, sink, times), measure(through_the_pipe, pipe, sink, times))
            for _ in range(options.runs)
        ]
    (relayed, relay_cpu), (piped, pipe_cpu) = map(max, zip(*runs, strict=True))
    print(f"{relayed:6,.0f} MB/s  {relay_cpu:5.2f} ms of the server's CPU for a MB  relay, WebSocket to TCP")
    print(f"{piped:6,.0f} MB/s  {pipe_cpu:5.2f} ms of the server's CPU for a MB  Twisted's port forwarder")
    print(f"ratio to the port forwarder: {relayed / piped:.2f} of its rate")
    demanded = min(MB_PER_S, SHARE_OF_PIPE * piped)
    return judge([Demand("relaying to a TCP backend", relayed, demanded, "MB/s", at_least=True)])


def measure(through: Way, server: Server, sink: Sink, times: int) -> tuple[float, float]:
    """MB/s, and milliseconds of the server's CPU for each MB."""
    cpu = server.process.cpu_s()
    mb_per_s = through(server, sink, times)
    return mb_per_s, (server.process.cpu_s() - cpu) / (times * len(MESSAGE) / MB) * 1000


if __name__ == "__main__":
    sys.exit(main())
