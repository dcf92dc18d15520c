"""``python -m bench.game --file QUESTIONS --n 50 --questions 20``: a whole game, counted again afterwards.

Starts a copy of its own (real processes, free ports, data that is thrown away), imports the questions, opens a game as
its author, plays and hosts it, and compares what the players were told with a count of its own from the rows. One line
of JSON on stdout, progress on stderr. The exit code is 0 only when both agree, every acknowledged answer is a row, and
the players have found nothing wrong (``bench/players.py``).
"""

import argparse
import asyncio
import logging
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.host import Host
from bench.http import HttpClient
from bench.player import Manner, Player
from bench.players import Run, add_arguments, raise_open_files_limit, run
from bench.processes import memory_mib, spent
from bench.punctuality import lateness_ms
from bench.recount import Count, recount
from bench.report import Report, line, percentiles
from bench.server import OWNER, Server, ServerError, running

log = logging.getLogger(__name__)


async def open_game(url: str, ticket: str, quiz: int) -> dict[str, Any]:
    """``{"game", "pin", "url"}`` of a new game."""
    async with HttpClient(url) as http:
        http.headers["Authorization"] = f"Bearer {ticket}"
        answer = await http.post("/games/", {"quiz": quiz})
    if answer.status != 201:
        raise ServerError(f"no game: {answer.status} {answer.body[:200]!r}")
    return answer.json()


async def play(server: Server, quiz: int, ticket: str, options: argparse.Namespace, report: Report) -> dict[str, Any]:
    """Play one game of the quiz; what the comparison and the load were."""
    opened = await open_game(server.url, ticket, quiz)
    log.info("game %s, PIN %s, at %s", opened["game"], opened["pin"], server.url)

    async def lead(report: Report, players: list[Player]) -> Host:
        return await Host.of(server.url, opened["game"], ticket, report, think_s=options.think_s, hurry=options.hurry)

    manner = Manner(options.spread_s, options.repeat, options.over)
    asked = Run(server.url, opened["pin"], options.n, manner, options.seed, options.timeout_s, lead)
    with spent(server.pid) as cpu_s:
        players = await run(asked, report)
    load = {"server_cpu_s": cpu_s, "server_pss_mib": round(memory_mib(server.pid))}
    shown = {player.id: player.final for player in players if player.final}
    with server.database() as database:
        count = recount(database, opened["game"])
        late = percentiles(lateness_ms(database, opened["game"]), with_ends=True)
    return compare(count, shown, report) | load | {"deadline_late_ms": late}


def compare(count: Count, shown: Mapping[int, Mapping[str, Any]], report: Report) -> dict[str, Any]:
    """Hold what each player was shown last, and what was acknowledged, against the count from the rows."""
    wrong = [
        f"shown {(me['points'], me['place'])}, counted {count.standings.get(player)}"
        for player, me in shown.items()
        if (me["points"], me["place"]) != count.standings.get(player)
    ]
    missing = report.acknowledged - count.answer_ids
    report.fault("standing_errors", "recount", wrong)
    report.fault("lost", "recount", [f"{id} was acknowledged and is not stored" for id in sorted(missing)])
    report.counts.doubled += count.doubled
    same = not wrong and set(shown) == set(count.standings)
    return {"rows": len(count.answer_ids), "players_recounted": len(count.standings), "recount_agrees": same}


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.game", description="A whole game, counted again afterwards.")
    parser.add_argument("--file", type=Path, required=True, help="questions, in a form that import_quiz takes")
    parser.add_argument("--questions", type=int, default=20, help="take the first (default: %(default)s)")
    parser.add_argument("--think-s", type=float, default=1, help="of the host at each screen (default: %(default)s)")
    parser.add_argument("--hurry", action="store_true", help="the host skips countdown and reading time")
    add_arguments(parser)
    options = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    raise_open_files_limit()
    report, began, cpu_s = Report(), time.monotonic(), time.process_time()
    try:
        with running() as server:
            imported = server.manage(
                "import_quiz", str(options.file), "--owner", OWNER, "--limit", str(options.questions)
            )
            log.info("%s", imported.splitlines()[0])
            quiz, questions = map(int, re.match(r"quiz (\d+): (\d+)", imported).groups())  # type: ignore[union-attr]
            ticket = server.manage("ticket", "--user", OWNER)
            began, cpu_s = time.monotonic(), time.process_time()
            outcome = asyncio.run(play(server, quiz, ticket, options, report))
    except ServerError as error:
        log.error("%s", error)
        return 1
    own = {"cpu_s": round(time.process_time() - cpu_s, 1), "seconds": round(time.monotonic() - began, 1)}
    print(line({**report.as_dict(), **outcome, **own, "questions": questions, "seed": options.seed}))
    return 0 if report.is_good(options.n) and outcome["recount_agrees"] else 1


if __name__ == "__main__":
    sys.exit(main())
