"""``/stomp``: plain STOMP over WebSocket, for clients that know nothing of Orbited, in any language.

A client's messages, text or binary, are bytes of one stream to a STOMP server, and that server's bytes come back in
messages of the kind that the client sends. The server is the first target in ``[access]`` that the client may reach, or
``?to=host:port`` under the same rules; it is connected to when the client has said something.

To the rest of the relay this is a session like any other, with three differences: the client names no target in a
packet, acknowledges nothing, and cannot return, so that the session ends with its WebSocket.

Source: ``docs/orbited-protocol.md``, section 8.
"""

from collections.abc import Sequence

from twisted.logger import Logger
from twisted.web.server import NOT_DONE_YET, Request

from orbited.closing import Reason
from orbited.errors import PageError, TargetDeniedError
from orbited.handshake import CONNECTED, Refusal, Target, parse_target
from orbited.http import headers_of, host_of
from orbited.messages import Outgoing, SharedTexts
from orbited.outbox import Numbered
from orbited.proxy import Proxy
from orbited.session import Session
from orbited.tcp import Door, Relay, make_session
from orbited.transports import End
from orbited.websocket import RefusedError, accept

# The names under which STOMP's versions are known to WebSockets (IANA), the best first.
SUBPROTOCOLS = ("v12.stomp", "v11.stomp", "v10.stomp")
# How a target that is not reached, and a client that says nothing, are told here.
_REFUSED = {
    Refusal.UNAUTHORIZED.encode(): Reason.TARGET_DENIED,
    Refusal.CONNECTION_FAILED.encode(): Reason.UNREACHABLE,
}
_TOLD_AS = {Reason.NO_HANDSHAKE: Reason.STALE}

log = Logger()


class StompDoor(Door):
    """``/stomp``."""

    methods = (b"GET",)
    isLeaf = True

    def __init__(self, relay: Relay) -> None:
        super().__init__(relay)
        self._texts = SharedTexts()

    def serve(self, request: Request) -> bytes | int:
        """Turn the request into a WebSocket to a target that the client may reach."""
        target = self._target(request)
        proxy, _ = make_session(self.relay, request, owned=True)
        answer_in_s = self.relay.policy.session.ping_timeout_s
        try:
            transport = StompSocket(request, proxy, target, Outgoing(self._texts, proxy.frames), answer_in_s)
        except RefusedError as error:
            proxy.drop(Reason.BAD_INPUT)
            return self.refuse(request, error)
        proxy.attach(transport, 0)
        return NOT_DONE_YET

    def _target(self, request: Request) -> Target:
        """Where the client wants to go, and may: judged before anything is done for it."""
        access, source = self.relay.policy.access, host_of(request)
        asked = request.args.get(b"to")
        rule = access.first(source)
        target = parse_target(asked[0]) if asked else rule and Target(rule.host, rule.port)
        if target is None or not access.allows(source, *target):
            raise TargetDeniedError("[access] of the relay lists the targets that may be reached")
        return target


class StompSocket:
    """One client's WebSocket: the transport of its session."""

    __slots__ = ("_answer_in_s", "_flows", "_outgoing", "_proxy", "_refused", "_target", "_unsent", "_websocket")

    name = "stomp"
    duplex = True
    merges = False  # what is joined is no longer the same for all
    max_packets = 1  # so that nothing is handed over while something waits in the socket's buffer

    def __init__(self, request: Request, proxy: Proxy, target: Target, outgoing: Outgoing, answer_in_s: float) -> None:
        """Upgrade ``request``; RefusedError when it cannot be. A ping goes unanswered for at most ``answer_in_s``."""
        self._flows = True  # does nothing wait in the socket's buffer?
        self._proxy = proxy
        self._target = target
        self._outgoing = outgoing
        self._answer_in_s = answer_in_s
        self._unsent: list[bytes] | None = []  # what the client says before its target is reached; None from then on
        self._refused: Reason | None = None
        spoken = SUBPROTOCOLS if headers_of(request, "sec-websocket-protocol") else ()
        self._websocket = accept(request, self, proxy.clock, spoken)

    # For the proxy.

    @property
    def writable(self) -> bool:
        """May packets be handed over? The client reads, or is not waited for any longer."""
        return self._websocket.open and (self._flows or self._proxy.session.reason is Reason.TOO_SLOW)

    def greet(self, session: Session) -> None:
        """There is nothing to say: the client speaks first."""

    def send(self, packets: Sequence[Numbered]) -> None:
        """A message for each packet; the first one is the answer to the handshake, which was not the client's."""
        [packet] = packets
        if isinstance(packet.payload, Reason):
            self._end(packet.payload)
        elif packet.number == 1:
            self._answered(packet.payload)
        else:
            self._send_frame(self._outgoing.frame(packet.payload))
        self._proxy.session.count_as_seen()

    def ping(self) -> None:
        """Ask for a sign of life. The WebSocket itself waits for the answer, and ends without it."""
        self._websocket.ping(self._answer_in_s)
        self._proxy.hear()

    def warn(self) -> None:
        """STOMP has no way to say that the client sends too much."""

    def acknowledge(self, received: int) -> None:
        """Nor this: STOMP has receipts."""

    def close(self, end: End) -> None:
        """End the WebSocket: its client has not taken what was left for it in time."""
        reason = self._proxy.session.reason
        self._proxy.detach(self, 0, end.code if reason is None else reason.code)
        if reason is None:
            self._websocket.close(end.code, "")
        else:
            self._end(reason)

    def pause_reading(self) -> None:
        """The target takes no more."""
        self._websocket.pause_reading()

    def resume_reading(self) -> None:
        """It does again."""
        self._websocket.resume_reading()

    # For the WebSocket.

    def message_received(self, data: bytes) -> None:
        """Bytes for the target."""
        self._outgoing.as_text = False
        self._received(data)

    def text_received(self, text: str) -> None:
        """Bytes for the target, too."""
        self._outgoing.as_text = True
        self._received(text.encode())

    def pong_received(self, payload: bytes) -> None:
        """Nothing is asked here but signs of life."""

    def writable_changed(self, writable: bool) -> None:
        """The client reads too slowly, or fast enough again."""
        self._flows = writable
        if writable and self._proxy.carried_by(self):
            self._proxy.flush()

    def closed(self, code: int, clean: bool) -> None:
        """The WebSocket is over, and the session with it."""
        self._proxy.detach(self, 0, code)
        self._proxy.drop(Reason.PAGE_CLOSED)

    # Steps of the above.

    def _received(self, data: bytes) -> None:
        if self._unsent is None:
            self._take_in(data)
            return
        self._unsent.append(data)
        if len(self._unsent) == 1:
            self.pause_reading()
            self._take_in(f"{self._target.host}:{self._target.port}\n".encode())

    def _take_in(self, data: bytes) -> None:
        try:
            self._proxy.receive_data(data)
        except PageError as error:
            log.debug("session {n}: refused: {why}", n=self._proxy.number, why=error)
            self._proxy.metrics.refused(error)

    def _answered(self, answer: bytes) -> None:
        """The target is reached, or it is not, and the close follows."""
        self._refused = _REFUSED.get(answer)
        unsent, self._unsent = self._unsent or (), None
        self.resume_reading()
        if answer == CONNECTED:
            for data in unsent:
                self._take_in(data)

    def _send_frame(self, frame: bytes) -> None:
        if frame:
            self._websocket.send_frame(frame)

    def _end(self, reason: Reason) -> None:
        told = self._refused or _TOLD_AS.get(reason, reason)
        self._send_frame(self._outgoing.last_frame())
        self._websocket.close(told.code, told.text)
