"""Pages for the transports whose answers go on, and for polling; the rig has those for the WebSocket and long polls."""

import base64
import json
import re

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, TextMessage

from orbited.packets import Packet, decode
from tests.orbited.rig import GREETING, Page, PollingPage, WebSocketPage


class SlowlyPollingPage(PollingPage):
    """Polls when the test asks it to read, as a page does every two seconds."""

    name = "poll"

    def look(self):
        self.read()

    def read(self):
        if self.closed_with:
            return
        self.rig.clock.advance(0)
        answer, self.polling = self.polling, None
        if answer is not None and answer.answered:
            self.taken_in(answer)
        if not self.closed_with:
            self.polling = self.get(self.seen + GREETING if self.greeted else 0)


class ResponsePage(Page):
    """Reads a response that goes on, as it comes; tells the relay its own things in POSTs."""

    gone = b"session-unknown"  # what an answer holds for a session that is over

    def open(self):
        exchange = self.get(self.acknowledgement)
        self.line = exchange.line
        if self.gone in exchange.body:
            self.closed_with = "session-unknown"
            return self
        self.chunks = exchange.body
        self.line.clear()
        self.begin()
        self.read()
        return self

    def read(self):
        while self.closed_with is None and not self.line.lost:
            self.chunks += self.line.value()
            self.line.clear()
            fresh, ended = self.unchunked()
            self.feed(fresh)
            if not ended or self.closed_with is not None:
                return
            self.open()

    def unchunked(self):
        """What has come of the body, and whether it has ended."""
        pieces, at = [], 0
        while at < len(self.chunks):
            start = self.chunks.index(b"\r\n", at) + 2
            size = int(self.chunks[at : start - 2], 16)
            pieces.append(self.chunks[start : start + size])
            at = start + size + 2
            if not size:
                return b"".join(pieces), True
        self.chunks = b""
        return b"".join(pieces), False

    def send(self, data):
        self.outbox.append(data)
        answer = self.post([Packet(len(self.outbox), "data", data)])
        self.read()
        return answer

    def acknowledge(self):
        assert self.post([]).status == 200
        self.read()

    def close(self):
        self.post([Packet(len(self.outbox) + 1, "close")])
        self.read()

    def lose(self):
        self.line.hang_up()

    def begin(self):
        """A new response."""

    def feed(self, data):
        """New bytes of the response."""
        raise NotImplementedError


class CountingPage(ResponsePage):
    """Counts, and has control messages."""

    @property
    def acknowledgement(self):
        return self.seen

    def begin(self):
        self.controls = []

    def control(self, words):
        self.controls.append(words)
        if words[0] == "open":
            self.greeted += 1
        elif words[0] == "ping":
            self.pings += 1
            self.post([])
        elif words[0] == "close":
            self.seen += 1
            self.closed_with = words[1]


class StreamPage(CountingPage):
    """Reads the frames of a WebSocket from a response."""

    name = "stream"

    def begin(self):
        super().begin()
        self.connection = Connection(ConnectionType.CLIENT)

    def feed(self, data):
        self.connection.receive_data(data)
        for event in self.connection.events():
            if isinstance(event, BytesMessage):
                self.arrived(bytes(event.data))
            elif isinstance(event, TextMessage):
                self.control(json.loads(event.data))


class EventSourcePage(CountingPage):
    """Reads events as a browser does, and repeats the last id when it returns by itself."""

    name = "eventsource"

    def begin(self):
        super().begin()
        self.rest = ""
        self.last_id = None

    def feed(self, data):
        *events, self.rest = (self.rest + data.decode()).split("\n\n")
        for event in events:
            fields = dict(line.split(": ", 1) for line in event.split("\n") if ": " in line)
            self.last_id = fields.get("id", self.last_id)
            if fields.get("event") == "control":
                self.control(json.loads(fields["data"]))
            elif "data" in fields:
                self.arrived(base64.b64decode(fields["data"], validate=True))
            if "id" in fields:
                assert fields["id"].endswith(f"-{self.seen}")


class NumberedPage(ResponsePage):
    """Takes packets of 2010, each with the number that comes next."""

    get_count = staticmethod(PollingPage.get_count)

    @property
    def acknowledgement(self):
        return self.seen + GREETING if self.greeted else 0

    def take(self, packet):
        if packet.name == "ping":
            self.pings += 1
            self.outbox.append(None)
            self.post([Packet(len(self.outbox), "ping")])
        else:
            PollingPage.take(self, packet)


class XHRStreamPage(NumberedPage):
    """Skips blanks and heartbeats, but only where no packet has begun."""

    name = "xhrstream"

    def begin(self):
        self.packets = 0

    def feed(self, data):
        text = data.lstrip(b" ").strip(b"x")
        packets = decode(text)  # the relay writes whole ones
        self.packets += len(packets)
        assert self.packets <= 600
        for packet in packets:
            self.take(packet)


class HTMLFilePage(NumberedPage):
    """Runs the scripts of a document."""

    name = "htmlfile"
    gone = b"HTMLFileClose.js"

    def begin(self):
        self.rest = ""

    def feed(self, data):
        *scripts, self.rest = (self.rest + data.decode()).split("</script>")
        for script in scripts:
            if found := re.search(r"<script>e\((.*)\)$", script):
                for words in json.loads(found[1]):
                    self.take(_packet(words))


class SSEPage(NumberedPage):
    """Reads the events of Opera 9."""

    name = "sse"

    def begin(self):
        self.rest = ""

    def feed(self, data):
        *events, self.rest = (self.rest + data.decode()).split("\n\n")
        for event in events:
            if event.startswith("Event: payload\ndata: "):
                for words in json.loads(event.partition("data: ")[2]):
                    self.take(_packet(words))


EVERY_PAGE = (
    WebSocketPage,
    StreamPage,
    EventSourcePage,
    PollingPage,
    SlowlyPollingPage,
    XHRStreamPage,
    HTMLFilePage,
    SSEPage,
)


def _packet(words):
    payload = words[2] if len(words) > 2 else ""
    return Packet(int(words[0]), words[1], base64.b64decode(payload) if words[1] == "data" else payload.encode())
