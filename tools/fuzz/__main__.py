"""``python -m tools.fuzz``: what ``make fuzz`` does. Ends with 1 when something was found, or time was too short."""

import argparse
import gc
import os
import secrets
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from twisted.logger import globalLogBeginner

from tools.fuzz import sockets
from tools.fuzz.inside import Inside
from tools.fuzz.reaction import FaultError
from tools.fuzz.run import Result, run

# Bytes of memory for one case, in the long run: a megabyte for 100,000.
MAX_GROWN_INSIDE = 10.0
# The same over sockets, where queues with spoilt names keep what they got.
MAX_GROWN_SOCKETS = 100.0
# Fewer cases grow by what every process grows by in its first minute.
FEWEST_TO_JUDGE_MEMORY = 20_000
SEED_LIMIT = 1_000_000


def main() -> int:
    """Do both runs, say what came of them, and give the process's exit code."""
    asked = make_parser().parse_args()
    print(f"seed {asked.seed}", flush=True)  # noqa: T201
    with ProcessPoolExecutor(asked.processes) as pool:
        share = asked.inside // asked.processes
        runs = [
            pool.submit(run_inside, asked.seed + number, share, asked.minutes * 60) for number in range(asked.processes)
        ]
        good = [show("inside", each.result(), MAX_GROWN_INSIDE) for each in runs]
    if asked.sockets:
        good.append(show("sockets", run_sockets(asked.seed, asked.sockets, asked.minutes * 60), MAX_GROWN_SOCKETS))
    return 0 if all(good) else 1


def make_parser() -> argparse.ArgumentParser:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=secrets.randbelow(SEED_LIMIT), help="the same seed, the same cases")
    parser.add_argument("--inside", type=int, default=1_000_000, help="cases for brokers in these processes")
    parser.add_argument("--sockets", type=int, default=50_000, help="cases over sockets")
    parser.add_argument("--minutes", type=float, default=15, help="the longest that each of both may take")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many share the cases inside")
    return parser


def run_inside(seed: int, wanted: int, seconds: float) -> Result:
    """A share of the cases inside, in a process of its own."""
    globalLogBeginner.beginLoggingTo([], redirectStandardIO=False, discardBuffer=True)
    with Inside() as inside:
        result = run(seed, wanted, seconds, inside.run, resident_bytes)
    result.reactions = inside.reactions
    return result


def run_sockets(seed: int, wanted: int, seconds: float) -> Result:
    """All cases over sockets."""
    with sockets.running() as cases:
        result = run(seed, wanted, seconds, cases.run, lambda: cases.memory)
        result.reactions = cases.reactions
        try:
            cases.check()
        except FaultError as error:
            result.faults.append(str(error))
    return result


def show(where: str, result: Result, max_grown: float) -> bool:
    """Print a result; say whether it is good: ``max_grown`` is in bytes for each case."""
    silent = result.reactions[""]
    refused = ", ".join(f"{code} {count}" for code, count in result.reactions.most_common() if code)
    print(  # noqa: T201
        f"{where}, seed {result.seed}: {result.done} of {result.wanted} cases in {result.seconds:.0f} s, "
        f"{result.grown_a_case:.1f} bytes of memory for each; {silent} taken in silence; refused: {refused}"
    )
    for fault in result.faults:
        print(f"FAULT {fault}", file=sys.stderr)  # noqa: T201
    grew = result.done >= FEWEST_TO_JUDGE_MEMORY and result.grown_a_case > max_grown
    if grew:
        print("FAULT memory grows", file=sys.stderr)  # noqa: T201
    return not result.faults and not grew and result.done == result.wanted


def resident_bytes() -> int:
    """What this process takes without its garbage; Linux only, as the broker's own figure is."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
