"""``python -m bench.broker_flood``: deliveries per second when a publisher always has some broadcasts under way.

Plain TCP, 200 bytes of JSON. With 1,000 subscribers twenty broadcasts are under way at a time, with 5,000 four: the
publisher sends so many more as all subscribers together have received in full. The best of some stretches counts, as
other work on the machine only takes away. Other brokers follow one by one, RabbitMQ and CoilMQ only with 1,000. The
exit code is 1 when a demand is missed.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator

from bench.broker_fanout import BODY, audience
from bench.yardstick import brokers
from bench.yardstick.audience import Audience, LostError
from bench.yardstick.brokers import Broker, Starter
from bench.yardstick.pages import RefusedError
from bench.yardstick.process import StartError, be_the_load
from bench.yardstick.verdict import Demand, judge

SIZES = (1000, 5000)
# Broadcasts under way.
WINDOWS = {1000: 20, 5000: 4}
TIMES_ACTIVEMQ = 10
SECONDS = 3.0
STRETCHES = 3
WARM_UP_SECONDS = 1.0


def flood(hall: Audience, window: int, seconds: float) -> float:
    """Deliveries per second, until the last one has arrived."""
    frame = brokers.send(BODY)
    hall.say(frame * window)
    began = time.perf_counter()
    sent, heard = window, 0
    while time.perf_counter() - began < seconds:
        heard += hall.turn()
        more = heard // hall.size + window - sent
        if more:
            hall.say(frame * more)
            sent += more
    hall.hear(sent * hall.size - heard)
    return sent * hall.size / (time.perf_counter() - began)


def stretches(hall: Audience, broker: Broker, window: int, seconds: float) -> Iterator[tuple[float, float]]:
    """Deliveries per second, and microseconds of the broker's CPU for each, several times."""
    flood(hall, window, WARM_UP_SECONDS)
    for _ in range(STRETCHES):
        cpu, began = broker.process.cpu_s(), time.perf_counter()
        rate = flood(hall, window, seconds)
        yield rate, (broker.process.cpu_s() - cpu) / (rate * (time.perf_counter() - began)) * 1e6


def measure(starters: Iterable[Starter], number: int, seconds: float) -> dict[str, float]:
    """Deliveries per second by broker; who does not survive is told and left out."""
    rates = {}
    for start in starters:
        try:
            with start() as broker, audience(broker, number) as hall:
                rates[broker.name], each = max(stretches(hall, broker, WINDOWS[number], seconds))
        except (StartError, LostError, RefusedError, OSError) as error:
            print(f"{start.__name__} with {number:,} subscribers: {error}")
        else:
            rate = rates[broker.name]
            print(f"{number:6,} subscribers  {rate:12,.0f} deliveries/s  {each:6.2f} µs of CPU each  {broker.name}")
    return rates


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.broker_flood", description=__doc__)
    parser.add_argument("--n", type=int, nargs="*", default=SIZES, choices=SIZES, help="subscribers")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each stretch (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="ours and the loop only")
    options = parser.parse_args()
    be_the_load()
    asked: list[Demand] = []
    for number in options.n:
        starters: list[Starter] = [brokers.ours, brokers.loop]
        if not options.alone:
            starters += [brokers.activemq]
            starters += [brokers.rabbitmq, brokers.coilmq] if number == min(SIZES) else []
        rates = measure(starters, number, options.seconds)
        if "ActiveMQ" in rates:
            times = rates["ours"] / rates["ActiveMQ"]
            asked.append(Demand(f"{number:,}: ActiveMQ's deliveries/s", times, TIMES_ACTIVEMQ, "x", at_least=True))
    return judge(asked)


if __name__ == "__main__":
    sys.exit(main())
