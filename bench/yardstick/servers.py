"""The servers of a measurement: the relay, and bare Twisted beside it."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from bench.yardstick.process import Process, serving
from quiz.processes.network import free_port

ANSWER_LIMIT_S = 10

# The limits for one page and one address are out of the way: it is the relay that is measured.
CONFIGURATION = """
[global]
session.messages_per_second = 1000000
session.message_burst = 1000000
session.per_address = 1000000
[listen]
http://127.0.0.1:{port}
admin://127.0.0.1:{admin_port}
echo://127.0.0.1:{echo_port}
[access]
* -> 127.0.0.1:{echo_port}
* -> 127.0.0.1:{to_port}
"""


@dataclass(frozen=True)
class Server:
    """A running server and where it listens; ``echo_port`` is the relay's own backend, reached in memory."""

    process: Process
    port: int
    admin_port: int = 0
    echo_port: int = 0

    @property
    def host(self) -> str:
        """As a Host header says it."""
        return f"127.0.0.1:{self.port}"

    @property
    def echo(self) -> str:
        """The relay's own backend as a page names it."""
        return f"127.0.0.1:{self.echo_port}"

    def sessions(self) -> int:
        """How many the relay says are alive."""
        with urlopen(f"http://127.0.0.1:{self.admin_port}/metrics", timeout=ANSWER_LIMIT_S) as answer:
            figures = answer.read().decode()
        return int(float(re.search(r"^orbited_sessions (\S+)$", figures, re.MULTILINE)[1]))


@contextmanager
def relay(to_port: int = 1, program: tuple[str, ...] = ()) -> Iterator[Server]:
    """A relay whose pages may reach its own echo and ``to_port`` of this machine; ``program`` see ``serving``."""
    ports = {name: free_port() for name in ("port", "admin_port", "echo_port")}
    with tempfile.TemporaryDirectory(prefix="orbit-quiz-bench-") as folder:
        file = Path(folder) / "orbited.cfg"
        file.write_text(CONFIGURATION.format(**ports, to_port=to_port))
        with serving("orbited", "-c", str(file), port=ports["port"], program=program) as process:
            yield Server(process, **ports)


@contextmanager
def bare(kind: str, to_port: int = 0) -> Iterator[Server]:
    """A bare Twisted server; ``bench/yardstick/bare.py`` says which kinds there are."""
    port = free_port()
    with serving("bench.yardstick.bare", kind, str(port), str(to_port), port=port) as process:
        yield Server(process, port)
