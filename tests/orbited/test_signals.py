"""What signals do, without sending any: tests/system/test_relay.py sends them."""

import pytest
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import LogLevel, capturedLogs

from orbited.config import Certificates, Config, Listener
from orbited.errors import ConfigError
from orbited.server import DRAIN_LIMIT_S, FLUSH_S, STOP_LIMIT_S, Server
from orbited.signals import Signals
from tests.orbited.certificates import key_pem, make_key, write_pair

LISTEN = (Listener("http", "", 8080),)


class Reactor(MemoryReactorClock):
    """``nameResolver`` and all; counts how often it is asked to end."""

    def __init__(self):
        super().__init__()
        self.ended = 0

    def stop(self):
        self.ended += 1


class Relay:
    """A relay whose file says ``config``, or is wrong: ``error``."""

    def __init__(self, config):
        self.reactor = Reactor()
        self.config, self.error = config, None
        self.log_rules, self.log_error = [], None
        self.server = Server(config, self.reactor, None)
        self.server.start()
        self.now = 1_700_000_000
        self.signals = Signals(self.reactor, self.server, self.read, self.log_by, lambda: self.now)

    def read(self):
        if self.error:
            raise self.error
        return self.config

    def log_by(self, rules):
        if self.log_error:
            raise self.log_error
        self.log_rules.append(rules)

    def allows(self, host):
        return self.server._policy.hosts.allows(host)

    def figure(self, name):
        return self.server.metrics.registry.get_sample_value(f"orbited_config_last_reload_{name}")

    def reload(self):
        """What it logs above information."""
        with capturedLogs() as events:
            self.signals.reload()
        return [event for event in events if event["log_level"] > LogLevel.info]


@pytest.fixture
def relay():
    return Relay(Config(listen=LISTEN))


def test_right_file_is_followed(relay):
    relay.now += 60
    relay.config = Config(listen=LISTEN, hosts=("quiz.example.org",))
    assert relay.reload() == []
    assert relay.allows("quiz.example.org")
    assert relay.log_rules == [None]
    assert relay.figure("successful") == 1
    assert relay.figure("success_timestamp_seconds") == 1_700_000_060


def test_r18_bad_file_changes_nothing_and_is_one_line_of_the_log(relay):
    relay.error = ConfigError("orbited.cfg:7", "[global] session.max: 'many' is not a whole number")
    relay.now += 60
    [event] = relay.reload()
    assert event["log_level"] is LogLevel.error
    assert str(event["error"]) == "orbited.cfg:7: [global] session.max: 'many' is not a whole number"
    assert relay.figure("successful") == 0
    assert relay.figure("success_timestamp_seconds") == 1_700_000_000
    relay.error = None
    relay.reload()
    assert relay.figure("successful") == 1


def test_log_that_cannot_be_opened_changes_nothing(relay):
    relay.config = Config(listen=LISTEN, hosts=("quiz.example.org",))
    relay.log_error = ConfigError("orbited.cfg:9", "[logging] info: 'no/where' cannot be opened")
    assert len(relay.reload()) == 1
    assert not relay.allows("quiz.example.org")


def test_what_else_is_read_anew_is_followed_after_all_of_it_has_been_judged(relay):
    followed = []
    relay.signals._prepare = lambda config: lambda: followed.append(config)
    relay.log_error = ConfigError("orbited.cfg:9", "[logging] info: 'no/where' cannot be opened")
    relay.reload()
    assert followed == []
    relay.log_error = None
    relay.reload()
    assert followed == [relay.config]


def test_r18_what_else_cannot_be_followed_changes_nothing(relay):
    def refuse(config):
        raise ConfigError("[listen] stomp", "broker.ini: [broker], memory.limit: 'much' is no size")

    relay.signals._prepare = refuse
    relay.config = Config(listen=LISTEN, hosts=("quiz.example.org",))
    [event] = relay.reload()
    assert "memory.limit" in str(event["error"])
    assert not relay.allows("quiz.example.org")
    assert relay.log_rules == []


def test_bad_certificate_changes_nothing(tmp_path):
    write_pair(tmp_path)
    files = Certificates(tmp_path / "key.pem", tmp_path / "crt.pem")
    listen = (Listener("https", "", 443),)
    relay = Relay(Config(listen=listen, certificates=files))
    before = relay.server._tls._options
    files.key.write_bytes(key_pem(make_key()))
    relay.config = Config(listen=listen, certificates=files, hosts=("quiz.example.org",))
    assert len(relay.reload()) == 1
    assert relay.server._tls._options is before
    assert not relay.allows("quiz.example.org")
    assert relay.log_rules == []


def test_warnings_of_the_new_file_are_told(relay):
    relay.config = Config(listen=LISTEN, warnings=("orbited.cfg:3: nothing reads the section [acess]",))
    [event] = relay.reload()
    assert event["log_level"] is LogLevel.warn


def test_termination_drains_and_ends(relay):
    relay.server.sessions.create("a", "b")
    relay.signals.terminate()
    assert relay.reactor.ended == 0
    for _ in range(DRAIN_LIMIT_S):
        relay.reactor.advance(1)
    relay.reactor.advance(FLUSH_S)
    assert relay.reactor.ended == 1


def test_termination_with_nobody_there_ends_at_once(relay):
    relay.signals.terminate()
    assert relay.reactor.ended == 1


@pytest.mark.parametrize("again", ["terminate", "interrupt"])
def test_second_signal_is_in_a_hurry(relay, again):
    relay.server.sessions.create("a", "b")
    relay.signals.terminate()
    relay.reactor.advance(1)
    getattr(relay.signals, again)()
    assert relay.reactor.ended == 0
    relay.reactor.advance(STOP_LIMIT_S)
    relay.reactor.advance(FLUSH_S)
    assert relay.reactor.ended == 1
    relay.reactor.advance(DRAIN_LIMIT_S)
    assert relay.reactor.ended == 1


def test_interrupt_is_in_a_hurry(relay):
    relay.server.sessions.create("a", "b")
    relay.signals.interrupt()
    relay.reactor.advance(STOP_LIMIT_S)
    relay.reactor.advance(FLUSH_S)
    assert relay.reactor.ended == 1


def test_log_writes_no_more_than_a_line_of_an_error_while_leaving(relay, monkeypatch):
    monkeypatch.setattr(relay.server, "_stop_listening", lambda: 1 / 0)
    with capturedLogs() as events:
        relay.signals.terminate()
    assert relay.reactor.ended == 1
    assert [event["log_level"] for event in events if event["log_level"] > LogLevel.info] == [LogLevel.critical]
