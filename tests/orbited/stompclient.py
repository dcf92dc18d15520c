"""A client of ``/stomp`` in memory."""

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage

from tests.orbited.rig import UPGRADE

ALL = "v10.stomp, v11.stomp, v12.stomp"


def ask(rig, query="", offers=ALL, **headers):
    offered = {"sec_websocket_protocol": offers} if offers else {}
    return rig.ask("GET", f"/stomp{query}", **UPGRADE | offered | headers)


class Client:
    """A STOMP client's side of one WebSocket; ``inbox`` has the messages that came, as they came."""

    def __init__(self, rig, query="", offers=ALL, **headers):
        self.rig = rig
        self.exchange = ask(rig, query, offers, **headers)
        assert self.exchange.status == 101
        self.connection = Connection(ConnectionType.CLIENT)
        self.inbox, self.pings, self.closed, self.answering = [], 0, None, True
        self.done = self.line.value().index(b"\r\n\r\n") + 4

    @property
    def line(self):
        return self.exchange.line

    @property
    def subprotocol(self):
        return self.exchange.headers.get("sec-websocket-protocol")

    def send(self, message):
        event = BytesMessage(message) if isinstance(message, bytes) else TextMessage(message)
        self.feed(self.connection.send(event))
        self.read()

    def feed(self, data):
        if not self.line.lost and self.line.producerState == "producing":
            self.line.protocol.dataReceived(bytes(data))

    def read(self):
        data = self.line.value()[self.done :]
        self.done += len(data)
        if data:
            self.connection.receive_data(data)
        for event in self.connection.events():
            if isinstance(event, CloseConnection):
                self.closed = (event.code, event.reason)
                if self.answering:
                    self.feed(self.connection.send(event.response()))
            elif isinstance(event, Ping):
                self.pings += 1
                if self.answering:
                    self.feed(self.connection.send(event.response()))
            else:
                self.inbox.append(event.data if isinstance(event, TextMessage) else bytes(event.data))
        return self.inbox

    def close(self):
        self.feed(self.connection.send(CloseConnection(1000)))
