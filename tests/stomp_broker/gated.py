"""A gate, and behind it the other broker, joined in memory: one of ours in the place of ActiveMQ."""

from functools import partial

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionRefusedError

from orbited.inprocess import Network
from stomp_broker.gateway import Address, Gateway
from stomp_broker.protocol import REFUSAL_SECONDS
from stomp_broker.service import BrokerSettings, make_factory
from stomp_broker.upstream import Upstream
from tests.stomp_broker.clients import NOW, SERVICE_PASSCODE, TICKET_KEY, Client, Quiz, ticket

CONTROL = "/topic/broker.control"
STATUS = "/topic/games.1.status"
ANSWERS = "/queue/games.1.answers"


class Way:
    """Leads to the other broker as long as ``is_open``. ``lines`` are our protocols of all connections so far."""

    def __init__(self, behind):
        self.is_open = True
        self.lines = []
        self.tries = 0
        self._behind = behind
        self._network = Network(behind.clock)

    def connect(self, factory) -> Deferred:
        """See :class:`stomp_broker.gateway.Endpoint`."""
        self.tries += 1
        if not self.is_open:
            return fail(ConnectionRefusedError())
        self.lines.append(factory.buildProtocol(None))
        self._network.connect(self.lines[-1], self._behind.factory)
        return succeed(self.lines[-1])


class GatedQuiz:
    """``behind`` is the other broker, at which services are; ``player`` and ``open`` come to the gate."""

    def __init__(self, passcode=SERVICE_PASSCODE, is_started=True):
        self.behind = Quiz()
        self.clock = self.behind.clock
        self.way = Way(self.behind)
        settings = BrokerSettings(
            ticket_key=TICKET_KEY, service_passcode=SERVICE_PASSCODE, upstream=Address("other", 61613)
        )
        self.factory = make_factory(settings, self.clock, epoch=lambda: NOW + self.clock.seconds())
        self.gate = self.factory.broker
        begin = partial(Upstream, "web", passcode, "other")
        self.factory.gateway = Gateway(self.gate, lambda: self.way, begin, self.clock)
        if is_started:
            self.factory.doStart()
            self.turn()

    def turn(self, seconds=0):
        """Let everything happen that is to happen in this time."""
        self.clock.advance(seconds)

    def connect(self, passcode, version="1.2"):
        """Somebody who was let in at the gate."""
        client = Client(self.factory, version)
        client.send("CONNECT", {"accept-version": version, "login": "web", "passcode": passcode})
        client.take("CONNECTED")
        return client

    def refusal(self, passcode):
        """The code with which the gate refuses somebody."""
        client = Client(self.factory)
        client.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": passcode})
        self.turn(REFUSAL_SECONDS)
        return client.take("ERROR").headers["message"]

    def player(self, number=1, version="1.2"):
        """A player of game 1."""
        now = NOW + int(self.clock.seconds())
        read = [STATUS, "/topic/games.1.players", f"/topic/players.{number}"]
        return self.connect(ticket(f"player:{number}", read, [ANSWERS], claims={"iat": now}), version)

    def subscriptions_behind(self):
        """How many subscriptions the other broker has, by topic."""
        return self.behind.factory.broker.hub.subscribers()

    def hold(self):
        """Have the gate read nothing of what the other broker says until :meth:`let_go`."""
        self.way.lines[-1].transport.pauseProducing()

    def let_go(self):
        """Have it read on."""
        self.way.lines[-1].transport.resumeProducing()
        self.turn()

    def lose(self):
        """End the connection to the other broker, and let nobody make another."""
        self.way.is_open = False
        self.way.lines[-1].transport.abortConnection()
        self.turn()

    def return_(self):
        """Let the gate find the other broker again."""
        self.way.is_open = True
        self.turn(3)


def codes(client):
    """The codes of ERRORs that came."""
    client.clock.advance(REFUSAL_SECONDS)
    return [frame.headers["message"] for frame in client.received() if frame.command == "ERROR"]
