"""A broker alone as one running thing: listening, reload, scarce descriptors and the end."""

import pytest
from twisted.internet.error import CannotListenError
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import LogLevel

from stomp_broker.alarms import DESCRIPTORS, MEMORY
from stomp_broker.errors import ConfigError
from stomp_broker.leaving import LAST_SECONDS
from stomp_broker.logs import Lines
from stomp_broker.server import LAG_INTERVAL_SECONDS, Server
from stomp_broker.service import BrokerSettings
from tests.stomp_broker.clients import NOW, SERVICE_PASSCODE, TICKET_KEY, Client


class Port:
    """A listening port."""

    def __init__(self, factory, address):
        self.factory = factory
        self.address = address
        self.accepting = True
        factory.doStart()

    def stopReading(self):
        self.accepting = False

    def startReading(self):
        self.accepting = True

    def stopListening(self):
        self.accepting = False
        self.factory.doStop()


class Reactor(MemoryReactorClock):
    """Notes what is listened on; ``taken`` are ports that cannot be had."""

    taken = ()

    def __init__(self):
        super().__init__()
        self.ports = []

    def listenTCP(self, port, factory, backlog=50, interface=""):
        if port in self.taken:
            raise CannotListenError(interface, port, OSError(98, "Address already in use"))
        self.ports.append(Port(factory, (interface, port)))
        return self.ports[-1]


class Broker:
    """A server whose settings are ``settings``, or wrong: ``error``."""

    def __init__(self, **settings):
        self.reactor = Reactor()
        self.settings = BrokerSettings(ticket_key=TICKET_KEY, service_passcode=SERVICE_PASSCODE, **settings)
        self.error = None
        self.lines = Lines("info")
        self.server = Server(self.reactor, self.read, self.lines, 100, lambda: NOW + self.reactor.seconds())
        self.server._descriptors._lowest_free = self.server._descriptors._in_use = lambda: 50
        self.server.listen(61613, "127.0.0.1")

    def read(self):
        if self.error:
            raise self.error
        return self.settings

    def change(self, **settings):
        self.settings = BrokerSettings(**{"ticket_key": TICKET_KEY, "service_passcode": SERVICE_PASSCODE} | settings)

    def figure(self, name, /, **labels):
        return self.server.metrics.registry.get_sample_value(f"stomp_broker_{name}", labels)

    def lets_in(self, passcode):
        client = Client(self.server.factory)
        client.send("CONNECT", {"accept-version": "1.2", "host": "quiz", "login": "web", "passcode": passcode})
        return client.protocol.login is not None


@pytest.fixture
def broker():
    return Broker()


def warnings(logged):
    return [event for event in logged if event["log_level"] > LogLevel.info]


def test_it_listens_where_it_is_told(broker):
    broker.server.listen_for_operators(61615)
    assert [port.address for port in broker.reactor.ports] == [("127.0.0.1", 61613), ("127.0.0.1", 61615)]


def test_a_port_that_cannot_be_had_is_the_callers_to_tell(broker):
    broker.reactor.taken = (61614,)
    with pytest.raises(CannotListenError):
        broker.server.listen(61614, "127.0.0.1")


