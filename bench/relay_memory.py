"""``python -m bench.relay_memory``: what an idle session costs, beside bare Twisted's idle connections.

Ten thousand TCPSockets are opened to the relay's own ``echo://`` listener, over WebSockets and then, in another relay,
over long polls that wait. Resident memory before and after, divided by their number, is the figure; the kernel's
memory for the connection is not in it. The exit code is 1 when a demand is missed.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from bench.yardstick.crowd import Crowd
from bench.yardstick.pages import BareSocketPage, EchoPage, HeldPage, Page, PollingPage, SocketPage
from bench.yardstick.process import be_the_load
from bench.yardstick.servers import Server, bare, relay
from bench.yardstick.verdict import Demand, judge

KB = 1024
SOCKET_LIMIT_KB = 6
POLL_LIMIT_KB = 12
# What the first ones make the server load and allocate once is no session's.
WARM_UP = 20

Starter = Callable[[], AbstractContextManager[Server]]


def kb_each(start: Starter, page: Callable[[Server], Page], number: int, settle_s: float) -> float:
    """KB of resident memory of one of ``number`` idle connections."""
    with start() as server, Crowd(server.port) as crowd:
        crowd.gather(page(server) for _ in range(WARM_UP))
        crowd.hold(settle_s)
        before = server.process.memory_bytes()
        crowd.gather(page(server) for _ in range(number))
        crowd.hold(settle_s)
        return (server.process.memory_bytes() - before) / number / KB


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay_memory", description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="connections of each kind (default: %(default)s)")
    parser.add_argument("--settle", type=float, default=2, help="seconds before memory is read (default: %(default)s)")
    options = parser.parse_args()
    number, settle_s = options.n, options.settle
    be_the_load()
    figures = {
        "relay, WebSocket": kb_each(relay, lambda at: SocketPage(at.host, at.echo), number, settle_s),
        "twisted.web.websocket, no session": kb_each(
            lambda: bare("websocket"), lambda at: BareSocketPage(at.host), number, settle_s
        ),
        "Twisted TCP echo, no session": kb_each(lambda: bare("echo"), lambda _: EchoPage(), number, settle_s),
        "relay, long poll": kb_each(relay, lambda at: PollingPage(at.host, at.echo), number, settle_s),
        "twisted.web, request held, no session": kb_each(
            lambda: bare("held"), lambda at: HeldPage(at.host), number, settle_s
        ),
    }
    for name, figure in figures.items():
        print(f"{figure:6.2f} KB  {name}")
    socket, poll = figures["relay, WebSocket"], figures["relay, long poll"]
    print(
        f"ratio to twisted.web: WebSocket {socket / figures['twisted.web.websocket, no session']:.2f}, "
        f"long poll {poll / figures['twisted.web, request held, no session']:.2f}"
    )
    return judge(
        [
            Demand("memory of an idle session over a WebSocket", socket, SOCKET_LIMIT_KB, "KB"),
            Demand("memory of an idle session over long polls", poll, POLL_LIMIT_KB, "KB"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
