import pytest
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.internet.testing import MemoryReactorClock, StringTransport

from orbited.config import Config, Listener
from orbited.errors import ListenError
from orbited.server import SHUTDOWN_S, Server


class Reactor(MemoryReactorClock):
    """Notes what is listened on; ``taken`` are ports that cannot be had."""

    taken = ()

    def listenTCP(self, port, factory, backlog=50, interface=""):
        if port in self.taken:
            raise CannotListenError(interface, port, OSError(98, "Address already in use"))
        return super().listenTCP(port, factory, backlog, interface)


def server(reactor, *uris, broker=None):
    return Server(Config(listen=tuple(Listener(*uri) for uri in uris)), reactor, broker)


def test_every_line_is_listened_on():
    reactor, broker = Reactor(), ServerFactory.forProtocol(Protocol)
    server(reactor, ("http", "", 8080), ("echo", "[::1]", 7), ("stomp", "127.0.0.1", 61613), broker=broker).start()
    assert [(port, interface) for port, _, _, interface in reactor.tcpServers] == [
        (8080, ""),
        (7, "::1"),
        (61613, "127.0.0.1"),
    ]
    assert reactor.tcpServers[2][1] is broker


def test_echo_listener_echoes():
    reactor = Reactor()
    server(reactor, ("echo", "", 7)).start()
    protocol, transport = reactor.tcpServers[0][1].buildProtocol(None), StringTransport()
    protocol.makeConnection(transport)
    protocol.dataReceived(b"hello")
    assert transport.value() == b"hello"


@pytest.mark.parametrize(
    ("uri", "remedy"),
    [
        (("http", "", 8080), "; set ORBITED_PORT to move it"),
        (("stomp", "", 61613), "; set STOMP_PORT to move it"),
        (("echo", "", 7), ""),
    ],
)
def test_taken_port_is_named_with_what_moves_it(uri, remedy):
    reactor = Reactor()
    reactor.taken = [uri[2]]
    with pytest.raises(ListenError) as caught:
        server(reactor, uri, broker=ServerFactory()).start()
    text = str(caught.value)
    assert text.startswith(f"port {uri[2]} cannot be had")
    assert text.endswith(f"{remedy}" if remedy else ")")
    assert "\n" not in text


def test_end_closes_sessions_and_waits_for_their_pages_but_not_long():
    reactor = Reactor()
    running = server(reactor, ("http", "", 8080))
    running.start()
    running.sessions.create("a", "b")
    stopped = running.stop()
    assert not stopped.called
    reactor.advance(SHUTDOWN_S)
    assert stopped.called


def test_time_passes_for_sessions():
    reactor = Reactor()
    running = server(reactor, ("http", "", 8080))
    running.start()
    running.sessions.create("a", "b")
    for _ in range(60):
        reactor.advance(1)
    assert len(running.sessions) == 0
