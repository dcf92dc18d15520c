import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import succeed
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.error import DNSLookupError
from twisted.internet.protocol import Factory, Protocol, ServerFactory
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs, formatEvent
from twisted.python.failure import Failure

from orbited.access import parse_rule
from orbited.config import Config
from orbited.connectors import CONNECT_TIMEOUT_S, in_memory, over_tcp
from orbited.errors import TargetDeniedError
from orbited.inprocess import Network
from orbited.policy import Policy

METADATA = "169.254.169.254"


class Reactor(MemoryReactorClock):
    """Looks names up in ``zone``, in order; a name that is not there is never answered."""

    def __init__(self, **zone):
        super().__init__()
        self.zone = {name.replace("_", "."): addresses for name, addresses in zone.items()}
        self.lookups = []
        self.nameResolver = self

    def resolveHostName(self, receiver, name, portNumber=0, addressTypes=None, transportSemantics="TCP"):
        self.lookups.append(name)
        receiver.resolutionBegan(self)
        if name in self.zone:
            for address in self.zone[name]:
                kind = IPv6Address if ":" in address else IPv4Address
                receiver.addressResolved(kind("TCP", address, portNumber))
            receiver.resolutionComplete()

    @property
    def tried(self):
        return [(host, port) for host, port, *_ in self.tcpClients]


class Attempt:
    """One attempt to connect, and what became of it."""

    def __init__(self, reactor, host, port, *rules, admin_ports=()):
        policy = Policy(Config(access=tuple(map(parse_rule, rules))), own_name="pi")
        self.protocol = self.error = None
        connect = over_tcp(reactor, policy, admin_ports)
        self.connecting = connect(host, port, Factory.forProtocol(Protocol))
        self.connecting.addCallbacks(self._connected, self._failed)

    def _connected(self, protocol):
        self.protocol = protocol

    def _failed(self, failure):
        self.error = failure.type


def test_a33_a_name_is_looked_up_once_and_the_judged_address_connected_to():
    reactor = Reactor(broker_example=["203.0.113.7"])
    Attempt(reactor, "broker.example", 61613, "* -> broker.example:61613")
    assert reactor.tried == [("203.0.113.7", 61613)]
    reactor.zone["broker.example"] = [METADATA]  # rebound while the connection is made
    reactor.advance(CONNECT_TIMEOUT_S)
    assert reactor.lookups == ["broker.example"]
    assert reactor.tried == [("203.0.113.7", 61613)]


@pytest.mark.parametrize(
    "address", [METADATA, "127.0.0.1", "::1", "0.0.0.0", "fe80::1", f"::ffff:{METADATA}", "::ffff:127.0.0.1"]
)
def test_a34_a_name_that_leads_to_a_refused_address_is_a_target_denied(address):
    reactor = Reactor(broker_example=[address])
    with capturedLogs() as lines:
        attempt = Attempt(reactor, "broker.example", 80, "* -> broker.example:80")
    assert attempt.error is TargetDeniedError
    assert reactor.tried == []
    [line] = map(formatEvent, lines)
    assert "'broker.example':80 leads to" in line
    assert "name the address in [access]" in line


def test_a_name_that_leads_astray_is_told_in_the_log_once_a_second_however_often_pages_ask():
    reactor = Reactor(broker_example=[METADATA])
    connect = over_tcp(reactor, Policy(Config(access=(parse_rule("* -> broker.example:80"),))))
    with capturedLogs() as lines:
        for _ in range(3):
            for _ in range(10):
                connect("broker.example", 80, Factory()).addErrback(lambda _: None)
            reactor.advance(1)
    assert len(lines) == 3


@pytest.mark.parametrize("name", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "LOCALHOST.evil", "0"])
def test_a33_numbers_that_only_a_resolver_understands_are_judged_by_where_they_lead(name):
    reactor = Reactor()
    reactor.zone[name] = ["127.0.0.1"]
    assert Attempt(reactor, name, 6379, f"* -> {name}:6379").error is TargetDeniedError
    assert reactor.tried == []


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "localhost.", "pi", "PI.local"])
def test_a34_names_of_this_machine_lead_to_it(name):
    reactor = Reactor()
    reactor.zone[name] = ["127.0.0.1"]
    Attempt(reactor, name, 61613, f"* -> {name}:61613")
    assert reactor.tried == [("127.0.0.1", 61613)]


