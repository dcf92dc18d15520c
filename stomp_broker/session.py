"""One client's STOMP session: bytes and times in, events and bytes out. No socket, no clock, no rights.

::

    session.receive_data(data, now)
    while event := session.next_event():    # see events.py; to ask for the next says that this one is dealt with
        ...                                 # session.accept(...) answers Connect; session.fail(error) ends it any time
    transport.write(session.data_to_send())

A frame's RECEIPT is made when its event has been handled, so it says that the broker did what was asked. Any error
is one ERROR frame with receipt-id and command of the frame at fault, then the end: what else the client sent is not
looked at (STOMP 1.2, "ERROR"). Times are seconds of a clock that never goes back; :meth:`Session.deadline` says when
:meth:`Session.tick` is due.
"""

from collections.abc import Callable

from stomp_broker.errors import Code, FrameError, RemoteError
from stomp_broker.events import (
    Ack,
    AckMode,
    Action,
    Closed,
    Commit,
    Connect,
    Event,
    Nack,
    Prepare,
    Send,
    Subscribe,
    Subscription,
    TooFast,
    Unsubscribe,
)
from stomp_broker.frames import Frame, FrameDecoder, Version, encode
from stomp_broker.heartbeat import HeartBeat
from stomp_broker.negotiation import best_version, connected_headers, read_connect
from stomp_broker.pace import Pace
from stomp_broker.states import TRANSITIONS, State, check_command
from stomp_broker.subscriptions import MAX_SUBSCRIPTIONS, Subscriptions
from stomp_broker.transactions import Transactions

# Seconds from the open connection to a CONNECT that is accepted. Phones on bad networks need three.
CONNECT_SECONDS = 10.0


