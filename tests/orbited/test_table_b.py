"""Bad input over WebSockets that concerns the relay as a whole, by the numbers of the table of attacks."""

import pytest

from orbited.connectors import in_memory
from orbited.inprocess import Network
from stomp_broker.service import BrokerSettings, make_factory
from tests.orbited.rig import UPGRADE, Rig, WebSocketPage
from tests.orbited.stompclient import Client
from tests.stomp_broker.clients import NOW, SERVICE_PASSCODE, TICKET_KEY, ticket

FOREIGN = [
    "http://evil.example",
    "null",
    "https://relay.example:8080",
    "http://relay.example",
    "http://relay.example:8080.evil.example",
    "http://relay.example:8080@evil.example",
    "http://127.0.0.1.evil.example",
]


@pytest.mark.parametrize("path", ["/tcp/websocket", "/tcp/{key}/websocket", "/stomp"])
@pytest.mark.parametrize("origin", FOREIGN)
def test_b01_a_page_of_another_origin_gets_no_websocket(path, origin):
    rig = Rig()
    path = path.format(key=rig.key())
    before = len(rig.sessions)
    assert rig.ask("GET", path, origin=origin, **UPGRADE).status == 403
    assert len(rig.sessions) == before
    assert rig.ask("GET", path, origin="http://relay.example:8080", **UPGRADE).status == 101


@pytest.mark.parametrize("path", ["/tcp/websocket", "/stomp"])
def test_b02_a_client_without_origin_is_served_since_no_cookie_opens_anything(path):
    rig = Rig()
    assert rig.ask("GET", path, cookie="sessionid=stolen", **UPGRADE).status == 101


class RigWithBroker(Rig):
    """The relay with the broker in its process, as ``python -m orbited`` composes them."""

    def __init__(self):
        super().__init__()
        settings = BrokerSettings(ticket_key=TICKET_KEY, service_passcode=SERVICE_PASSCODE)
        broker = make_factory(settings, self.clock, epoch=lambda: NOW + self.clock.seconds())
        self.network = Network(self.clock)
        self.reach = in_memory(self.network, {61613: broker}, None)

    def _connect(self, host, port, factory):
        return self.reach(host, port, factory)


def over_tcpsocket(rig):
    """A page with Orbited's socket, connected to the broker's port."""
    page = WebSocketPage.start(rig)
    page.send(b"localhost:61613\n")
    return page


def log_in(rig, client, passcode):
    client.send(f"CONNECT\naccept-version:1.2\nhost:/\nlogin:web\npasscode:{passcode}\n\n\0".encode())
    rig.clock.advance(0)
    client.read()
    return client


def words_of(page):
    return b"".join(page.inbox)


@pytest.mark.parametrize("open_client", [over_tcpsocket, Client])
class TestRevoked:
    def test_b22_a_subject_that_is_cut_is_gone_within_a_second_and_told_not_to_come_back(self, open_client):
        rig = RigWithBroker()
        player = log_in(rig, open_client(rig), ticket("player:1"))
        other = log_in(rig, open_client(rig), ticket("player:2"))
        service = log_in(rig, Client(rig), SERVICE_PASSCODE)
        service.send(b"SEND\ndestination:/broker/control\n\n" + b'{"cut": "player:1"}\0')
        rig.clock.advance(1)
        player.read()
        assert b"message:kicked" in words_of(player)
        assert code_of(player) == 4501
        other.read()
        assert code_of(other) is None

    def test_b22_so_is_one_whose_ticket_ran_out(self, open_client):
        rig = RigWithBroker()
        player = log_in(rig, open_client(rig), ticket("player:1", seconds=20))
        rig.wait(19)
        player.read()
        assert code_of(player) is None
        rig.wait(2)
        player.read()
        assert b"message:ticket-expired" in words_of(player)
        assert code_of(player) == 4501

    def test_b22_an_ordinary_end_forbids_nothing(self, open_client):
        rig = RigWithBroker()
        player = log_in(rig, open_client(rig), "wrong")
        rig.wait(1)
        player.read()
        assert b"message:access-refused" in words_of(player)
        assert code_of(player) == 1000


def code_of(client):
    return client.code if isinstance(client, WebSocketPage) else client.closed and client.closed[0]
