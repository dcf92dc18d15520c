"""``python -m bench.halls``: one game with 300, with 1,000 and with 3,000 players, each held against its demands.

Five questions of 20 s, one answer of each player at a random moment within 3 s of seeing the options, the host goes on
without waiting; a copy of its own for each hall (``bench/game.py``), whose processes share the cores with the players.
Times are those of the usual question, the median of the five; the worst is told beside them.
Figures mean something on a machine that does nothing else. The exit code is 1 when a demand is missed.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.yardstick.verdict import Demand, judge

QUESTIONS = Path(__file__).with_name("five.csv")


@dataclass(frozen=True)
class Hall:
    """So many players, and what is demanded for them: milliseconds, and points of a thousand."""

    players: int
    options_ms: float
    ack_ms: tuple[float, float]
    result_ms: float
    waiting_points: float


HALLS = (
    Hall(300, options_ms=60, ack_ms=(20, 150), result_ms=150, waiting_points=5),
    Hall(1000, options_ms=150, ack_ms=(30, 400), result_ms=500, waiting_points=10),
    Hall(3000, options_ms=500, ack_ms=(200, 2000), result_ms=2000, waiting_points=10),
)


def demands(hall: Hall, outcome: Mapping[str, Any]) -> list[Demand]:
    """What a game of that hall came to (the line of ``bench.game``), beside what it should."""
    usual, slowest = hall.ack_ms
    return [
        Demand("host's action to the options on the last phone", outcome["options_ms"]["last"], hall.options_ms, "ms"),
        Demand("answer to acknowledgement, median", outcome["ack_ms"]["p50"], usual, "ms"),
        Demand("answer to acknowledgement, 99 of 100", outcome["ack_ms"]["p99"], slowest, "ms"),
        Demand("reveal to the last result", outcome["result_ms"]["last"], hall.result_ms, "ms"),
        Demand("answers lost or doubled", outcome["lost"] + outcome["doubled"], 0, "answers"),
        Demand("what waiting took, 99 of 100", outcome["waiting_points"]["p99"], hall.waiting_points, "points"),
        Demand("who saw the game to its end", outcome["finished"], hall.players, "players", at_least=True),
    ]


def play(players: int) -> dict[str, Any]:
    """The line of one game; raises :class:`subprocess.CalledProcessError` where there is none."""
    command = [sys.executable, "-m", "bench.game", "--file", str(QUESTIONS), "--hurry", "--n", str(players)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if not ended.stdout:
        raise subprocess.CalledProcessError(ended.returncode, command)
    outcome: dict[str, Any] = json.loads(ended.stdout)
    return outcome


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.halls", description="Whole games of full halls.")
    parser.add_argument("--n", type=int, choices=[hall.players for hall in HALLS], help="this hall alone")
    wanted = parser.parse_args().n
    missed = 0
    for hall in HALLS:
        if wanted in (None, hall.players):
            outcome = play(hall.players)
            print(f"\n{hall.players:,} players, {outcome['joins_a_second']} joined a second; {outcome['server_cpu_s']}")
            missed |= judge(demands(hall, outcome))
            worst = {name: outcome[name]["worst"] for name in ("options_ms", "ack_ms", "result_ms")}
            print(f"the worst of all questions: {worst}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
