"""``python -m bench.players --pin PIN --n 50``: headless players of one game, who check what they are told.

One line of JSON on stdout; what happens meanwhile on stderr. The exit code is 0 only when all saw the game to its end
and nothing was lost, doubled or wrong. Latencies need the server's clock to be this machine's.
"""

import argparse
import asyncio
import logging
import random
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from bench.host import Host, HostRefused
from bench.player import HTTP, STOMP, JoinRefused, Manner, Player
from bench.processes import memory_mib, spent
from bench.report import Report, line
from bench.standing import place_problems

JOINS_AT_ONCE = 20
"""A room of people does not press the button in the same millisecond."""

CONNECTS_A_SECOND = 300
"""Pages that have come in connect one after the other, as they joined."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """What one run is asked to do."""

    url: str
    pin: str
    n: int
    manner: Manner
    seed: int
    timeout_s: float
    lead: Callable[[Report, list[Player]], Awaitable[Host]] | None = None
    """Makes the host, once the players are in; without it the game is hosted by somebody else."""


async def run(asked: Run, report: Report) -> list[Player]:
    """Join, play, check; the players as they were at the end."""
    players: list[Player] = []
    try:
        async with asyncio.timeout(asked.timeout_s):
            began = time.monotonic()
            players = await _join_all(asked, report)
            report.joins_a_second = round(len(players) / (time.monotonic() - began))
            log.info("%d of %d joined", len(players), asked.n)
            await _play(asked, players, report)
    except TimeoutError:
        log.error("the game did not end within %s s", asked.timeout_s)
    report.counts.lost += sum(player.standing.lost for player in players)
    report.counts.unjudged += sum(player.standing.unjudged for player in players)
    finals = {player.id: player.final for player in players if player.final}
    if len(finals) == (players[0].view.state["players"] if players else 0):  # Nobody else is in the game.
        report.fault("standing_errors", "podium", place_problems(finals))
    return players


async def _join_all(asked: Run, report: Report) -> list[Player]:
    turn = asyncio.Semaphore(JOINS_AT_ONCE)

    async def join(number: int) -> Player | None:
        dice = random.Random(f"{asked.seed} {number}")
        async with turn:
            try:
                return await Player.join(asked.url, asked.pin, f"Player {number}", asked.manner, dice, report)
            except (JoinRefused, OSError) as error:
                log.error("player %d: %s", number, error or type(error).__name__)
                return None

    joined = await asyncio.gather(*(join(number) for number in range(1, asked.n + 1)))
    return [player for player in joined if player]


async def _play(asked: Run, players: list[Player], report: Report) -> None:
    async with asyncio.TaskGroup() as tasks:
        for player in players:
            tasks.create_task(_see_through(player))
            await asyncio.sleep(1 / CONNECTS_A_SECOND)
        for player in players:
            await player.is_up.wait()
        log.info("all are connected")
        if asked.lead and players:
            host = await asked.lead(report, players)
            await host.lead(players[0].route)
    if asked.lead and players:
        await host.close()


async def _see_through(player: Player) -> None:
    try:
        await player.play()
    except* OSError as lost:
        log.error("%s: %s", player.name, lost.exceptions[0])


def raise_open_files_limit() -> None:
    """Two connections a player need more open files than a shell usually allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command that runs players can be asked."""
    parser.add_argument("--n", type=int, default=50, help="players (default: %(default)s)")
    parser.add_argument("--spread-s", type=float, default=3, help="they answer within this time (default: %(default)s)")
    parser.add_argument(
        "--repeat", type=float, default=0.05, help="share of answers sent twice, as over a bad line (default: 0.05)"
    )
    parser.add_argument(
        "--over", choices=(STOMP, HTTP), default=STOMP, help="how answers are sent (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="the same choices and moments again")
    parser.add_argument("--timeout-s", type=float, default=3600, help="give up after (default: %(default)s)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.players", description="Headless players of one game.")
    parser.add_argument("--pin", required=True)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="the site (default: %(default)s)")
    parser.add_argument("--host-ticket", help="lead the game too, with this ticket (manage.py ticket --user NAME)")
    parser.add_argument("--hurry", action="store_true", help="as that host, skip countdown and reading time")
    parser.add_argument("--up", type=int, help="the process id of manage.py up: tell what its processes take, too")
    add_arguments(parser)
    return parser.parse_args()


def main() -> int:
    """Run from the command line."""
    options = _options()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    raise_open_files_limit()

    async def lead(report: Report, players: list[Player]) -> Host:
        game = players[0].view.state["game"]
        return await Host.of(options.url, game, options.host_ticket, report, hurry=options.hurry)

    report, began = Report(), time.monotonic()
    asked = Run(
        url=options.url.rstrip("/"),
        pin=options.pin,
        n=options.n,
        manner=Manner(options.spread_s, options.repeat, options.over),
        seed=options.seed,
        timeout_s=options.timeout_s,
        lead=lead if options.host_ticket else None,
    )
    server: dict[str, Any] = {}
    with spent(options.up) if options.up else nullcontext({}) as server["server_cpu_s"]:
        try:
            asyncio.run(run(asked, report))
        except* HostRefused as refused:
            log.error("%s", refused.exceptions[0])
    if options.up:
        server["server_pss_mib"] = round(memory_mib(options.up))
    own = {"cpu_s": round(time.process_time(), 1), "seconds": round(time.monotonic() - began, 1), "seed": options.seed}
    print(line({**report.as_dict(), **server, **own}))
    return 0 if report.is_good(options.n) else 1


if __name__ == "__main__":
    sys.exit(main())