def test_a34_an_address_that_access_names_is_reached_by_itself_and_by_name():
    reactor = Reactor(meta_example=[METADATA])
    reactor.zone[METADATA] = [METADATA]
    rules = ("* -> meta.example:80", f"a -> {METADATA}:80")
    Attempt(reactor, METADATA, 80, *rules)
    Attempt(reactor, "meta.example", 80, *rules)
    assert reactor.tried == [(METADATA, 80)] * 2


def test_a34_naming_an_address_with_one_port_opens_no_other():
    reactor = Reactor(meta_example=[METADATA])
    rules = ("* -> meta.example:81", f"* -> {METADATA}:80")
    assert Attempt(reactor, "meta.example", 81, *rules).error is TargetDeniedError


def test_a34_no_name_of_another_machine_leads_to_the_own_admin_port():
    reactor = Reactor(host_example=["203.0.113.7"], localhost=["127.0.0.1"])
    rule = "* -> host.example:9100"
    assert Attempt(reactor, "host.example", 9100, rule, admin_ports={9100}).error is TargetDeniedError
    Attempt(reactor, "localhost", 9100, "* -> localhost:9100", admin_ports={9100})
    Attempt(reactor, "host.example", 9100, rule, "* -> 203.0.113.7:9100", admin_ports={9100})
    assert reactor.tried == [("127.0.0.1", 9100), ("203.0.113.7", 9100)]


def test_of_several_addresses_only_the_judged_are_tried_one_beside_the_other():
    reactor = Reactor(broker_example=["2001:db8::7", METADATA, "203.0.113.7"])
    Attempt(reactor, "broker.example", 61613, "* -> broker.example:61613")
    reactor.advance(1)
    assert reactor.tried == [("2001:db8::7", 61613), ("203.0.113.7", 61613)]


def test_a_target_with_an_address_that_may_be_reached_but_does_not_answer_is_not_denied():
    reactor = Reactor(broker_example=[METADATA, "203.0.113.7"])
    attempt = Attempt(reactor, "broker.example", 1, "* -> broker.example:1")
    [(_, _, factory, _, _)] = reactor.tcpClients
    factory.clientConnectionFailed(None, Failure(Refused()))
    reactor.advance(1)
    assert attempt.error is Refused


def test_a_name_that_nobody_knows_is_not_denied():
    assert Attempt(Reactor(nobody_example=[]), "nobody.example", 1, "* -> nobody.example:1").error is DNSLookupError


def test_a_name_whose_lookup_takes_too_long_is_given_up():
    reactor = Reactor()
    attempt = Attempt(reactor, "slow.example", 1, "* -> slow.example:1")
    reactor.advance(CONNECT_TIMEOUT_S - 1)
    assert attempt.error is None
    reactor.advance(1)
    assert attempt.error is TimeoutError


def test_a_target_that_does_not_answer_is_given_up():
    reactor = Reactor(broker_example=["203.0.113.7"])
    attempt = Attempt(reactor, "broker.example", 1, "* -> broker.example:1")
    reactor.advance(1)
    assert reactor.tcpClients[0][3] == CONNECT_TIMEOUT_S
    reactor.advance(CONNECT_TIMEOUT_S)
    assert attempt.error is TimeoutError
    assert reactor.connectors[0].stoppedConnecting


@pytest.mark.parametrize("name", ["slow.example", "broker.example"])
def test_an_attempt_can_be_called_off(name):
    reactor = Reactor(broker_example=["203.0.113.7"])
    attempt = Attempt(reactor, name, 1, f"* -> {name}:1")
    attempt.connecting.cancel()
    assert attempt.error is not None
    assert attempt.error is not TargetDeniedError
    assert all(connector.stoppedConnecting for connector in reactor.connectors)
    assert not reactor.getDelayedCalls()


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
    connect = in_memory(Network(Clock()), {1: factory}, None)
    connect("localhost", 1, Factory.forProtocol(Protocol)).addErrback(failures.append)
    assert failures[0].check(Refused)