class Session:
    """The server's side of one connection. ``version`` is None until the client's CONNECT was read."""

    __slots__ = (
        "_closed",
        "_decoder",
        "_ends_at",
        "_frame",
        "_heartbeat",
        "_login_is_open",
        "_output",
        "_pace",
        "_subscriptions",
        "_transactions",
        "state",
        "version",
    )

    def __init__(self, now: float) -> None:
        self.state = State.CONNECTING
        self.version: Version | None = None
        self._decoder = FrameDecoder()
        self._output: list[bytes] = []
        self._ends_at: float | None = now + CONNECT_SECONDS
        self._heartbeat = HeartBeat("0,0", now)
        # None for who may send as fast as it can.
        self._pace: Pace | None = Pace(now)
        self._login_is_open = False
        self._closed: Closed | None = None
        # The frame whose event is being handled: an error then carries its receipt.
        self._frame: Frame | None = None
        self._subscriptions = Subscriptions()
        self._transactions: Transactions | None = None  # from the first BEGIN on

    # What the connection asks.

    def receive_data(self, data: bytes, now: float) -> None:
        """Take in what the client sent. Nothing but how much it is is judged before :meth:`next_event`."""
        self._heartbeat.heard(now)
        if self._pace:
            self._pace.hear(len(data), now)
            if self._pace.is_over:
                self.fail(RemoteError(Code.RATE_LIMIT, "bytes"))
        if self.state is not State.CLOSED:
            self._decoder.receive_data(data)

    def next_event(self) -> Event | None:
        """Give what the client asks for next, at the end :class:`Closed`, once; None when more bytes are needed first.

        To ask says that the event before has been dealt with: its RECEIPT is made now. That may be long after.
        """
        self._complete()
        if self._pace and self.state is not State.CLOSED and self._pace.take_warning():
            return TooFast()
        while self.state is not State.CLOSED and not self._login_is_open and (frame := self._next_frame()):
            if event := self._receive(frame):
                return event
        closed, self._closed = self._closed, None
        return closed

    def data_to_send(self) -> bytes:
        """Give the bytes that are to be sent now."""
        if not self._output:
            return b""
        data = b"".join(self._output)
        self._output.clear()
        return data

    def tick(self, now: float) -> None:
        """Do what time asks for: send a beat, or end a session that has none to expect any more."""
        if self.state is State.CLOSED:
            return
        if self._ends_at is not None and now >= self._ends_at:
            is_late = self.state is State.CONNECTING
            self.fail(RemoteError(Code.CONNECT_TIMEOUT if is_late else Code.TICKET_EXPIRED))
        elif self._heartbeat.is_silent(now):
            self.fail(RemoteError(Code.HEARTBEAT_TIMEOUT))
        elif self._heartbeat.take_beat(now):
            self._output.append(b"\n")

    def deadline(self) -> float | None:
        """When :meth:`tick` is due, or None for never. It moves when a login is accepted, and with each tick."""
        if self.state is State.CLOSED:
            return None
        times = (self._ends_at, self._heartbeat.deadline())
        return min((time for time in times if time is not None), default=None)

    # What the broker answers.

    def accept(
        self,
        now: float,
        *,
        session_id: str,
        lifetime: float | None,
        max_frame_bytes: int,
        max_subscriptions: int = MAX_SUBSCRIPTIONS,
        is_paced: bool = True,
    ) -> None:
        """Let the client in: answer its CONNECT. ``lifetime`` is in seconds, None for no end.

        ``is_paced`` holds it to the limits of :class:`~stomp_broker.pace.Pace`.

        A session that ended while the login was judged stays ended.
        """
        if not self._login_is_open or self.version is None:
            return
        self._login_is_open = False
        self.state = TRANSITIONS[self.state, "accept"]
        self._ends_at = None if lifetime is None else now + lifetime
        self._decoder.version = self.version
        self._decoder.max_frame_bytes = max_frame_bytes
        self._subscriptions.most = max_subscriptions
        self._pace = self._pace if is_paced else None
        self._send("CONNECTED", connected_headers(self.version, session_id, self._heartbeat.header))

    def subscribe(self, destination: str) -> Subscribe | None:
        """Give the client a subscription that it has not asked for; None when it has one by that name, or too many.

        Its id is the destination, so that MESSAGE can name it; in 1.0 it has none.
        """
        subscription = Subscription(None if self.version is Version.V10 else destination, destination)
        if self.state is not State.CONNECTED or not self._subscriptions.has_room_for(subscription):
            return None
        self._subscriptions.add(subscription)
        return Subscribe(subscription)

    def unsubscribe(self, destination: str) -> list[Unsubscribe]:
        """Take away the client's subscriptions to a destination."""
        return [Unsubscribe(each) for each in self._subscriptions.end_all_to(destination)]

    def change(self, asked: Subscription, given: Subscription) -> None:
        """Remember a subscription as it was given, where that is not as it was asked for."""
        self._subscriptions.change(asked, given)

    def fail(self, error: RemoteError) -> None:
        """End the session with ERROR. One that has ended already stays as it is."""
        if self.state is State.CLOSED:
            return
        headers = {"message": error.code.value, "content-type": "text/plain"}
        if error.code is Code.NO_COMMON_VERSION:
            headers["version"] = ",".join(Version)
        receipt = self._receipt_of(error)
        if receipt is not None:
            headers["receipt-id"] = receipt
        if self._frame:
            headers["command"] = self._frame.command
        self._send("ERROR", headers, error.sentence.encode())
        self._close("fail", Closed(error.code, error.why, error.about))

    def lost(self) -> None:
        """Note that the connection is gone."""
        if self.state is not State.CLOSED:
            self._close("lost", Closed(why="connection lost"))

    # How a frame is received.

    def _next_frame(self) -> Frame | None:
        try:
            return self._decoder.next_frame()
        except FrameError as error:
            self.fail(error)
            return None

    def _receive(self, frame: Frame) -> Event | None:
        self._frame = frame
        try:
            check_command(self.state, frame.command)
            self._judge_pace()
            event = _HANDLERS[frame.command](self, frame)
        except RemoteError as error:
            self.fail(error)
            return None
        if not event:
            self._complete()
        return event

    def _judge_pace(self) -> None:
        if self._pace and self.state is State.CONNECTED:
            self._pace.count()
            if self._pace.is_over:
                raise RemoteError(Code.RATE_LIMIT, "frames")

    def _complete(self) -> None:
        frame, self._frame = self._frame, None
        if frame is None or self.state is not State.CONNECTED:
            return
        receipt = frame.headers.get("receipt")
        if receipt is not None and frame.command not in ("CONNECT", "STOMP"):
            self._send("RECEIPT", {"receipt-id": receipt})
        if frame.command == "DISCONNECT":
            self._close("DISCONNECT", Closed(why="in order"))

    def _receipt_of(self, error: RemoteError) -> str | None:
        if isinstance(error, FrameError):
            return error.receipt
        return self._frame.headers.get("receipt") if self._frame else None

    def _close(self, move: str, closed: Closed) -> None:
        self.state = TRANSITIONS[self.state, move]
        self._login_is_open = False
        self._closed = closed

    def _send(self, command: str, headers: dict[str, str], body: bytes = b"") -> None:
        self._output.append(encode(Frame(command, headers, body), self.version or Version.V10))

    # One method for each command: it gives the event, or None where only the session is concerned.

    def _connect(self, frame: Frame) -> Connect:
        headers = read_connect(frame.headers)
        self.version = best_version(headers.get("accept-version"))
        if self.version is not Version.V10:
            self._heartbeat = HeartBeat(headers.get("heart-beat", "0,0"), self._heartbeat.heard_at)
        self._login_is_open = True
        return Connect(headers.get("login", ""), headers.get("passcode", ""))

    def _subscribe(self, frame: Frame) -> Subscribe:
        subscription_id = frame.headers.get("id") if self.version is Version.V10 else _needed(frame, "id")
        destination = _needed(frame, "destination", Code.MISSING_DESTINATION)
        subscription = Subscription(subscription_id, destination, _ack_mode(frame))
        self._subscriptions.add(subscription)
        return Subscribe(subscription)

    def _unsubscribe(self, frame: Frame) -> Unsubscribe:
        destination = frame.headers.get("destination")
        if self.version is Version.V10 and destination is not None and "id" not in frame.headers:
            return Unsubscribe(self._subscriptions.end_any_to(destination))
        return Unsubscribe(self._subscriptions.end(_needed(frame, "id")))

    def _take_send(self, frame: Frame) -> Event:
        destination = _needed(frame, "destination", Code.MISSING_DESTINATION)
        return self._now_or_later(frame, Send(destination, frame.headers, frame.body))

    def _ack(self, frame: Frame) -> Event:
        return self._now_or_later(frame, Ack(*self._acknowledged(frame)))

    def _nack(self, frame: Frame) -> Event:
        if self.version is Version.V10:
            raise RemoteError(Code.BAD_COMMAND)
        return self._now_or_later(frame, Nack(*self._acknowledged(frame)))

    def _acknowledged(self, frame: Frame) -> tuple[str, str | None]:
        if self.version is Version.V12:
            return _needed(frame, "id"), None
        message_id, subscription_id = _needed(frame, "message-id"), frame.headers.get("subscription")
        if self.version is Version.V11 and not self._subscriptions.has(_needed(frame, "subscription")):
            raise RemoteError(Code.UNKNOWN_ID)
        return message_id, subscription_id

    def _now_or_later(self, frame: Frame, action: Action) -> Event:
        transaction = frame.headers.get("transaction")
        if transaction is None:
            return action
        self._opened_transactions.add(transaction, action)
        return Prepare(action)

    @property
    def _opened_transactions(self) -> Transactions:
        self._transactions = self._transactions or Transactions()
        return self._transactions

    def _begin(self, frame: Frame) -> None:
        self._opened_transactions.begin(_needed(frame, "transaction"))

    def _commit(self, frame: Frame) -> Commit:
        return Commit(self._opened_transactions.end(_needed(frame, "transaction")))

    def _abort(self, frame: Frame) -> None:
        self._opened_transactions.end(_needed(frame, "transaction"))

    def _disconnect(self, _frame: Frame) -> None:
        """Nothing is asked of the broker: the session ends when the receipt is made."""


_HANDLERS: dict[str, Callable[[Session, Frame], Event | None]] = {
    "CONNECT": Session._connect,
    "STOMP": Session._connect,
    "SEND": Session._take_send,
    "SUBSCRIBE": Session._subscribe,
    "UNSUBSCRIBE": Session._unsubscribe,
    "ACK": Session._ack,
    "NACK": Session._nack,
    "BEGIN": Session._begin,
    "COMMIT": Session._commit,
    "ABORT": Session._abort,
    "DISCONNECT": Session._disconnect,
}


def _needed(frame: Frame, name: str, code: Code = Code.MISSING_ID) -> str:
    try:
        return frame.headers[name]
    except KeyError:
        raise RemoteError(code) from None


def _ack_mode(frame: Frame) -> AckMode:
    try:
        return AckMode(frame.headers.get("ack", "auto"))
    except ValueError:
        raise RemoteError(Code.BAD_ACK) from None
