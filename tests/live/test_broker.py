"""broker.py: one connection per process; a broker that is away costs little and is told once."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from quiz.live.broker import Broker, deliver
from quiz.live.errors import BrokerRefused, BrokerUnavailable
from quiz.live.messages import Message


def message(n=0):
    return Message("/games/7/status", "game.started", {"n": n}, at=1)


def number(frame):
    return json.loads(frame.body)["data"]["n"]


def arrived(peer):
    return [number(frame) for frame in peer.sent()]


@pytest.fixture
def broker(peer):
    return Broker()


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr("quiz.live.broker.PAUSE_S", 0)


def test_one_connection_serves_all_threads(peer, broker):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: broker.deliver([message(n)]), range(200)))
    assert sorted(arrived(peer)) == list(range(200))
    assert len(peer.sockets) == 1


def test_delivery_after_an_idle_loss_goes_over_a_new_connection(peer, broker):
    broker.deliver([message(1)])
    peer.sockets[0].shutdown(2)
    broker.deliver([message(2)])
    assert [(frame.connection, number(frame)) for frame in peer.sent()] == [(1, 1), (2, 2)]


def test_connection_cut_in_mid_send_costs_one_more_try(peer, broker):
    def cut_first(frame):
        return None if frame.connection == 1 and b'"n":5' in frame.body else peer.obey(frame)

    peer.script = cut_first
    broker.deliver([message(n) for n in range(10)])
    assert [number(frame) for frame in peer.sent() if frame.connection == 2] == list(range(10))


def test_receipt_that_stays_away_twice_is_a_failure(peer, broker, impatient):
    peer.script = lambda frame: peer.obey(frame) if frame.command == "CONNECT" else b""
    with impatient(connect_s=30), pytest.raises(BrokerUnavailable):
        broker.deliver([message()])
    assert len(peer.sockets) == 2


def test_after_a_failure_deliveries_fail_at_once_for_a_while(peer, broker, impatient):
    peer.script = lambda frame: b""
    for _ in range(3):
        with impatient(), pytest.raises(BrokerUnavailable):
            broker.deliver([message()])
    assert len(peer.sockets) == 1


def test_failing_at_once_does_not_prolong_the_pause(peer, broker, impatient, monkeypatch):
    clock = [100.0, 100.0, 100.5, 100.9, 101.0]
    monkeypatch.setattr("quiz.live.broker.monotonic", lambda: clock.pop(0))
    peer.script = lambda frame: b""
    for _ in range(3):
        with impatient(), pytest.raises(BrokerUnavailable):
            broker.deliver([message()])
    peer.script = peer.obey
    broker.deliver([message(7)])
    assert arrived(peer) == [7]


def test_loss_and_return_are_told_once_each(peer, broker, impatient, no_pause, caplog):
    peer.script = lambda frame: b""
    for _ in range(3):
        with impatient(), pytest.raises(BrokerUnavailable):
            broker.deliver([message()])
    peer.script = peer.obey
    broker.deliver([message()])
    broker.deliver([message()])
    lines = [record.getMessage() for record in caplog.records]
    assert [line for line in lines if str(peer.port) in line] == [
        f"Broker 127.0.0.1:{peer.port} is away, events wait in the outbox: no answer within 0.25 s",
        f"Broker 127.0.0.1:{peer.port} is back",
    ]


def test_who_is_away_for_another_reason_is_told_of_again(peer, broker, impatient, no_pause, caplog):
    for answer in (b"", b"ERROR\nmessage:access-refused\n\nno\n\0", b"", b"ERROR\nmessage:access-refused\n\nno\n\0"):
        peer.script = lambda frame, answer=answer: answer
        with impatient(), pytest.raises(BrokerUnavailable):
            broker.deliver([message()])
    lines = [record.getMessage() for record in caplog.records]
    reasons = [line.split("outbox: ")[1] for line in lines if "events wait in the outbox" in line]
    assert [reason.split(":")[0] for reason in reasons] == [
        "no answer within 0.25 s",
        "it refuses our login, see STOMP_LOGIN and STOMP_PASSCODE",
    ]


def test_refused_message_is_not_tried_again_and_hinders_no_other(peer, broker, caplog):
    def refuse_five(frame):
        if b'"n":5' in frame.body:
            return f"ERROR\nmessage:access-refused\nreceipt-id:{frame.headers['receipt']}\n\n\0".encode()
        return peer.obey(frame)

    peer.script = refuse_five
    with pytest.raises(BrokerRefused, match="access-refused"):
        broker.deliver([message(5)])
    broker.deliver([message(6)])
    assert arrived(peer) == [5, 6]
    assert "The broker refuses a message to /games/7/status: access-refused" in caplog.text


def test_passcode_stands_in_no_log_line(peer, broker, settings, caplog):
    caplog.set_level("DEBUG")
    settings.STOMP_PASSCODE = "not-for-logs"
    broker.deliver([message()])
    assert "not-for-logs" not in caplog.text


def test_forked_child_makes_its_own_connection(peer):
    deliver([message(1)])
    child = os.fork()
    if not child:
        try:
            deliver([message(2)])
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    deliver([message(3)])
    assert [(frame.connection, number(frame)) for frame in peer.sent()] == [(1, 1), (2, 2), (1, 3)]
