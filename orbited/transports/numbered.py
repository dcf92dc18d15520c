"""The numbered wire, Orbited 0.7's: each packet bears its number; the two ``opt`` packets take the first ones.

Pages of 2010 speak it. Source: ``docs/orbited-protocol.md``, section 4.
"""

from collections.abc import Sequence

from twisted.web.server import Request

from orbited.closing import Reason
from orbited.http import acknowledgement
from orbited.outbox import Numbered
from orbited.packets import CLOSE, DATA, OPEN, OPT, PING, Packet
from orbited.proxy import Proxy
from orbited.session import Session
from orbited.transports.streaming import Streaming

# The two opt packets bear the numbers before those of the session.
GREETING_PACKETS = 2
# Orbited 0.7's page throws on more than 1999 arguments in one answer; a packet has three.
MAX_PACKETS = 600


def count_of(number: int) -> int:
    """How many packets of the session a page has seen whose last packet bore ``number``."""
    return max(0, number - GREETING_PACKETS)


def numbered(packet: Numbered) -> Packet:
    """A packet of the session as it stands on this wire."""
    number = packet.number + GREETING_PACKETS
    if isinstance(packet.payload, Reason):
        return Packet(number, CLOSE, packet.payload.text.encode())
    return Packet(number, DATA, packet.payload)


class NumberedWire:
    """What the transports of this wire have in common; a subclass ``put``s packets into its answer."""

    __slots__ = ()

    duplex = False
    merges = True
    max_packets = MAX_PACKETS

    _proxy: Proxy
    _last: int  # number of the last packet that the page has been sent, or says to have seen

    @classmethod
    def count(cls, request: Request, proxy: Proxy) -> int:
        """How many packets the page has seen that makes this request; PacketError when it does not say so properly."""
        return count_of(acknowledgement(request))

    def put(self, packets: Sequence[Packet]) -> None:
        """Write packets."""
        raise NotImplementedError

    def greet(self, session: Session) -> None:
        """Until the page has sent its first packet, each answer tells it that it may."""
        if not session.greeting_due:
            return
        options = [Packet(number, OPT, text.encode()) for number, text in enumerate(session.options, 1)]
        self.put([*options[self._last :], Packet(max(self._last, GREETING_PACKETS), OPEN)])

    def send(self, packets: Sequence[Numbered]) -> None:
        """Write packets of the session."""
        self.put([numbered(packet) for packet in packets])

    def ping(self) -> None:
        """Ask for a sign of life; the packet repeats the last number, since it is never sent again."""
        self.put([Packet(self._last, PING)])

    def warn(self) -> None:
        """Nothing to say: its POSTs are refused until it may send again."""

    def acknowledge(self, received: int) -> None:
        """Nothing to say: each POST has had its answer."""


class NumberedStream(NumberedWire, Streaming):
    """A response that goes on, of this wire; a subclass says how it is written."""

    __slots__ = ("_last",)

    def __init__(self, request: Request, proxy: Proxy) -> None:
        self._last = acknowledgement(request)
        super().__init__(request, proxy)

    def encode(self, packets: Sequence[Packet]) -> bytes:
        """Packets as they stand in the response."""
        raise NotImplementedError

    def put(self, packets: Sequence[Packet]) -> None:
        """Write packets."""
        self._last = packets[-1].id
        self.bring(self.encode(packets), last=packets[-1].name == CLOSE)
