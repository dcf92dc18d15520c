"""python tests/system/websocket_echo.py PORT: the relay's own WebSocket layer with an echo behind it, on this machine.

For suites that test WebSocket servers from outside; ``make conformance`` runs one. Serves until it is ended.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from twisted.internet import reactor
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from orbited.config import Config
from orbited.http import RelaySite, answer
from orbited.metrics import Metrics
from orbited.policy import Policy
from orbited.websocket import RefusedError, accept, binary_frame, text_frame


class Echo:
    """Sends back what comes, and reads no faster than its peer does."""

    def __init__(self, request):
        self.websocket = accept(request, self, reactor)

    def message_received(self, data):
        self.websocket.send_frame(binary_frame(data))

    def text_received(self, text):
        self.websocket.send_frame(text_frame(text))

    def pong_received(self, payload):
        pass

    def writable_changed(self, writable):
        (self.websocket.resume_reading if writable else self.websocket.pause_reading)()

    def closed(self, code, clean):
        pass


class EveryPath(Resource):
    """Whatever is asked for becomes a WebSocket."""

    isLeaf = True

    def render_GET(self, request):
        try:
            Echo(request)
        except RefusedError as error:
            return answer(request, error.status, str(error))
        return NOT_DONE_YET


def main(port):
    site = RelaySite(EveryPath(), reactor, Policy(Config()), Metrics())
    reactor.listenTCP(port, site, interface="127.0.0.1")
    reactor.run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
