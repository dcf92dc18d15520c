import pytest
from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.logger import LogLevel, capturedLogs
from twisted.protocols.tls import TLSMemoryBIOFactory

from orbited import descriptors
from orbited.config import Certificates, Config, Limits, Listener, Mount
from orbited.errors import ConfigError, ListenError
from orbited.http import RelaySite
from orbited.lag import INTERVAL_S
from orbited.server import BACKLOG, DRAIN_LIMIT_S, FLUSH_S, STOP_LIMIT_S, Server
from orbited.tls import read_identity
from tests.orbited.certificates import write_pair
from tests.orbited.rig import Exchange


class Reactor(MemoryReactorClock):
    """Notes what is listened on; ``taken`` are ports that cannot be had."""

    taken = ()

    def __init__(self):
        super().__init__()
        self.ports = []

    def listenTCP(self, port, factory, backlog=50, interface=""):
        if port in self.taken:
            raise CannotListenError(interface, port, OSError(98, "Address already in use"))
        super().listenTCP(port, factory, backlog, interface)
        self.ports.append(Port(port, factory))
        return self.ports[-1]

    def factory(self, number):
        """What answers on a port; browsers' are behind what spares descriptors."""
        factory = next(port.factory for port in self.ports if port.number == number)
        return getattr(factory, "wrapped", factory)


class Port:
    """A listening port; ``accepting`` is false while it is asked to wait, and for good once it is closed."""

    def __init__(self, number, factory):
        self.number, self.factory = number, factory
        self.accepting = True

    def stopReading(self):
        self.accepting = False

    def startReading(self):
        self.accepting = True

    stopListening = stopReading


@pytest.fixture
def reactor():
    return Reactor()


@pytest.fixture
def certificates(tmp_path):
    write_pair(tmp_path)
    return Certificates(tmp_path / "key.pem", tmp_path / "crt.pem")


def server(reactor, *uris, broker=None, descriptors=1000, **settings):
    return Server(Config(listen=tuple(Listener(*uri) for uri in uris), **settings), reactor, broker, None, descriptors)


def started(reactor, *uris, **settings):
    running = server(reactor, *uris, **settings)
    running.start()
    return running


