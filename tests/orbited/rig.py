"""A whole relay in memory: its web site, a clock that the test moves, and backends that the test plays."""

import json
import struct
from dataclasses import dataclass

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.task import Clock, LoopingCall
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, TextMessage

from orbited.access import parse_rule
from orbited.config import Config, Limits
from orbited.errors import RevokedError
from orbited.metrics import Metrics
from orbited.packets import Packet, decode, encode_all
from orbited.policy import Policy
from orbited.session import Settings
from orbited.sessions import TICK_S, Sessions
from orbited.site import make_site
from orbited.tcp import Relay

HOST = "relay.example"
SETTINGS = Settings(ping_interval_s=40, ping_timeout_s=30, messages_per_s=1000, message_burst=1000)
HANDSHAKE_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = {
    "upgrade": "websocket",
    "connection": "Upgrade",
    "sec_websocket_version": "13",
    "sec_websocket_key": HANDSHAKE_KEY,
}
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10  # opcodes
GREETING = 2  # packets that the polling wire numbers before the session's


class Line(StringTransport):
    """A TCP connection's server end: what is written stays here, and the test says when it is lost."""

    protocol = None
    lost = False
    aborted = False

    def loseConnection(self):
        super().loseConnection()
        self.hang_up(ConnectionDone())

    def abortConnection(self):
        self.aborted = True
        self.hang_up(ConnectionLost())

    def hang_up(self, reason=None):
        if not self.lost:
            self.lost = True
            self.protocol.connectionLost(Failure(reason or ConnectionLost()))


@dataclass
class Backend:
    """One connection that the relay has made, or is still making while ``line`` is None."""

    host: str
    port: int
    factory: object
    connecting: Deferred
    line: Line | None = None

    def accept(self):
        self.line = Line()
        self.line.protocol = self.factory.buildProtocol(None)
        self.line.protocol.makeConnection(self.line)
        self.connecting.callback(self.line.protocol)

    def refuse(self):
        self.connecting.errback(Failure(ConnectionLost("refused")))

    def send(self, data):
        self.line.protocol.dataReceived(data)

    def hang_up(self):
        self.line.hang_up(ConnectionDone())

    def send_away(self):
        """Hang up, as a listener within the process does on a page that shall not come back."""
        self.line.hang_up(RevokedError())

    @property
    def received(self):
        return self.line.value()


class Exchange:
    """One HTTP connection with one request on it."""

    def __init__(self, site, head, body=b"", address="203.0.113.7"):
        peer = IPv4Address("TCP", address, 50000)
        self.line = Line(peerAddress=peer)
        self.line.protocol = site.buildProtocol(peer)
        self.line.protocol.makeConnection(self.line)
        if head + body:
            self.feed(head + body)

    def feed(self, data):
        self.line.protocol.dataReceived(data)

    @property
    def answered(self):
        return b"\r\n\r\n" in self.line.value()

    @property
    def status(self):
        return int(self.line.value().split(b" ", 2)[1])

    @property
    def headers(self):
        lines = self.line.value().partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self):
        return self.line.value().partition(b"\r\n\r\n")[2]


class Rig:
    """The relay under test."""

    def __init__(
        self,
        access=("* -> localhost:61613",),
        origins=(),
        hosts=("relay.example",),
        settings=SETTINGS,
        most=2000,
        ready=True,
        publish=None,
        slips=None,
        **more,
    ):
        """``more``: other fields of the configuration."""
        self.clock = Clock()
        self.backends = []
        self.metrics = Metrics()
        limits = Limits(sessions_per_address=most)
        rules = tuple(map(parse_rule, access))
        config = Config(access=rules, origins=origins, hosts=hosts, session=settings, limits=limits, **more)
        self.policy = Policy(config)
        self.sessions = Sessions(self.policy, self._connect, self.clock, self.metrics, slips)
        ticking = LoopingCall(self.sessions.tick)
        ticking.clock = self.clock
        ticking.start(TICK_S, now=False)
        self.relay = Relay(self.sessions, self.policy, self.metrics, self.clock)
        self.site = make_site(self.relay, {"listeners": lambda: "" if ready else "not listening"}, config, publish)

    def _connect(self, host, port, factory):
        connecting = Deferred()
        self.backends.append(Backend(host, port, factory, connecting))
        return connecting

    @property
    def backend(self):
        return self.backends[-1]

    def ask(self, method, path, body=b"", address="203.0.113.7", **headers):
        headers = {"host": "relay.example:8080", **headers}
        if body:
            headers["content-length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {text}" for name, text in headers.items())]
        return Exchange(self.site, "\r\n".join([*lines, "", ""]).encode("latin-1"), body, address)

    def key(self):
        return self.ask("GET", "/tcp").body.decode()

    def page(self, page_class, owned=True):
        """A page with a new session: its own, or one of 2010, without a token."""
        key, _, token = self.ask("POST" if owned else "GET", "/tcp").body.decode().partition(" ")
        return page_class(self, key, token)

    def connected(self, page_class, owned=False):
        """A page that is connected to its backend, the last of ``backends``."""
        page = self.page(page_class, owned).open()
        page.send(b"localhost:61613\n")
        self.backend.accept()
        page.look()
        return page

    def wait(self, seconds):
        for _ in range(int(seconds)):
            self.clock.advance(1)


