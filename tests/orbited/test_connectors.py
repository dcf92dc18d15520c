import pytest
from twisted.internet.defer import succeed
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.protocol import Factory, Protocol, ServerFactory
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock

from orbited.connectors import CONNECT_TIMEOUT_S, in_memory, over_tcp
from orbited.inprocess import Network


@pytest.fixture
def elsewhere():
    return []


@pytest.fixture
def connect(elsewhere):
    listener = ServerFactory.forProtocol(Protocol)
    return in_memory(
        Network(Clock()),
        {61613: listener},
        lambda host, port, factory: elsewhere.append((host, port)) or succeed(None),
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_own_listener_is_reached_in_memory(connect, elsewhere, host):
    made = []
    connect(host, 61613, Factory.forProtocol(Protocol)).addCallback(made.append)
    assert made[0].connected
    assert elsewhere == []


@pytest.mark.parametrize(("host", "port"), [("localhost", 61614), ("broker.example", 61613)])
def test_anything_else_is_reached_otherwise(connect, elsewhere, host, port):
    connect(host, port, Factory.forProtocol(Protocol))
    assert elsewhere == [(host, port)]


def test_listener_that_wants_no_connection_is_a_failure():
    factory = ServerFactory()
    factory.buildProtocol = lambda address: None
    failures = []
    connect = in_memory(Network(Clock()), {1: factory}, over_tcp(None))
    connect("localhost", 1, Factory.forProtocol(Protocol)).addErrback(failures.append)
    assert failures[0].check(Refused)


def test_tcp_is_given_up_in_time():
    reactor = MemoryReactorClock()
    failures = []
    over_tcp(reactor)("127.0.0.1", 1, Factory.forProtocol(Protocol)).addErrback(failures.append)
    reactor.advance(1)
    assert reactor.tcpClients[0][:2] == ("127.0.0.1", 1)
    assert reactor.tcpClients[0][3] == CONNECT_TIMEOUT_S