class TestReload:
    def test_right_settings_are_followed_and_who_is_connected_stays(self, broker, logged):
        client = Client(broker.server.factory)
        client.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": SERVICE_PASSCODE})
        broker.change(service_passcode="another", memory_limit=10**15, log_level="debug")
        broker.reactor.advance(60)
        broker.server.reload()
        assert (broker.lets_in("another"), broker.lets_in(SERVICE_PASSCODE)) == (True, False)
        assert not client.is_closed
        assert broker.lines._from_level_on.logLevelForNamespace("stomp_broker") is LogLevel.debug
        assert str(10**15) in str(broker.server.factory.alarms._watches[MEMORY][1])
        assert broker.figure("config_last_reload_successful") == 1
        assert broker.figure("config_last_reload_success_timestamp_seconds") == NOW + 60
        assert warnings(logged) == []

    def test_r18_bad_settings_change_nothing_and_are_one_line(self, broker, logged):
        broker.change(service_passcode="another")
        broker.error = ConfigError("broker.ini, [broker], log.level: 'loud' is none of the levels")
        broker.server.reload()
        [event] = warnings(logged)
        assert (event["log_level"], event["why"]) == (LogLevel.error, broker.error)
        assert broker.lets_in(SERVICE_PASSCODE)
        assert broker.figure("config_last_reload_successful") == 0

    def test_r18_a_bad_credentials_file_changes_nothing(self, broker, logged, tmp_path):
        broker.change(service_passcode="another", auth=str(tmp_path / "none"), log_level="debug")
        broker.server.reload()
        [event] = warnings(logged)
        assert "none: No such file" in str(event["why"])
        assert broker.lets_in(SERVICE_PASSCODE)
        assert broker.lines._from_level_on.logLevelForNamespace("stomp_broker") is LogLevel.info

    def test_a_credentials_file_is_read_anew(self, tmp_path):
        path = tmp_path / "logins.ini"
        path.write_text("[auth]\nweb = horse\n")
        path.chmod(0o600)
        broker = Broker(auth=str(path))
        path.write_text("[auth]\nweb = battery\n")
        assert (broker.lets_in("horse"), broker.lets_in("battery")) == (True, False)
        broker.server.reload()
        assert (broker.lets_in("horse"), broker.lets_in("battery")) == (False, True)

    def test_what_counts_after_a_restart_only_is_told(self, broker, logged):
        broker.change(queue_scheduler="coilmq.scheduler.Other", warnings=("broker.ini, line 1: nothing reads 'x'",))
        broker.server.reload()
        assert [event.get("setting") or event["why"] for event in warnings(logged)] == [
            "broker.ini, line 1: nothing reads 'x'",
            "queue_scheduler",
        ]


class TestDescriptors:
    def test_r21_nobody_is_accepted_publishers_wait_and_operators_see_it(self, broker, logged):
        broker.server.listen_for_operators(61615)
        used = [95]
        broker.server._descriptors._lowest_free = broker.server._descriptors._in_use = lambda: used[0]
        port, operators = broker.reactor.ports
        assert port.factory.buildProtocol(None) is None
        broker.reactor.advance(1)
        assert (port.accepting, operators.accepting) == (False, True)
        assert broker.figure("alarm", name=DESCRIPTORS) == 1
        assert len(warnings(logged)) == 1
        used[0] = 89
        broker.reactor.advance(1)
        assert port.accepting
        assert broker.figure("alarm", name=DESCRIPTORS) == 0
        assert port.factory.buildProtocol(None) is not None


class TestEnd:
    def test_r17_nobody_is_accepted_all_are_told_and_queues_are_closed_last(self, broker):
        closed = []
        broker.server.factory.broker.queues.close = lambda: closed.append(broker.reactor.seconds())
        client = Client(broker.server.factory)
        ended = []
        broker.server.drain().addCallback(ended.append)
        assert not broker.reactor.ports[0].accepting
        assert (closed, ended) == ([], [])
        client.drop()
        broker.reactor.advance(1)
        assert len(ended) == len(closed) == 1

    def test_in_a_hurry_it_takes_seconds_also_in_the_middle(self, broker):
        Client(broker.server.factory)
        ended = []
        broker.server.drain().addCallback(lambda _: ended.append("drained"))
        broker.server.stop().addCallback(lambda _: ended.append("stopped"))
        broker.reactor.pump([0.25] * int(LAST_SECONDS / 0.25 + 1))
        assert ended == ["drained", "stopped"]
        assert broker.server.factory.numPorts == 0

    def test_it_is_not_ready_any_more_but_still_answers(self, broker):
        broker.server.listen_for_operators(61615)
        Client(broker.server.factory)
        broker.server.drain()
        operators = broker.reactor.ports[1]
        assert operators.accepting
        assert broker.figure("draining") == 1


def test_late_timers_are_measured(broker):
    broker.reactor.advance(LAG_INTERVAL_SECONDS)
    broker.reactor.advance(LAG_INTERVAL_SECONDS + 0.6)
    assert broker.figure("event_loop_lag_seconds_count") == 2
    assert broker.figure("event_loop_lag_seconds_bucket", le="0.5") == 1
    assert broker.figure("event_loop_lag_seconds_bucket", le="1.0") == 2
