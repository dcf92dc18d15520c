"""Both ways to a listener: from outside over a transport that the test holds, and in memory as a page's session."""

from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from orbited.inprocess import Network
from orbited.listeners import factories


class Client(Protocol):
    """Keeps what it reads."""

    def __init__(self):
        self.received = b""
        self.lost = False

    def dataReceived(self, data):
        self.received += data

    def connectionLost(self, reason=None):
        self.lost = True


class Visit:
    """A listener, a clock, and one connection over a transport that notes everything."""

    def __init__(self, scheme, connections=lambda: 0):
        self.clock = Clock()
        self.factory = factories(self.clock, connections)[scheme]
        self.transport, self.protocol = self.connect()

    def connect(self):
        protocol, transport = self.factory.buildProtocol(None), StringTransport()
        protocol.makeConnection(transport)
        return transport, protocol

    def in_memory(self):
        """A client joined to the listener as sessions are."""
        client = Client()
        assert Network(self.clock).connect(client, self.factory)
        return client

    def wait(self, seconds):
        for _ in range(seconds):
            self.clock.advance(1)

    def read(self):
        data = self.transport.value()
        self.transport.clear()
        return data

    def hang_up(self):
        self.protocol.connectionLost(None)
