"""``python -m bench.relay_setup``: how many TCPSockets one core opens in a second, beside bare WebSockets.

Session, WebSocket and an open backend in the same process (the ``echo://`` listener), 10,000 of them, 128 at a time,
each by a page that does what a browser does: upgrade, wait for ``["open"]``, name the target, wait for the ``1``. All
stay open to the end. Best of several runs. The exit code is 1 when the demand is missed.
"""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple

from bench.yardstick.crowd import Crowd
from bench.yardstick.pages import BareSocketPage, EchoPage, Page, SocketPage
from bench.yardstick.process import be_the_load
from bench.yardstick.servers import Server, bare, relay
from bench.yardstick.verdict import Demand, judge

SETUPS_PER_S = 5000
WARM_UP = 100

Starter = Callable[[], AbstractContextManager[Server]]


class Setups(NamedTuple):
    """One run."""

    per_s: float
    cpu_us: float  # of the server, for each
    load: float  # share of its core that the load generator took


def measure(start: Starter, page: Callable[[Server], Page], number: int) -> Setups:
    """Open so many connections to a fresh server."""
    with start() as server, Crowd(server.port) as crowd:
        crowd.gather(page(server) for _ in range(WARM_UP))
        cpu, own = server.process.cpu_s(), time.process_time()
        seconds = crowd.gather(page(server) for _ in range(number))
        cpu, own = server.process.cpu_s() - cpu, time.process_time() - own
    return Setups(number / seconds, cpu / number * 1e6, own / seconds)


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay_setup", description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="connections in each run (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="the best one counts (default: %(default)s)")
    options = parser.parse_args()
    be_the_load()
    kinds: dict[str, tuple[Starter, Callable[[Server], Page]]] = {
        "relay: session, WebSocket, backend": (relay, lambda at: SocketPage(at.host, at.echo)),
        "twisted.web.websocket: WebSocket": (lambda: bare("websocket"), lambda at: BareSocketPage(at.host)),
        "Twisted: TCP connection": (lambda: bare("echo"), lambda _: EchoPage()),
    }
    runs = [{name: measure(*kind, options.n) for name, kind in kinds.items()} for _ in range(options.runs)]
    best = {name: max(run[name] for run in runs) for name in kinds}
    for name, (per_s, cpu_us, load) in best.items():
        print(f"{per_s:8,.0f}/s  {cpu_us:6.1f} µs of CPU each  load generator {load:4.0%} busy  {name}")
    ours, theirs, _ = best.values()
    more, cost = ours.per_s / theirs.per_s, ours.cpu_us / theirs.cpu_us
    print(f"ratio to twisted.web.websocket: {more:.2f} as many, {cost:.2f} of its CPU")
    return judge([Demand("TCPSockets opened on one core", ours.per_s, SETUPS_PER_S, "/s", at_least=True)])


if __name__ == "__main__":
    sys.exit(main())
