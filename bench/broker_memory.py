"""``python -m bench.broker_memory``: what a subscribed connection costs that says nothing.

Resident memory before and after so many clients have connected with a ticket each and subscribed, divided by their
number; the kernel's memory for the connection is not in it. Bare Twisted stands beside: a TCP echo, without STOMP. The
exit code is 1 when the demand is missed.
"""

import argparse
import sys
from collections.abc import Callable

from bench.yardstick import brokers
from bench.yardstick.brokers import Starter
from bench.yardstick.crowd import Crowd
from bench.yardstick.pages import EchoPage, Page
from bench.yardstick.process import Process, be_the_load
from bench.yardstick.servers import bare
from bench.yardstick.verdict import Demand, judge

KB = 1024
LIMIT_KB = 5
# What the first ones make the server load and allocate once is nobody's.
WARM_UP = 20


def kb_each(process: Process, port: int, page: Callable[[int], Page], number: int, settle_s: float) -> float:
    """KB of resident memory of one of ``number`` connections."""
    with Crowd(port) as crowd:
        crowd.gather(page(each) for each in range(WARM_UP))
        crowd.hold(settle_s)
        before = process.memory_bytes()
        crowd.gather(page(WARM_UP + each) for each in range(number))
        crowd.hold(settle_s)
        return (process.memory_bytes() - before) / number / KB


def of_broker(start: Starter, number: int, settle_s: float) -> float:
    """KB of a subscribed connection."""
    with start() as broker:
        return kb_each(broker.process, broker.port, broker.subscriber, number, settle_s)


def of_twisted(number: int, settle_s: float) -> float:
    """KB of a connection without STOMP."""
    with bare("echo") as server:
        return kb_each(server.process, server.port, lambda _: EchoPage(), number, settle_s)


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.broker_memory", description=__doc__)
    parser.add_argument("--n", type=int, default=5_000, help="connections (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="ours and bare Twisted only")
    parser.add_argument("--settle", type=float, default=2, help="seconds before memory is read (default: %(default)s)")
    options = parser.parse_args()
    be_the_load()
    figures = {
        "ours": of_broker(brokers.ours, options.n, options.settle),
        "Twisted TCP echo, no STOMP": of_twisted(options.n, options.settle),
    }
    if not options.alone:
        figures["ActiveMQ"] = of_broker(brokers.activemq, options.n, options.settle)
        figures["RabbitMQ, 1,000 connections"] = of_broker(brokers.rabbitmq, 1_000, options.settle)
    for name, figure in figures.items():
        print(f"{figure:7.2f} KB  ratio to ours {figure / figures['ours']:6.2f}  {name}")
    return judge([Demand("memory of a subscribed connection", figures["ours"], LIMIT_KB, "KB")])


if __name__ == "__main__":
    sys.exit(main())