def ask(reactor, port, path, host="localhost"):
    return Exchange(reactor.factory(port), f"GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())


def figure(running, name, /, **labels):
    return running.metrics.registry.get_sample_value(name, labels)


def test_every_line_is_listened_on(reactor):
    broker = ServerFactory.forProtocol(Protocol)
    started(reactor, ("http", "", 8080), ("echo", "[::1]", 7), ("stomp", "127.0.0.1", 61613), broker=broker)
    assert [(port, interface) for port, _, _, interface in reactor.tcpServers] == [
        (8080, ""),
        (7, "::1"),
        (61613, "127.0.0.1"),
    ]
    assert reactor.factory(61613) is broker


def test_many_may_wait_to_be_accepted(reactor):
    started(reactor, ("http", "", 8080), ("echo", "", 7000))
    assert {backlog for _, _, backlog, _ in reactor.tcpServers} == {BACKLOG}


@pytest.mark.parametrize("scheme", ["echo", "lineecho", "rude", "announce", "monitor"])
def test_small_servers_listen(reactor, scheme):
    started(reactor, (scheme, "", 7))
    protocol, transport = reactor.factory(7).buildProtocol(None), StringTransport()
    protocol.makeConnection(transport)
    protocol.dataReceived(b"hello\n")
    assert transport.value() or transport.disconnecting


def test_https_is_the_web_site_over_tls(reactor, certificates):
    running = started(reactor, ("http", "", 80), ("https", "", 443), certificates=certificates)
    factory = reactor.factory(443)
    assert isinstance(factory, TLSMemoryBIOFactory)
    assert factory.wrappedFactory is reactor.factory(80)
    assert figure(running, "orbited_certificate_expiry_timestamp_seconds") > 1_700_000_000


def test_certificate_that_cannot_be_used_stops_the_start(reactor, certificates):
    certificates.key.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        server(reactor, ("https", "", 443), certificates=certificates)


def test_admin_listener_has_the_figures_and_the_web_site_has_not(reactor):
    started(reactor, ("http", "", 8080), ("admin", "127.0.0.1", 9000))
    assert b"orbited_build_info" in ask(reactor, 9000, "/metrics").body
    assert ask(reactor, 8080, "/metrics").status == 404
    assert isinstance(reactor.factory(9000), RelaySite)


@pytest.mark.parametrize(
    ("uri", "remedy"),
    [
        (("http", "", 8080), ", or ORBITED_PORT for make run"),
        (("stomp", "", 61613), ", or STOMP_PORT for make run"),
        (("admin", "127.0.0.1", 9000), ", or ORBITED_ADMIN_PORT for make run"),
        (("echo", "", 7), "; choose another in [listen] or with -l"),
    ],
)
def test_taken_port_is_named_with_what_moves_it(reactor, uri, remedy):
    reactor.taken = [uri[2]]
    with pytest.raises(ListenError) as caught:
        started(reactor, ("rude", "", 1), uri, broker=ServerFactory())
    text = str(caught.value)
    assert text.startswith(f"port {uri[2]} cannot be had")
    assert "; choose another in [listen] or with -l" in text
    assert text.endswith(remedy)
    assert "\n" not in text
    assert not any(port.accepting for port in reactor.ports)


def test_ready_once_everything_listens(reactor):
    running = server(reactor, ("http", "", 8080))
    site = running._factories["http"]
    question = b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n"
    assert Exchange(site, question).body == b"not-ready: not listening\n"
    running.start()
    assert Exchange(site, question).status == 200
    assert b"descriptors: ok" in ask(reactor, 8080, "/readyz?verbose").body


def test_time_passes_for_sessions(reactor):
    running = started(reactor, ("http", "", 8080))
    running.sessions.create("a", "b")
    for _ in range(60):
        reactor.advance(1)
    assert len(running.sessions) == 0


def test_late_timers_are_measured(reactor):
    running = started(reactor, ("http", "", 8080))
    reactor.advance(INTERVAL_S)
    reactor.advance(INTERVAL_S + 0.3)
    assert figure(running, "orbited_event_loop_lag_seconds_bucket", le="0.001") == 1
    assert figure(running, "orbited_event_loop_lag_seconds_bucket", le="0.5") == 2
    assert figure(running, "orbited_event_loop_lag_seconds_bucket", le="0.25") == 1


# Pages and what listens here.


def connector(running):
    return running.sessions._shared.connect


@pytest.mark.parametrize(
    ("host", "in_memory"),
    [("", True), ("127.0.0.1", True), ("localhost", True), ("192.0.2.1", False), ("[::1]", False)],
)
def test_pages_reach_in_memory_what_listens_as_this_machine(reactor, host, in_memory):
    reactor.nameResolver = None
    running = started(reactor, ("echo", host, 7))
    factory = ServerFactory.forProtocol(Protocol)
    if in_memory:
        assert connector(running)("localhost", 7, factory).called
    else:
        with pytest.raises(AttributeError):  # of the resolver that there is not: it would go over TCP
            connector(running)("localhost", 7, factory)


# Reload.


def test_adopted_rules_count_for_the_next_request(reactor):
    running = started(reactor, ("http", "", 8080))
    assert ask(reactor, 8080, "/healthz", "quiz.example.org").status == 421
    running.adopt(Config(listen=(Listener("http", "", 8080),), hosts=("quiz.example.org",)), None)
    assert ask(reactor, 8080, "/healthz", "quiz.example.org").status == 200


def test_adopted_limits_count_and_sessions_live_on(reactor):
    running = started(reactor, ("http", "", 8080))
    assert ask(reactor, 8080, "/tcp").status == 200
    running.adopt(Config(listen=(Listener("http", "", 8080),), limits=Limits(sessions=1)), None)
    assert ask(reactor, 8080, "/tcp").status == 503
    assert len(running.sessions) == 1


def test_adopted_certificate_is_the_next_handshake_s(reactor, certificates, tmp_path):
    config = Config(listen=(Listener("https", "", 443),), certificates=certificates)
    running = Server(config, reactor, None)
    running.start()
    before = reactor.factory(443)._creatorCallable
    write_pair(tmp_path)
    identity = read_identity(config)
    running.adopt(config, identity)
    assert running._tls._options is identity.options
    assert reactor.factory(443)._creatorCallable is before
    assert figure(running, "orbited_certificate_expiry_timestamp_seconds") == identity.ends_at


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"listen": (Listener("http", "", 8081),)}, "[listen]"),
        ({"reactor": "select"}, "[global] reactor"),
        ({"user": "nobody"}, "[global] user"),
        ({"static": (Mount("a", "b"),)}, "[static]"),
    ],
)
def test_what_needs_a_restart_is_told(reactor, changed, name):
    running = started(reactor, ("http", "", 8080))
    with capturedLogs() as events:
        running.adopt(Config(**{"listen": (Listener("http", "", 8080),), **changed}), None)
    [warning] = [event for event in events if event["log_level"] is LogLevel.warn]
    assert warning["name"] == name


