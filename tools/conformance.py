"""``make conformance``: lets the Autobahn suite judge the relay's WebSockets, groups 1 to 7 and 10.

Not among the groups: 9 (messages larger than the relay takes), 12 and 13 (compression, which it does not offer).
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.fetch_autobahn import FOLDER, LIBRARY, ROOT, MissingError, fetch

ECHO = Path(__file__).resolve().parent.parent / "tests" / "system" / "websocket_echo.py"
REPORT = FOLDER / "report"
AGENT = "orbited"
GROUPS = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
EXPECTED = Counter({"OK": 244, "INFORMATIONAL": 3})
START_S = 10


def main() -> int:
    """Run the suite and print what it found; the process's exit code."""
    try:
        fetch()
    except MissingError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    with echo() as port:
        run_suite(port)
    cases: dict[str, Any] = json.loads((REPORT / "index.json").read_text())[AGENT]
    return judge(cases)


def judge(cases: dict[str, Any]) -> int:
    """Print each case that is not simply right, and the counts."""
    for name, case in cases.items():
        if {case["behavior"], case["behaviorClose"]} != {"OK"}:
            print(f"{name}: {case['behavior']}, close {case['behaviorClose']}")  # noqa: T201
    message = Counter(case["behavior"] for case in cases.values())
    close = Counter(case["behaviorClose"] for case in cases.values())
    summary = f"{len(cases)} cases: {describe(message)}; closes: {describe(close)}"
    print(f"{summary}; details in {REPORT}/index.html")  # noqa: T201
    return 0 if message == close == EXPECTED else 1


def describe(counts: Counter[str]) -> str:
    """Counts in words."""
    return ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())


@contextmanager
def echo() -> Iterator[int]:
    """The relay's WebSocket layer with an echo behind it; its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, ECHO, str(port)])  # noqa: S603
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def run_suite(port: int) -> None:
    """Play every case, in the suite's own Python."""
    specification = FOLDER / "specification.json"
    server = {"agent": AGENT, "url": f"ws://127.0.0.1:{port}"}
    specification.write_text(json.dumps({"outdir": str(REPORT), "servers": [server], "cases": GROUPS}))
    libraries = (ROOT / "usr/lib/x86_64-linux-gnu", ROOT / "lib/x86_64-linux-gnu")
    environment = {
        "PATH": os.environ["PATH"],
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
        "PYTHONHOME": str(ROOT / "usr"),
        "PYTHONPATH": str(LIBRARY),
    }
    start = "from autobahntestsuite import wstest; wstest.run()"
    command = [ROOT / "usr/bin/python2.7", "-c", start, "--mode=fuzzingclient", f"--spec={specification}"]
    with (FOLDER / "output.txt").open("w") as output:
        subprocess.run(command, env=environment, check=True, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for(port: int) -> None:
    """Return once somebody listens."""
    for _ in range(START_S * 10):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens on port {port}")


if __name__ == "__main__":
    sys.exit(main())
