"""Cases for a broker in this process: parser, session, rights and queues, over connections in memory."""

import gc
import time
from collections import Counter
from collections.abc import Sequence

from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.logger import LogEvent, LogLevel, globalLogPublisher

from stomp_broker.events import Connect, Event
from stomp_broker.factory import StompFactory
from stomp_broker.frames import MAX_BROWSER_FRAME_BYTES
from stomp_broker.service import BrokerSettings, make_factory
from stomp_broker.session import Session
from tools.fuzz.cases import SERVICE_PASSCODE, TICKET_KEY, Case
from tools.fuzz.reaction import FaultError, judge

# Seconds of CPU for one case: more is a hang.
MAX_CPU_SECONDS = 1.0
# Cases with one broker; what waits in its queues then goes with it.
CASES_A_BROKER = 5_000
# One case in so many is looked at more closely: whether it is the same as a whole, and what queues have kept.
LOOKED_AT = 4
# Seconds that pass after each case: more than the broker waits before it says that a login was refused.
SECONDS_A_CASE = 1.0


class Inside:
    """One broker after the other. ``reactions`` counts codes, "" for cases that were taken in silence."""

    def __init__(self) -> None:
        self.reactions: Counter[str] = Counter()
        self._cases = 0
        self._complaints: list[str] = []

    def __enter__(self) -> "Inside":
        globalLogPublisher.addObserver(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        globalLogPublisher.removeObserver(self._listen)

    def run(self, case: Case) -> None:
        """Send a case; raise :class:`FaultError`, or whatever the broker raises."""
        if self._cases % CASES_A_BROKER == 0:
            self._clock = Clock()
            self._factory = _make_factory(self._clock)
            gc.collect()  # The last broker is one large cycle.
        self._cases += 1
        begun = time.process_time()
        code = judge(self._send(case.pieces))
        if time.process_time() - begun > MAX_CPU_SECONDS:
            raise FaultError("it took too long")
        self._look_round(code)
        self.reactions[code] += 1
        if self._is_due and _told(case.pieces) != _told(case.whole):
            raise FaultError("the pieces made a difference")

    @property
    def _is_due(self) -> bool:
        """Whether it is this case's turn for what takes longer to look at."""
        return self._cases % LOOKED_AT == 0

    def _send(self, pieces: Sequence[bytes]) -> bytes:
        protocol, transport = self._factory.buildProtocol(None), StringTransportWithDisconnection()
        transport.protocol = protocol
        protocol.makeConnection(transport)
        for piece in pieces:
            if transport.connected:
                protocol.dataReceived(piece)
        self._clock.advance(SECONDS_A_CASE)
        output: bytes = transport.value()
        if b"ERROR\n" in output and transport.connected:
            raise FaultError("an ERROR, and the connection goes on")
        if transport.connected:
            transport.loseConnection()
        return output

    def _look_round(self, code: str) -> None:
        """See that the broker has counted it, complained of nothing, and kept nothing of the connection."""
        broker = self._factory.broker
        if self._complaints:
            raise FaultError(self._complaints.pop())
        if broker.tally.closed.total() != broker.tally.opened or broker.tally.open:
            raise FaultError("it was not counted once")
        if self._clock.getDelayedCalls():
            raise FaultError("something is still planned for it")
        if broker.connections() or (self._is_due and any(queue.consumers for queue in broker.queues.states())):
            raise FaultError("something of it was left behind")

    def _listen(self, event: LogEvent) -> None:
        if event["log_level"] in (LogLevel.error, LogLevel.critical):
            self._complaints.append(str(event.get("log_failure") or event["log_format"]))


def _make_factory(clock: Clock) -> StompFactory:
    settings = BrokerSettings(ticket_key=TICKET_KEY, service_passcode=SERVICE_PASSCODE)
    return make_factory(settings, clock, epoch=time.time)


def _told(pieces: Sequence[bytes]) -> tuple[list[Event], bytes]:
    """What a session makes of the bytes, when everybody is let in."""
    session = Session(0.0)
    events: list[Event] = []
    for piece in pieces:
        session.receive_data(piece, 0.0)
        while event := session.next_event():
            events.append(event)
            if isinstance(event, Connect):
                session.accept(
                    0.0, session_id="1", lifetime=None, max_frame_bytes=MAX_BROWSER_FRAME_BYTES, is_paced=False
                )
    return events, session.data_to_send()