def test_what_has_not_changed_is_not_told(reactor):
    running = started(reactor, ("http", "", 8080))
    with capturedLogs() as events:
        running.adopt(Config(listen=(Listener("http", "", 8080),)), None)
    assert events == []


# The end.


def test_b23_drain_tells_pages_in_batches_and_listens_until_they_know(reactor):
    running = started(reactor, ("http", "", 8080), drain_s=10)
    for _ in range(10):
        running.sessions.create("a", "b")
    done = running.drain()
    assert ask(reactor, 8080, "/readyz").body == b"not-ready: draining\n"
    assert ask(reactor, 8080, "/healthz").status == 200
    assert ask(reactor, 8080, "/tcp").status == 503
    assert figure(running, "orbited_draining") == 1
    assert not done.called
    assert reactor.ports[0].accepting
    closing = 0
    for _ in range(10):
        told = sum(proxy.session.reason is not None for proxy in running.sessions)
        assert closing <= told <= closing + 5
        closing = told
        reactor.advance(1)
    assert all(proxy.session.reason is not None for proxy in running.sessions)


def test_drain_with_nobody_there_is_over_at_once(reactor):
    running = started(reactor, ("http", "", 8080))
    assert running.drain().called
    assert not reactor.ports[0].accepting


def test_drain_waits_for_the_last_page_but_no_longer_than_its_limit(reactor):
    running = started(reactor, ("http", "", 8080), drain_s=25)
    for _ in range(100):
        running.sessions.create("a", "b")
    running._ticking.stop()  # these sessions never give up
    done = running.drain()
    for _ in range(DRAIN_LIMIT_S):
        assert not done.called
        reactor.advance(1)
    reactor.advance(FLUSH_S)
    assert done.called


def test_end_tells_others_beside_the_pages_and_listens_until_they_know(reactor):
    told, over = [], Deferred()
    server = Server(
        Config(listen=(Listener("http", "", 8080),)),
        reactor,
        None,
        farewell=lambda seconds: told.append(seconds) or over,
    )
    server.start()
    ended = []
    server.drain().addCallback(ended.append)
    assert (told, ended) == ([Config().drain_s], [])
    assert all(port.accepting for port in reactor.ports)
    over.callback(None)
    assert not any(port.accepting for port in reactor.ports)
    assert len(ended) == 1


def test_end_waits_for_others_no_longer_than_its_limit(reactor):
    server = Server(Config(listen=(Listener("http", "", 8080),)), reactor, None, farewell=lambda seconds: Deferred())
    server.start()
    ended = []
    server.stop().addCallback(ended.append)
    reactor.advance(STOP_LIMIT_S)
    assert len(ended) == 1


def test_stop_waits_a_moment_also_in_the_middle_of_a_drain(reactor):
    running = started(reactor, ("http", "", 8080))
    running.sessions.create("a", "b")
    drained = running.drain()
    reactor.advance(1)
    stopped = running.stop()
    assert not stopped.called
    reactor.advance(STOP_LIMIT_S)
    reactor.advance(FLUSH_S)
    assert stopped.called
    assert not drained.called
    assert not reactor.ports[0].accepting


# File descriptors.


def test_nobody_is_accepted_while_descriptors_are_scarce_except_operators(reactor):
    running = started(reactor, ("http", "", 8080), ("admin", "", 9000), descriptors=100)
    running._descriptors._lowest_free = running._descriptors._in_use = lambda: 95
    with capturedLogs() as events:
        assert reactor.ports[0].factory.buildProtocol(None) is None
        assert reactor.ports[1].factory.buildProtocol(None) is not None
        reactor.advance(2)
    assert [port.accepting for port in reactor.ports] == [False, True]
    assert ask(reactor, 9000, "/readyz").body == b"not-ready: scarce\n"
    assert figure(running, "orbited_alarm", name=descriptors.DESCRIPTORS) == 1
    assert [event["log_level"] for event in events] == [LogLevel.error]
    running._descriptors._lowest_free = running._descriptors._in_use = lambda: 89
    reactor.advance(1)
    assert reactor.ports[0].factory.buildProtocol(None) is not None
    assert [port.accepting for port in reactor.ports] == [True, True]
    assert ask(reactor, 9000, "/readyz").status == 200