class Page:
    """A page's side of one session, whatever carries it: ``inbox`` is what has arrived, in order."""

    name = None  # of the transport
    headers = {}  # with which it is opened

    def __init__(self, rig, key, token=""):
        self.rig, self.key, self.token = rig, key, token
        self.seen = 0
        self.inbox = []
        self.closed_with = None
        self.greeted = 0
        self.pings = 0
        self.outbox = []  # every packet that the page has sent

    def look(self):
        """Read what is there, asking for it if need be."""
        self.read()

    def get(self, ack, **headers):
        """Open the transport."""
        token = f"&token={self.token}" if self.token else ""
        return self.rig.ask("GET", f"/tcp/{self.key}/{self.name}?ack={ack}{token}", **headers)

    @staticmethod
    def get_count(ack):
        """How many packets an ``ack`` of the transport's means."""
        return ack

    def post(self, packets):
        """Bring packets the way of 2010."""
        token = f"&token={self.token}" if self.token else ""
        return self.rig.ask("POST", f"/tcp/{self.key}?ack={self.seen + GREETING}{token}", encode_all(packets))

    def change_to(self, page_class):
        """The same page, from now on over another transport."""
        other = page_class(self.rig, self.key, self.token)
        other.seen, other.inbox, other.outbox, other.greeted = self.seen, self.inbox, self.outbox, self.greeted
        return other.open()

    @property
    def text(self):
        return b"".join(self.inbox)

    def arrived(self, payload):
        self.seen += 1
        self.inbox.append(payload)


class PollingPage(Page):
    """Polls again as soon as it is answered, and checks every answer as Orbited 0.7's page would."""

    name = "longpoll"
    polling = None

    @staticmethod
    def get_count(ack):
        return ack - GREETING

    def open(self):
        self.poll()
        return self

    def look(self):
        if self.polling is None and not self.closed_with:
            self.poll()
        self.read()

    def poll(self):
        self.polling = self.get(self.seen + GREETING if self.greeted else 0)
        self.read()

    def read(self):
        while self.polling and self.polling.answered:
            answer, self.polling = self.polling, None
            self.taken_in(answer)
            if not self.closed_with and not (self.greeted and not self.outbox):
                self.poll()

    def taken_in(self, answer):
        """Take one answer in; a page of 2010 survives only these."""
        assert answer.status in (200, 404)
        if answer.status == 404:
            self.closed_with = "session-unknown"
            return
        packets = decode(answer.body)
        assert len(packets) <= 600
        for packet in packets:
            self.take(packet)

    def take(self, packet):
        if packet.name == "open":
            self.greeted += 1
        elif packet.name == "data":
            assert packet.id == self.seen + GREETING + 1
            self.arrived(packet.payload)
        elif packet.name == "close":
            self.closed_with = packet.payload.decode()
        elif packet.name == "ping":
            self.pings += 1

    def send(self, data):
        self.outbox.append(data)
        answer = self.post([Packet(len(self.outbox), "data", data)])
        if self.polling is None and not self.closed_with:
            self.poll()
        self.read()
        return answer

    def close(self):
        self.post([Packet(len(self.outbox) + 1, "close")])
        self.read()

    def lose(self):
        """The line breaks; what the page had not read yet is gone."""
        if self.polling is not None:
            self.polling.line.hang_up()
            self.polling = None

    def acknowledge(self):
        self.post([])


class WebSocketPage(Page):
    """Reads frames with wsproto's client side."""

    name = "websocket"
    headers = UPGRADE

    def open(self):
        return self.opened(self.get(self.seen, **self.headers))

    @classmethod
    def start(cls, rig):
        """A page that gets its session with its WebSocket, in one step."""
        page = cls(rig, None)
        page.opened(rig.ask("GET", "/tcp/websocket", **UPGRADE))
        _, page.key, page.token = page.controls[0]
        return page

    def opened(self, exchange):
        self.exchange = exchange
        if exchange.status == 404:
            self.closed_with = "session-unknown"
            return self
        assert exchange.status == 101
        self.connection = Connection(ConnectionType.CLIENT)
        self.line = self.exchange.line
        self.done = self.line.value().index(b"\r\n\r\n") + 4
        self.controls = []
        self.code = None
        self.read()
        return self

    def read(self):
        data = self.line.value()[self.done :]
        self.done += len(data)
        if data:
            self.connection.receive_data(data)
            for event in self.connection.events():
                self.take(event)

    def take(self, event):
        if isinstance(event, BytesMessage):
            self.arrived(bytes(event.data))
        elif isinstance(event, TextMessage):
            self.control(json.loads(event.data))
        elif isinstance(event, CloseConnection):
            self.code = event.code
            self.feed(self.connection.send(event.response()))

    def control(self, words):
        self.controls.append(words)
        if words[0] == "open":
            self.greeted += 1
        elif words[0] == "close":
            self.closed_with = words[1]
        elif words[0] == "ping":
            self.pings += 1
            self.say("ack", self.seen)

    def feed(self, data):
        if not self.line.lost:
            self.line.protocol.dataReceived(bytes(data))

    def send(self, data):
        self.outbox.append(data)
        self.feed(self.connection.send(BytesMessage(data)))
        self.read()

    def say(self, *words):
        self.feed(self.connection.send(TextMessage(json.dumps(words))))
        self.read()

    def close(self):
        self.say("close")

    def lose(self):
        self.line.hang_up()

    def acknowledge(self):
        self.say("ack", self.seen)


def frame(opcode, payload=b"", fin=True, masked=True, rsv=0, length=None):
    """A client's frame, right or wrong, with a mask of nothing."""
    length = len(payload) if length is None else length
    head = bytes([(fin << 7) | (rsv << 4) | opcode])
    mask_bit = masked << 7
    if length < 126:
        head += bytes([mask_bit | length])
    elif length < 65536:
        head += bytes([mask_bit | 126]) + struct.pack("!H", length)
    else:
        head += bytes([mask_bit | 127]) + struct.pack("!Q", length)
    return head + (bytes(4) if masked else b"") + payload
