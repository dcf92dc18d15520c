"""``python -m bench.relay_abandoned``: 1,000 long polls a second are abandoned, for a minute.

Each page makes a session, lets a poll wait and goes away for ever, by FIN and by RST in turns. The relay's memory is
read every second, and its sessions are counted at the end until the last is gone. Beside it a bare ``twisted.web``
site holds requests that are abandoned in the same way, for a shorter time. The exit code is 1 when a demand is missed.
"""

import argparse
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.yardstick.crowd import Crowd
from bench.yardstick.pages import HeldPage, Page, PollingPage
from bench.yardstick.process import be_the_load
from bench.yardstick.servers import Server, bare, relay
from bench.yardstick.verdict import Demand, growth, judge

PER_S = 1000
# A little below, for the part of a second at either end.
PER_S_LIMIT = 0.99 * PER_S
REAPED_LIMIT_S = 30
# In the second half as many sessions end as begin; what is left is what an allocator's fragments may do.
GROWTH_LIMIT = 0.05
# How long a poll waits before its page goes away.
PATIENCE_S = 0.1
GIVE_UP_S = 120
MOST_UNREADY = 1000
TURN_S = 0.005
LOOK_S = 0.5
MB = 1_000_000


@dataclass
class Storm:
    """What a minute of it did."""

    abandoned: int = 0
    seconds: float = 0
    cpu_s: float = 0
    memory: list[int] = field(default_factory=list)  # bytes, once a second

    @property
    def per_s(self) -> float:
        """Polls abandoned in a second."""
        return self.abandoned / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of the server's CPU for each."""
        return self.cpu_s / self.abandoned * 1e6


def storm(server: Server, page: Callable[[], Page], seconds: int) -> Storm:
    """Let ``PER_S`` pages a second come and go, as long as the server keeps up."""
    told, came, cpu, began = Storm(), 0, server.process.cpu_s(), time.monotonic()
    waiting: deque[tuple[float, socket.socket]] = deque()
    with Crowd(server.port) as crowd:
        while (passed := time.monotonic() - began) < seconds:
            while came < passed * PER_S and crowd.unready < MOST_UNREADY:
                crowd.add(page())
                came += 1
            crowd.turn(TURN_S)
            waiting.extend((passed, connection) for connection in crowd.take_ready())
            while waiting and waiting[0][0] < passed - PATIENCE_S:
                crowd.dismiss(waiting.popleft()[1], abruptly=told.abandoned % 2 == 1)
                told.abandoned += 1
            if passed > len(told.memory):
                told.memory.append(server.process.memory_bytes())
    told.seconds, told.cpu_s = time.monotonic() - began, server.process.cpu_s() - cpu
    return told


def reaped_after(server: Server) -> float:
    """Seconds until the relay has no session any more; at most ``GIVE_UP_S``."""
    began = time.monotonic()
    while server.sessions() and time.monotonic() - began < GIVE_UP_S:
        time.sleep(LOOK_S)
    return time.monotonic() - began


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay_abandoned", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long it goes on (default: %(default)s)")
    seconds = parser.parse_args().seconds
    be_the_load()
    with relay() as server:
        ours = storm(server, lambda: PollingPage(server.host, None), seconds)
        alive = server.sessions()
        reaped_s = reaped_after(server)
        left = server.process.memory_bytes()
    with bare("held") as other:
        theirs = storm(other, lambda: HeldPage(other.host), seconds // 4)
    show("relay: session, two polls", ours)
    show("twisted.web: one request", theirs)
    print(f"{alive:,} sessions were alive at the end; {left / MB:.1f} MB of memory after the last")
    print(f"ratio to twisted.web: {ours.cpu_us / theirs.cpu_us:.2f} of its CPU")
    grown = growth(ours.memory[seconds // 2 :])
    return judge(
        [
            Demand("polls abandoned", ours.per_s, PER_S_LIMIT, "/s", at_least=True),
            Demand("growth of memory in the second half", grown * 100, GROWTH_LIMIT * 100, "%"),
            Demand("until the last session is forgotten", reaped_s, REAPED_LIMIT_S, "s"),
        ]
    )


def show(name: str, told: Storm) -> None:
    """One line."""
    peak = max(told.memory) / MB
    print(f"{told.per_s:6,.0f}/s  {told.cpu_us:6.1f} µs of CPU each  at most {peak:6.1f} MB of memory  {name}")


if __name__ == "__main__":
    sys.exit(main())
