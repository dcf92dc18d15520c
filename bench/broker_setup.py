"""``python -m bench.broker_setup``: how many clients connect and subscribe in a second, on one core of the broker.

So many clients, 128 at a time, each with TCP connection, CONNECT with a ticket of its own, CONNECTED, SUBSCRIBE and its
RECEIPT; all stay to the end. Best of several runs. The other brokers have all cores. The exit code is 1 when the demand
is missed.
"""

import argparse
import sys
import time
from typing import NamedTuple

from bench.yardstick import brokers
from bench.yardstick.brokers import Starter
from bench.yardstick.crowd import Crowd
from bench.yardstick.process import be_the_load
from bench.yardstick.verdict import Demand, judge

SETUPS_PER_S = 5000
WARM_UP = 100


class Setups(NamedTuple):
    """One run."""

    per_s: float
    cpu_us: float  # of the broker, for each
    load: float  # share of its core that the load generator took


def measure(start: Starter, number: int) -> Setups:
    """Have so many clients come to a fresh broker."""
    with start() as broker, Crowd(broker.port) as crowd:
        crowd.gather(broker.subscriber(each) for each in range(WARM_UP))
        # Made before: a ticket takes the load generator longer than the broker.
        pages = [broker.subscriber(WARM_UP + each) for each in range(number)]
        cpu, own = broker.process.cpu_s(), time.process_time()
        seconds = crowd.gather(pages)
        cpu, own = broker.process.cpu_s() - cpu, time.process_time() - own
    return Setups(number / seconds, cpu / number * 1e6, own / seconds)


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.broker_setup", description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="connections in each run (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="the best one counts (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="ours and the loop only")
    options = parser.parse_args()
    be_the_load()
    best = {
        "ours": max(measure(brokers.ours, options.n) for _ in range(options.runs)),
        "loop of socket.send, which checks nothing": max(measure(brokers.loop, options.n) for _ in range(options.runs)),
    }
    if not options.alone:
        best["ActiveMQ, 5,000"] = measure(brokers.activemq, 5_000)
        best["RabbitMQ, 1,000"] = measure(brokers.rabbitmq, 1_000)
    for name, (per_s, cpu_us, load) in best.items():
        print(f"{per_s:8,.0f}/s  {cpu_us:7.1f} µs of CPU each  load generator {load:4.0%} busy  {name}")
    return judge(
        [Demand("connected and subscribed on one core", best["ours"].per_s, SETUPS_PER_S, "/s", at_least=True)]
    )


if __name__ == "__main__":
    sys.exit(main())
