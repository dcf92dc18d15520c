"""``python -m bench.broker_fanout``: how soon one broadcast reaches the last of 1,000 and of 5,000 subscribers.

Plain TCP, 200 bytes of JSON, one broadcast at a time. The time runs from the publisher's ``send`` to the last byte of
the last subscriber; the load generator is one thread that reads and counts. Ours and the bare loop of ``socket.send``
take turns; the other brokers follow one by one, RabbitMQ and CoilMQ only with 1,000 (they need half a minute to take
5,000 in). The exit code is 1 when a demand is missed.
"""

import argparse
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from bench.yardstick import brokers
from bench.yardstick.audience import Audience, LostError
from bench.yardstick.brokers import Broker, Starter
from bench.yardstick.crowd import Crowd
from bench.yardstick.pages import RefusedError
from bench.yardstick.process import StartError, be_the_load
from bench.yardstick.verdict import Demand, judge

BODY = b'{"type":"question.opened","seq":1,"at":1800000000000,"data":{"text":"%s"}}' % (b"x" * 130)
SIZES = (1000, 5000)
SOONER_THAN_ACTIVEMQ = 2.5
OF_THE_LOOP = 1.25
WARM_UP = 3
# Broadcasts of each size: fewer where each takes longer.
ROUNDS = {1000: 40, 5000: 20}


@contextmanager
def gathered(broker: Broker, number: int) -> Iterator[tuple[list[socket.socket], socket.socket]]:
    """So many subscribers, and a publisher."""
    with Crowd(broker.port) as crowd, socket.create_connection(("127.0.0.1", broker.port)) as publisher:
        publisher.sendall(broker.publisher())
        publisher.recv(4096)
        crowd.gather((broker.subscriber(each) for each in range(number)), broker.in_progress)
        yield crowd.connections(), publisher


@contextmanager
def audience(broker: Broker, number: int) -> Iterator[Audience]:
    """The same, with nothing left to do but to read and count."""
    with gathered(broker, number) as everybody, Audience(*everybody) as hall:
        yield hall


def in_turns(starters: Iterable[Starter], number: int, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each broadcast by broker, all of them alive at once."""
    with ExitStack() as stack:
        started = [stack.enter_context(start()) for start in starters]
        halls = {broker.name: stack.enter_context(audience(broker, number)) for broker in started}
        times = {name: [] for name in halls}
        frame = brokers.send(BODY)
        for turn in range(WARM_UP + rounds):
            for name, hall in halls.items():
                took = hall.publish(frame, 1) * 1000
                if turn >= WARM_UP:
                    times[name].append(took)
    return times


def measure(number: int, rivals: Iterable[Starter], rounds: int) -> dict[str, float]:
    """Median milliseconds by broker; who does not survive is told and left out."""
    times = in_turns((brokers.ours, brokers.loop), number, rounds)
    for rival in rivals:
        try:
            times |= in_turns((rival,), number, rounds)
        except (StartError, LostError, RefusedError, OSError) as error:
            print(f"{rival.__name__} with {number:,} subscribers: {error}")
    for name, each in times.items():
        ordered = sorted(each)
        print(
            f"{number:6,} subscribers  p50 {median(each):7.1f} ms  fastest {ordered[0]:7.1f} ms"
            f"  slowest {ordered[-1]:7.1f} ms  {name}"
        )
    return {name: median(each) for name, each in times.items()}


def demands(number: int, figures: dict[str, float]) -> Iterator[Demand]:
    """What is asked of ours, beside the others."""
    ours = figures["ours"]
    of_the_loop = ours / figures["loop of socket.send"]
    yield Demand(f"{number:,}: last delivery, of the bare loop's time", of_the_loop, OF_THE_LOOP, "x")
    if "ActiveMQ" in figures:
        sooner = figures["ActiveMQ"] / ours
        yield Demand(f"{number:,}: sooner than ActiveMQ", sooner, SOONER_THAN_ACTIVEMQ, "x", at_least=True)


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.broker_fanout", description=__doc__)
    parser.add_argument("--n", type=int, nargs="*", default=SIZES, help="subscribers (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="ours and the loop only")
    options = parser.parse_args()
    be_the_load()
    asked: list[Demand] = []
    for number in options.n:
        rivals = [] if options.alone else [brokers.activemq]
        if number <= min(SIZES) and rivals:
            rivals += [brokers.rabbitmq, brokers.coilmq]
        asked += demands(number, measure(number, rivals, ROUNDS.get(number, min(ROUNDS.values()))))
    return judge(asked)


if __name__ == "__main__":
    sys.exit(main())
