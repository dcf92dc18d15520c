"""Clients of the WebSocket layer by itself: in memory, over TCP whose turns the test takes itself, and over TLS."""

import socket
import ssl

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.tcp import Server
from twisted.internet.testing import MemoryReactorClock
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection

from orbited.config import Certificates, Config
from orbited.tls import Tls, read_identity
from orbited.websocket import WebSocket
from tests.orbited.certificates import write_pair
from tests.orbited.rig import CLOSE, Line, frame

CLOSE_1000 = frame(CLOSE, (1000).to_bytes(2, "big"))


class Ear:
    """Notes what it is told."""

    def __init__(self):
        self.messages = []
        self.pongs = []
        self.writable = True
        self.ends = []

    def message_received(self, data):
        self.messages.append(data)

    def text_received(self, text):
        self.messages.append(text)

    def pong_received(self, payload):
        self.pongs.append(payload)

    def writable_changed(self, writable):
        self.writable = writable

    def closed(self, code, clean):
        self.ends.append((code, clean))


class Peer:
    """An open WebSocket in memory, and the client's side of it."""

    def __init__(self):
        self.clock, self.ear, self.line = Clock(), Ear(), Line()
        self.websocket = WebSocket(self.ear, self.clock)
        self.line.protocol = self.websocket
        self.websocket.makeConnection(self.line)

    def feed(self, *frames):
        for data in frames:
            self.websocket.dataReceived(data)
        return self

    @property
    def answers(self):
        client = Connection(ConnectionType.CLIENT)
        client.receive_data(self.line.value())
        return list(client.events())

    @property
    def code(self):
        return next((event.code for event in self.answers if isinstance(event, CloseConnection)), None)


class Wired:
    """An open WebSocket on a real TCP connection."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.client = socket.create_connection(listening.getsockname())
            server, _ = listening.accept()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.client.settimeout(60)
        self.clock, self.ear, self.reactor = Clock(), Ear(), MemoryReactorClock()
        self.websocket = WebSocket(self.ear, self.clock)
        self.transport = Server(server, self.websocket, ("127.0.0.1", 0), None, 0, self.reactor)
        self.websocket.makeConnection(self.transport)

    def turn(self):
        """What a reactor would do now."""
        if self.transport in self.reactor.writers:
            why = self.transport.doWrite()
            assert why is None
        self.reactor.advance(0)

    def read_all(self, size):
        """So many bytes at the client's end, the reactor turning meanwhile."""
        data = b""
        while len(data) < size:
            self.turn()
            data += self.client.recv(size - len(data))
        return data

    def close(self):
        self.client.close()
        if self.transport.connected:
            self.transport.connectionLost(Failure(ConnectionDone()))


class TcpLine(Line):
    """A line that may be asked for what only TCP has."""

    def setTcpNoDelay(self, enabled):
        pass


class TlsClient:
    """A client's end of TLS over a line in memory."""

    def __init__(self, site, folder):
        write_pair(folder)
        files = Certificates(folder / "key.pem", folder / "crt.pem", None)
        tls = Tls(read_identity(Config(certificates=files)))
        factory = TLSMemoryBIOFactory(tls, False, site, site.clock)
        peer = IPv4Address("TCP", "203.0.113.7", 50000)
        self.line = TcpLine(peerAddress=peer)
        self.line.protocol = factory.buildProtocol(peer)
        self.line.protocol.makeConnection(self.line)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing)
        self.clock = site.clock
        self.seen = 0
        self.until_done(self.tls.do_handshake)

    def exchange(self):
        if self.outgoing.pending:
            self.line.protocol.dataReceived(self.outgoing.read())
        self.clock.advance(0)
        self.incoming.write(self.line.value()[self.seen :])
        self.seen = len(self.line.value())

    def until_done(self, step):
        for _ in range(5):
            try:
                return step()
            except ssl.SSLWantReadError:
                self.exchange()
        return None

    def send(self, data):
        self.tls.write(data)
        self.exchange()

    def recv(self):
        return self.until_done(lambda: self.tls.read(1 << 16)) or b""
