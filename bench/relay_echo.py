"""``python -m bench.relay_echo``: 200 bytes there and back over a TCPSocket, beside the same echo on bare Twisted.

One page sends the next message when the one before has come back. The relay's backend is its own ``echo://``
listener. The runs take turns, so that whatever else the machine does hits all alike; medians, the best run of each.
The exit code is 1 when the demand is missed.
"""

import argparse
import os
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median
from time import perf_counter_ns

from bench.yardstick import wire
from bench.yardstick.pages import BareSocketPage, SocketPage
from bench.yardstick.process import Process, be_the_load
from bench.yardstick.servers import bare, relay
from bench.yardstick.verdict import Demand, judge

MESSAGE = os.urandom(200)
FRAME = wire.masked(MESSAGE)
RATIO_LIMIT = 2
# How often a page acknowledges; docs/orbited-protocol.md, section 3.
ACKNOWLEDGE_PACKETS = 64
READ_BYTES = 65_536


class Line:
    """A connection that is asked without sleep, so that waking up is not in the figures."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setblocking(False)

    def send(self, data: bytes) -> None:
        """Send all of it: these messages always fit."""
        self._socket.sendall(data)

    def receive(self) -> bytes:
        """What comes next."""
        while True:
            try:
                return self._socket.recv(READ_BYTES)
            except BlockingIOError:
                continue

    def talk(self, page: SocketPage | BareSocketPage) -> None:
        """Go on until the page is ready."""
        self.send(page.begin())
        while not page.ready:
            self.send(page.receive(self.receive()))


def plain_echo(line: Line) -> Callable[[], None]:
    """Echo over TCP."""

    def echo() -> None:
        line.send(MESSAGE)
        left = len(MESSAGE)
        while left:
            left -= len(line.receive())

    return echo


def framed_echo(line: Line, acknowledge: bool) -> Callable[[], None]:
    """Echo over a WebSocket; ``acknowledge`` as a TCPSocket does."""
    frames, seen = wire.Frames(), 1

    def echo() -> None:
        nonlocal seen
        line.send(FRAME)
        seen += 1
        if acknowledge and not seen % ACKNOWLEDGE_PACKETS:
            line.send(wire.masked(b'["ack",%d]' % (seen - 1), wire.TEXT))
        while (wire.BINARY, MESSAGE) not in frames.read(line.receive()):
            pass

    return echo


def median_us(echo: Callable[[], None], times: int) -> float:
    """Microseconds of the median of so many echoes."""
    samples = []
    for _ in range(times):
        began = perf_counter_ns()
        echo()
        samples.append(perf_counter_ns() - began)
    return median(samples) / 1000


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay_echo", description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="echoes in each run (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="the best one counts (default: %(default)s)")
    options = parser.parse_args()
    be_the_load()
    with ExitStack() as stack:
        ours, websocket, plain = (stack.enter_context(start) for start in (relay(), bare("websocket"), bare("echo")))
        lines = [Line(server.port) for server in (ours, websocket, plain)]
        lines[0].talk(SocketPage(ours.host, ours.echo))
        lines[1].talk(BareSocketPage(websocket.host))
        kinds = {
            "relay: TCPSocket over a WebSocket": (framed_echo(lines[0], acknowledge=True), ours.process),
            "twisted.web.websocket": (framed_echo(lines[1], acknowledge=False), websocket.process),
            "Twisted TCP echo": (plain_echo(lines[2]), plain.process),
        }
        runs = [{name: measure(*kind, options.n) for name, kind in kinds.items()} for _ in range(options.runs)]
    best = {name: min(run[name] for run in runs) for name in kinds}
    for name, (wall_us, cpu_us) in best.items():
        print(f"{wall_us:7.1f} µs  {cpu_us:6.1f} µs of the server's CPU  {name}")
    (wall_us, cpu_us), _, (plain_us, plain_cpu_us) = best.values()
    print(f"ratio to the TCP echo: median {wall_us / plain_us:.2f}, CPU {cpu_us / plain_cpu_us:.2f}")
    return judge([Demand("median echo against bare Twisted's", wall_us / plain_us, RATIO_LIMIT, "times")])


def measure(echo: Callable[[], None], process: Process, times: int) -> tuple[float, float]:
    """Median and the server's CPU for one echo, both in microseconds."""
    cpu = process.cpu_s()
    wall_us = median_us(echo, times)
    return wall_us, (process.cpu_s() - cpu) / times * 1e6


if __name__ == "__main__":
    sys.exit(main())
