"""Cases for a broker in a process of its own, each over a socket of its own."""

import socket
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system.broker import Broker, Client
from tools.fuzz import corpus
from tools.fuzz.cases import SERVICE_PASSCODE, TICKET_KEY, Case
from tools.fuzz.reaction import FaultError, judge

# Seconds that the broker has for one case.
PATIENCE_SECONDS = 20.0
# Cases after which what waits in the queues is read.
CASES_A_DRAIN = 2_000


class Sockets:
    """One broker for all cases. ``reactions`` counts codes, "" for cases that were taken in silence."""

    def __init__(self, broker: Broker) -> None:
        self.reactions: Counter[str] = Counter()
        self._broker = broker
        self._cases = 0

    def run(self, case: Case) -> None:
        """Send a case, end our side, and read what came; raise :class:`FaultError`."""
        self._cases += 1
        if self._cases % CASES_A_DRAIN == 0:
            self._drain()
        self.reactions[judge(self._send(case))] += 1

    def check(self) -> None:
        """See, when all is over, that the broker has counted what we have seen, and complained of nothing."""
        counted = {
            code: int(self._broker.figure(f'connections_closed_total{{code="{code}"}}'))
            for code in self.reactions
            if code
        }
        if counted != {code: count for code, count in self.reactions.items() if code}:
            raise FaultError(f"it counted {counted}")
        if "ERROR" in self._broker.output or "Traceback" in self._broker.output:
            raise FaultError(self._broker.output[-3000:])

    @property
    def memory(self) -> int:
        """Resident bytes of the broker."""
        return int(self._broker.figure("process_resident_memory_bytes"))

    def _send(self, case: Case) -> bytes:
        with socket.create_connection(("127.0.0.1", self._broker.port), timeout=PATIENCE_SECONDS) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                for piece in case.pieces:
                    client.sendall(piece)
                client.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: client.recv(65536), b""))
            except TimeoutError:
                raise FaultError("the broker hangs, or does not hang up") from None

    def _drain(self) -> None:
        """Read the queues, so that memory grows by what is left behind alone."""
        client = Client(self._broker.port)
        for number, destination in enumerate((corpus.ANSWERS, corpus.QUEUE)):
            client.say("SUBSCRIBE", {"id": str(number), "destination": destination})
        try:
            while client.hear(0.5):
                pass
        except TimeoutError:
            client.socket.close()


@contextmanager
def running() -> Iterator[Sockets]:
    """Start a broker for the cases, and end it."""
    environment = {"STOMP_TICKET_KEY": TICKET_KEY, "STOMP_PASSCODE": SERVICE_PASSCODE}
    with (
        tempfile.TemporaryDirectory(prefix="orbit-quiz-fuzz-") as folder,
        Broker(Path(folder), **environment) as broker,
    ):
        yield Sockets(broker)
