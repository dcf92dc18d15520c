"""``python -m bench.relay_profile WHAT``: where the relay's time goes, by function.

The relay runs under cProfile, which makes every call dearer by itself: the shares of functions that are called often
and do little come out too large, and no total is to be quoted.

============  ====================================================
``setup``     TCPSockets opened over WebSockets
``polls``     TCPSockets opened over long polls
``echo``      200 bytes there and back over one TCPSocket
============  ====================================================
"""

import argparse
import pstats
import sys
import tempfile
from pathlib import Path

from bench.relay_echo import Line, framed_echo
from bench.yardstick.crowd import Crowd
from bench.yardstick.pages import PollingPage, SocketPage
from bench.yardstick.process import be_the_load
from bench.yardstick.servers import Server, relay


def set_up(server: Server, number: int) -> None:
    """Open so many TCPSockets."""
    with Crowd(server.port) as crowd:
        crowd.gather(SocketPage(server.host, server.echo) for _ in range(number))


def poll(server: Server, number: int) -> None:
    """The same over long polls."""
    with Crowd(server.port) as crowd:
        crowd.gather(PollingPage(server.host, server.echo) for _ in range(number))


def echo(server: Server, number: int) -> None:
    """Send and wait, so many times."""
    line = Line(server.port)
    line.talk(SocketPage(server.host, server.echo))
    once = framed_echo(line, acknowledge=True)
    for _ in range(number):
        once()


LOADS = {"setup": set_up, "polls": poll, "echo": echo}


def main() -> int:
    """Load, end and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay_profile", description=__doc__)
    parser.add_argument("what", choices=LOADS)
    parser.add_argument("--n", type=int, default=5000, help="sockets or echoes (default: %(default)s)")
    parser.add_argument("--lines", type=int, default=50, help="functions to show (default: %(default)s)")
    parser.add_argument("--sort", default="tottime", help="pstats' sort order (default: own time)")
    options = parser.parse_args()
    be_the_load()
    with tempfile.TemporaryDirectory(prefix="orbit-quiz-bench-") as folder:
        file = str(Path(folder) / "profile")
        with relay(program=("-m", "cProfile", "-o", file)) as server:
            LOADS[options.what](server, options.n)
            server.process.end()
        pstats.Stats(file).strip_dirs().sort_stats(options.sort).print_stats(options.lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
