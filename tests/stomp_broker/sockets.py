"""A transport with a socket, in memory: it takes as many bytes at once as it has room for."""

from twisted.internet.interfaces import ITCPTransport
from twisted.internet.testing import StringTransport
from zope.interface import directlyProvides


class FakeSocket:
    """What the kernel would have taken is ``taken``."""

    def __init__(self):
        self.room = 1 << 30
        self.taken = b""
        self.calls = 0

    def send(self, data):
        self.calls += 1
        if not self.room:
            raise BlockingIOError
        size = min(self.room, len(data))
        self.room -= size
        self.taken += data[:size]
        return size


class SocketTransport(StringTransport):
    """Twisted's transport of a TCP connection: its own buffer is what ``write`` was given."""

    def __init__(self):
        super().__init__()
        directlyProvides(self, ITCPTransport)
        self.calls = []
        self.socket = FakeSocket()

    def getHandle(self):
        return self.socket

    def registerProducer(self, producer, streaming):
        super().registerProducer(producer, streaming)
        if not streaming:
            producer.resumeProducing()

    def setTcpNoDelay(self, enabled):
        self.calls.append(("setTcpNoDelay", enabled))

    def setTcpKeepAlive(self, enabled):
        self.calls.append(("setTcpKeepAlive", enabled))

    def loseWriteConnection(self):
        self.calls.append("loseWriteConnection")

    def drain(self):
        """The client reads: the buffer goes out, and what the producer gives after it."""
        self.socket.room = 1 << 30
        while self.value():
            self.socket.taken += self.value()
            self.clear()
            if self.producer:
                self.producer.resumeProducing()
