"""``python -m bench.yardstick.bare KIND PORT [TO_PORT]``: the smallest honest Twisted server of each kind.

=============  ================================================
``echo``       a TCP protocol that sends back what comes
``websocket``  the same as ``twisted.web.websocket``
``held``       a ``twisted.web`` site that never answers
``pipe``       Twisted's port forwarder, to ``TO_PORT``
``loop``       no Twisted at all: ``bench/yardstick/loop.py``
=============  ================================================
"""

import sys
from typing import Any

from twisted.internet import reactor
from twisted.internet.protocol import Factory
from twisted.protocols.portforward import ProxyFactory
from twisted.protocols.wire import Echo
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site
from twisted.web.websocket import WebSocketResource, WebSocketTransport

from bench.yardstick import loop


class EchoSocket:
    """A WebSocket that sends back what comes."""

    def negotiationStarted(self, transport: WebSocketTransport) -> None:
        """There is one."""
        self._transport = transport

    def negotiationFinished(self) -> None:
        """It is open."""

    def bytesMessageReceived(self, data: bytes) -> None:
        """Send it back."""
        self._transport.sendBytesMessage(bytes(data))

    def textMessageReceived(self, message: str) -> None:
        """Send it back."""
        self._transport.sendTextMessage(message)

    def pongReceived(self, payload: bytes) -> None:
        """Nobody asked."""

    def connectionLost(self, reason: object) -> None:
        """It is over."""


class EchoSockets:
    """Makes them."""

    def buildProtocol(self, request: Request) -> EchoSocket:
        """One for each request."""
        return EchoSocket()


class Held(Resource):
    """Never answers."""

    isLeaf = True

    def render_GET(self, request: Request) -> int:
        """Later."""
        return NOT_DONE_YET


def factory(kind: str, to_port: int) -> Factory:
    """The server of that kind."""
    if kind == "websocket":
        root = Resource()
        root.putChild(b"", WebSocketResource(EchoSockets()))
        return Site(root)
    if kind == "held":
        return Site(Held())
    return ProxyFactory("127.0.0.1", to_port) if kind == "pipe" else Factory.forProtocol(Echo)


def main(kind: str, port: str, to_port: str = "0") -> None:
    """Serve until killed."""
    if kind == "loop":
        loop.serve(int(port))
    listening: Any = reactor
    listening.listenTCP(int(port), factory(kind, int(to_port)), interface="127.0.0.1", backlog=1024)
    listening.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
