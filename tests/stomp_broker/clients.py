"""Clients for the broker's tests: they speak to a session, or to a whole broker over a transport in memory."""

import jwt
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection

from stomp_broker.events import Connect, Event
from stomp_broker.factory import StompFactory
from stomp_broker.frames import MAX_SERVICE_FRAME_BYTES, Frame, FrameDecoder, Version, encode
from stomp_broker.service import BrokerSettings, make_factory
from stomp_broker.session import Session

TICKET_KEY = "the ticket key of the broker's tests"
SERVICE_PASSCODE = "sesame"
NOW = 1_800_000_000
"""Seconds since the epoch when a test begins."""


def ticket(subject="player:1", read=(), write=(), seconds=3600, key=TICKET_KEY, claims=None):
    """A ticket as the web processes make it; ``claims`` replace its own."""
    own = {"aud": "orbit-quiz", "sub": subject, "iat": NOW, "exp": NOW + seconds, "read": [*read], "write": [*write]}
    return jwt.encode(own | (claims or {}), key, algorithm="HS256")


def frames_in(data, version=Version.V12):
    """All frames in what a broker sent."""
    decoder = FrameDecoder(version, max_frame_bytes=100 * 1024 * 1024)
    decoder.receive_data(data)
    return [*iter(decoder.next_frame, None)]


class SessionClient:
    """Speaks to a session without a broker: every login is let in, every event is noted."""

    def __init__(self, version="1.2", heartbeat=None, now=0.0, lifetime=None, connect=True, is_paced=False):
        self.session = Session(now)
        self.version = Version(version)
        self.now = now
        self.lifetime = lifetime
        self.is_paced = is_paced
        self.events: list[Event] = []
        self.frames: list[Frame] = []
        if connect:
            headers = {"accept-version": version, "host": "quiz", "login": "ada", "passcode": "secret"}
            self.send("CONNECT", headers | ({"heart-beat": heartbeat} if heartbeat else {}))
            assert self.take("CONNECTED")
            self.events.clear()

    def send(self, command, headers=None, body=b""):
        """Send one frame."""
        self.send_bytes(encode(Frame(command, headers or {}, body), self.version))

    def send_bytes(self, data):
        """Send bytes as they are, and handle the events that follow."""
        self.session.receive_data(data, self.now)
        self.handle_events()

    def tick(self, now):
        """Let time pass. Gives the bytes that it brings."""
        self.now = now
        self.session.tick(now)
        while event := self.session.next_event():
            self.events.append(event)
        return self.session.data_to_send()

    def handle_events(self):
        """Note all events; let logins in."""
        while event := self.session.next_event():
            self.events.append(event)
            if isinstance(event, Connect):
                self.session.accept(
                    self.now,
                    session_id="1",
                    lifetime=self.lifetime,
                    max_frame_bytes=MAX_SERVICE_FRAME_BYTES,
                    is_paced=self.is_paced,
                )
        self.frames += frames_in(self.session.data_to_send(), self.version)

    def take(self, command):
        """The next frame that came, which must have this command."""
        assert self.frames, f"nothing came instead of {command}"
        frame = self.frames.pop(0)
        assert frame.command == command, f"{frame} instead of {command}"
        return frame

    def take_error(self):
        """The code of the ERROR that came, and which was the last that came."""
        frame = self.take("ERROR")
        assert not self.frames
        assert self.events[-1].code == frame.headers["message"]
        return frame.headers["message"]


class Quiz:
    """A broker with its clock, to which clients connect in memory."""

    def __init__(self, **settings):
        self.clock = Clock()
        chosen = {"ticket_key": TICKET_KEY, "service_passcode": SERVICE_PASSCODE} | settings
        self.factory: StompFactory = make_factory(
            BrokerSettings(**chosen), self.clock, epoch=lambda: NOW + self.clock.seconds()
        )

    def open(self, version="1.2"):
        """A client that has not said anything."""
        return Client(self.factory, version)

    def connect(self, passcode, version="1.2", login="anybody"):
        """A client that was let in."""
        client = self.open(version)
        client.send("CONNECT", {"accept-version": version, "host": "quiz", "login": login, "passcode": passcode})
        client.take("CONNECTED")
        return client

    def player(self, number=1, game=1, version="1.2"):
        """A player of a game, with the rights that the web processes give."""
        read = [f"/games/{game}/status", f"/games/{game}/players", f"/games/{game}/chat", f"/players/{number}"]
        now = NOW + int(self.clock.seconds())
        return self.connect(ticket(f"player:{number}", read, [f"/games/{game}/answers"], claims={"iat": now}), version)

    def service(self, version="1.2"):
        """The web processes' own connection."""
        return self.connect(SERVICE_PASSCODE, version, login="web")


class Client:
    """One connection in memory. ``frames`` are those that came and were not taken."""

    def __init__(self, factory, version="1.2"):
        self.version = Version(version)
        self.clock = factory.clock
        self.protocol = factory.buildProtocol(None)
        self.transport = StringTransportWithDisconnection()
        self.transport.protocol = self.protocol
        self.protocol.makeConnection(self.transport)

    def send(self, command, headers=None, body=b""):
        """Send one frame."""
        self.send_bytes(encode(Frame(command, headers or {}, body), self.version))

    def send_bytes(self, data):
        """Send bytes as they are."""
        self.protocol.dataReceived(data)

    def subscribe(self, destination, id="0", ack="auto"):
        """Subscribe, and see the receipt."""
        self.send("SUBSCRIBE", {"id": id, "destination": destination, "ack": ack, "receipt": f"sub {id}"})
        assert self.take("RECEIPT").headers["receipt-id"] == f"sub {id}"

    def publish(self, destination, body=b"", **headers):
        """Send a message, and see the receipt."""
        self.send("SEND", {"destination": destination, "receipt": "sent"} | headers, body)
        assert "sent" in [frame.headers.get("receipt-id") for frame in self.received()]

    def received(self):
        """All frames that came since the last time, when the reactor has had its turn."""
        self.clock.advance(0)
        return self.read()

    def read(self):
        """All frames that have come since the last time."""
        data = self.transport.value()
        self.transport.clear()
        return frames_in(data, self.version)

    def take(self, command):
        """The only frame that came, which must have this command."""
        [frame] = self.received()
        assert frame.command == command, frame
        return frame

    def bodies(self):
        """The bodies of the messages that came since the last time."""
        return [frame.body for frame in self.received() if frame.command == "MESSAGE"]

    def drop(self):
        """Lose the connection, as a network does."""
        self.transport.loseConnection()

    @property
    def is_closed(self):
        """Whether the broker has closed the connection."""
        return not self.transport.connected
