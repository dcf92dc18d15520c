"""Twisted's end of a connection: hands bytes and time to the session, its events to the broker, and bytes back.

Nothing here knows STOMP. The transport may be a socket or the relay's connection in memory; ``transports.py`` lists
what is asked of it, ``outlet.py`` writes to it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from twisted.internet.interfaces import IProtocol
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from stomp_broker.errors import Code, Refused, RemoteError
from stomp_broker.events import Closed, Connect, Event, Subscribe, TooFast, Unsubscribe, publishes
from stomp_broker.hooks import Client
from stomp_broker.logins import Login
from stomp_broker.logs import Log
from stomp_broker.outlet import Outlet, is_tcp, make_outlet
from stomp_broker.rounds import Send
from stomp_broker.saving import Answers
from stomp_broker.session import Session
from stomp_broker.states import State
from stomp_broker.stores.sqlite import StoreError
from stomp_broker.tally import NO_ERROR
from stomp_broker.transports import Clock, Transport

if TYPE_CHECKING:
    from stomp_broker.factory import StompFactory

# Seconds that a closed session waits for the client to hang up, so that its last frame is not lost with unread input.
LINGER_SECONDS = 2.0
# Seconds after its CONNECT that a refused login hears so, whatever the reason: how long it took to judge would tell
# something of it. Judges who take longer than that make it twice as long, and so on.
REFUSAL_SECONDS = 0.1
# Why a connection ends whose login has lost its right: the client must not come back with the same one.
REVOKING = frozenset({Code.KICKED, Code.TICKET_EXPIRED})

log = Log()


@implementer(IProtocol)
class StompConnection:
    """One client's connection. Twisted's own class of protocols would add a dictionary to each."""

    __slots__ = (
        "_answers",
        "_asked_at",
        "_broker",
        "_clock",
        "_held",
        "_is_ended",
        "_outlet",
        "due",
        "factory",
        "login",
        "number",
        "received_at",
        "session",
        "transport",
    )
    transport: Transport
    _outlet: Outlet

    def __init__(self, factory: "StompFactory", clock: Clock, number: int) -> None:
        self.factory = factory
        self.number = number
        self.session = Session(clock.seconds())
        self.login: Login | None = None
        self.due: int | None = None
        self.received_at = 0.0
        self._broker = factory.broker
        self._clock = clock
        self._is_ended = False
        # None until the client has changed queues that are saved.
        self._answers: Answers | None = None
        # When the client's CONNECT came.
        self._asked_at = 0.0
        # What an alarm, a hook or a refusal holds back, with all that comes after it.
        self._held: Event | None = None

    # What Twisted says.

    def makeConnection(self, transport: Transport) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        self.transport = transport
        self.connectionMade()

    def connectionMade(self) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        if is_tcp(self.transport):
            self.transport.setTcpNoDelay(True)
            self.transport.setTcpKeepAlive(True)
        self._outlet = make_outlet(self.transport, self, self.factory.backlog)
        self._set_alarm()
        self._broker.tally.opened += 1
        log.debug("opened", connection=self.number, peer=_address(self.transport))

    def dataReceived(self, data: bytes) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        self.received_at = self._broker.epoch()
        self.session.receive_data(data, self._clock.seconds())
        self._handle_events()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        self._broker.tally.gone += 1
        self.factory.wheel.set(self, None)
        self._is_ended = True
        self._outlet.lost()
        self.session.lost()
        self._handle_events()

    # What the outlet says.

    def slowed(self) -> None:
        """Have the hub know: the client reads too slowly for the quick way."""
        self._broker.hub.rewire(self)

    def drained(self) -> None:
        """Go the quick way again, and take what waits in queues: the client reads again."""
        self._broker.hub.rewire(self)
        with self.factory.parcels:
            self._broker.queues.resume(self)

    def overflowed(self, unsent: int) -> None:
        """Cut a client that does not read."""
        self.cut(RemoteError(Code.SLOW_READER, f"{unsent} bytes unread"))

    # What the broker says.

    @property
    def ready(self) -> bool:
        """Whether more can be delivered without being kept."""
        return self._outlet.ready

    @property
    def is_remote(self) -> bool:
        """Whether there is a socket."""
        return is_tcp(self.transport)

    @property
    def send(self) -> Send:
        """The quickest way to the client at present, for the hub."""
        return self._outlet.send

    def deliver(self, frame: bytes) -> None:
        """Send a frame, after what was published before."""
        if self._broker.hub.is_busy:
            self.factory.parcels.send(self)
            self._broker.hub.settle(self)
        self.factory.parcels.add(self, frame)

    def keep(self, data: bytes) -> None:
        """Send what the quick way did not take, or what was put together."""
        try:
            self._outlet.write(data)
        except Exception:  # noqa: BLE001  A transport that fails ends its own connection, not the broadcast.
            log.failure("its transport failed", **self._names)
            self._give_up()

    def cut(self, error: RemoteError) -> None:
        """End the connection at once, with an ERROR."""
        self.session.fail(error)
        self._handle_events()

    # What follows.

    def _handle_events(self) -> None:
        with self.factory.parcels:
            while self._is_read and (event := self.session.next_event()):
                self._say(self.session.data_to_send())
                if isinstance(event, TooFast):
                    self._warn("sends too fast")
                elif (self.factory.alarms.raised or self._broker.hub.is_full) and publishes(event):
                    self._hold(event)
                else:
                    self._consider(event)
            self._say(self.session.data_to_send())

    def _say(self, data: bytes) -> None:
        if data:
            (self._answers.say if self._answers else self._write)(data)

    def _write(self, data: bytes) -> None:
        if not self._is_ended:
            self.deliver(data)

    def _unsaved(self, error: StoreError) -> None:
        """Tell the client that what it sent last is not kept."""
        self.cut(RemoteError(Code.STORE_FAILED, str(error)))

    @property
    def _is_read(self) -> bool:
        return self._held is None or self.session.state is State.CLOSED

    def _hold(self, event: Event) -> None:
        """Leave what is published, and all after it, until there is room again: its sender's system has to wait."""
        self._held = event
        self.transport.pauseProducing()
        if self.factory.alarms.raised:
            self.factory.alarms.block(self, self._let_go)
        else:
            self._broker.hub.wait(self, self._let_go)

    def _let_go(self) -> None:
        event, self._held = self._held, None
        self.transport.resumeProducing()
        if event:
            self._consider(event)
        self._handle_events()

    def _consider(self, event: Event) -> None:
        """Have hooks see the event first. While they take their time nothing more is read."""
        if isinstance(event, Connect):
            self._asked_at = self._clock.seconds()
        if not self.factory.hooks.concern(event):
            self._handle(event)
            return
        client = Client(self.number, self.login.subject if self.login else None)
        if isinstance(event, Unsubscribe | Closed):
            self._handle(event)
            if self.login:
                self.factory.hooks.tell(event, client).addCallback(lambda _: self._fulfil(client))
        else:
            self._await(event, client)

    def _await(self, event: Event, client: Client) -> None:
        verdict = self.factory.hooks.ask(event, client)
        outcome: list[Event | Failure] = []
        verdict.addBoth(outcome.append)
        if outcome:
            self._follow(event, outcome[0], client)
        else:
            self._held = event
            self.transport.pauseProducing()
            verdict.addCallback(lambda _: self._decided(event, outcome[0], client))

    def _decided(self, event: Event, outcome: Event | Failure, client: Client) -> None:
        if self._held is not event:  # The connection has ended meanwhile.
            return
        self._held = None
        self.transport.resumeProducing()
        self._follow(event, outcome, client)
        self._handle_events()

    def _follow(self, event: Event, outcome: Event | Failure, client: Client) -> None:
        if isinstance(outcome, Failure):
            self._refuse(event, cast(RemoteError, outcome.value))
            return
        if isinstance(event, Subscribe) and isinstance(outcome, Subscribe):
            self.session.change(event.subscription, outcome.subscription)
        self._handle(outcome)
        self._fulfil(client)

    def _fulfil(self, client: Client) -> None:
        """Make and end the subscriptions that hooks wished for."""
        for destination, is_on in client.wishes:
            wanted = self.session.subscribe(destination) if is_on else None
            for event in self.session.unsubscribe(destination) if not is_on else filter(None, [wanted]):
                self._handle(event)

    def _handle(self, event: Event) -> None:
        saver = self._broker.queues.saver
        noted = saver.noted if saver else 0
        try:
            self._broker.handle(event, self, self._clock.seconds())
        except RemoteError as error:
            self._refuse(event, error)
        except Exception:  # noqa: BLE001  Our fault: this client is told so, and nobody else is concerned.
            log.failure("an event failed", **self._names, event=type(event).__name__)
            self.session.fail(RemoteError(Code.INTERNAL_ERROR))
        if saver and saver.noted != noted:
            self._answers = self._answers or Answers(saver, self._write, self._unsaved)
            self._answers.depend()
        if isinstance(event, Connect) and self.login:
            say = log.info if self.login.rights.everything else log.debug
            say("connected", **self._names)
            self._set_alarm()
        elif isinstance(event, Closed):
            self._end(event)

    def _refuse(self, event: Event, error: RemoteError) -> None:
        if not (isinstance(event, Connect) and isinstance(error, Refused)):
            self.session.fail(error)
            return
        self._held = event
        self.transport.pauseProducing()
        judged_for = self._clock.seconds() - self._asked_at
        self._clock.callLater(REFUSAL_SECONDS - judged_for % REFUSAL_SECONDS, lambda: self._say_refused(event, error))

    def _say_refused(self, event: Event, error: RemoteError) -> None:
        if self._held is event:  # The connection has not ended meanwhile.
            self._held = None
            self.transport.resumeProducing()
            self.cut(error)

    def tick(self) -> None:
        """Hear from the wheel that it is time: for the session, or to hang up on who does not do so."""
        if self._is_ended:
            self.transport.abortConnection()
            return
        if self._held:  # Its beats are not read, so that their absence says nothing.
            self.session.receive_data(b"", self._clock.seconds())
        self.session.tick(self._clock.seconds())
        self._handle_events()
        if not self._is_ended:
            self._set_alarm()

    def _set_alarm(self) -> None:
        self.factory.wheel.set(self, self.session.deadline())

    def _give_up(self) -> None:
        """Drop the connection without another byte. What Twisted then says of its loss does the rest."""
        self._outlet.drop()
        self._is_ended = True
        self.transport.abortConnection()

    def _end(self, closed: Closed) -> None:
        self._broker.tally.closed[closed.code or NO_ERROR] += 1
        self._held = None
        self.factory.alarms.forget(self)
        self._log_end(closed)
        self.factory.wheel.set(self, None)
        if self._answers and not self._is_ended:
            self._answers.end(lambda: self._hang_up(closed))
        else:
            self._hang_up(closed)

    def _hang_up(self, closed: Closed) -> None:
        if self._is_ended:
            return
        self.factory.parcels.send(self)
        self._is_ended = True
        self._outlet.finish()
        if is_tcp(self.transport):
            # Closed at once, a socket with unread input is reset, and the client may never see the ERROR.
            self.transport.loseWriteConnection()
            self._linger()
        elif closed.code in REVOKING:
            # The relay's connections in memory can tell their pages so; other transports have no way to.
            getattr(self.transport, "close_for_good", self.transport.loseConnection)()
        else:
            if closed.code is Code.SLOW_READER:
                self._linger()
            self.transport.loseConnection()

    def _linger(self) -> None:
        self.factory.wheel.set(self, self._clock.seconds() + LINGER_SECONDS)

    def _log_end(self, closed: Closed) -> None:
        if closed.code in (None, Code.SHUTTING_DOWN):
            log.debug("closed", **self._names, why=closed.why)
        else:
            peer = {} if self.login else {"peer": _address(self.transport)}
            self._warn("ended", code=closed.code, why=closed.why, about={**closed.about, **peer})

    def _warn(self, sentence: str, code: str = "", why: str = "", about: Mapping[str, str] | None = None) -> None:
        """Write a line, unless the last of this code, or of this sentence, is less than a second old.

        Strangers have their own, so that nobody hides a login's attempts behind a flood of bad passcodes.
        """
        kind = f"{code or sentence} of {'a login' if self.login else 'a stranger'}"
        withheld = self.factory.samples.take(kind, self._clock.seconds())
        if withheld is not None:
            log.warn(sentence, **self._names, code=code, why=why, **(about or {}), withheld=withheld or None)

    @property
    def _names(self) -> dict[str, Any]:
        return {"connection": self.number, "subject": self.login.subject if self.login else None}


def _address(transport: Transport) -> str:
    peer = transport.getPeer()
    return f"{getattr(peer, 'host', '')}:{getattr(peer, 'port', '')}"
