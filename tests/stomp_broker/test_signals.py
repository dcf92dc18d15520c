"""What signals do, without sending any: tests/system/test_broker.py sends them."""

import signal

import pytest
from twisted.internet.defer import Deferred

from stomp_broker.signals import Signals


class Server:
    """Notes what it is asked for."""

    def __init__(self):
        self.calls = []
        self.drained, self.stopped = Deferred(), Deferred()

    def reload(self):
        self.calls.append("reload")

    def drain(self):
        self.calls.append("drain")
        return self.drained

    def stop(self):
        self.calls.append("stop")
        return self.stopped


class Reactor:
    """Runs what it is given at once."""

    ended = 0

    def callWhenRunning(self, function):
        function()

    def callFromThread(self, function):
        function()

    def stop(self):
        self.ended += 1


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def reactor():
    return Reactor()


@pytest.fixture
def signals(reactor, server):
    return Signals(reactor, server)


def test_each_signal_does_what_the_table_says(signals, server):
    numbers = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    try:
        signals.install()
        for number in numbers:
            signal.raise_signal(number)
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    assert server.calls == ["reload", "drain", "stop"]


def test_the_process_ends_when_everybody_has_been_told(signals, server, reactor):
    signals.terminate()
    assert reactor.ended == 0
    server.drained.callback(None)
    assert reactor.ended == 1


@pytest.mark.parametrize("second", ["terminate", "interrupt"])
def test_the_second_signal_is_in_a_hurry_and_ends_once(signals, server, reactor, second):
    signals.terminate()
    getattr(signals, second)()
    assert server.calls == ["drain", "stop"]
    server.stopped.callback(None)
    server.drained.callback(None)
    assert reactor.ended == 1


def test_the_process_ends_also_when_leave_taking_fails(signals, server, reactor, logged):
    signals.terminate()
    server.drained.errback(ValueError("broken"))
    assert reactor.ended == 1
    assert any("leave-taking failed" in event["log_format"] for event in logged)
