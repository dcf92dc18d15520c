import json
import os

import pytest

from orbited.listeners import monitor
from tests.orbited.listeners.wires import Visit


@pytest.fixture
def sessions():
    return [0]


@pytest.fixture
def visit(sessions, monkeypatch):
    monkeypatch.setattr(monitor, "resident_bytes", lambda: 4096)
    monkeypatch.setattr(monitor, "cpu_seconds", lambda: 7.0)
    return Visit("monitor", lambda: sessions[0])


def frames(data):
    *frames, rest = data.split(b"~")
    assert rest == b""
    return [json.loads(frame) for frame in frames]


def test_columns_are_named_first(visit):
    assert frames(visit.read()) == [["INIT", ["user", "pid", "cpu", "mem", "connections"]]]


def test_first_update_has_everything_and_the_next_ones_what_changed(visit, sessions):
    visit.read()
    visit.wait(1)
    [[kind, values]] = frames(visit.read())
    assert kind == "UPDATE"
    assert values == {"user": monitor.user_name(), "pid": os.getpid(), "cpu": 0.0, "mem": 4096, "connections": 0}
    sessions[0] = 3
    visit.wait(2)
    assert frames(visit.read()) == [["UPDATE", {"connections": 3}], ["UPDATE", {}]]


def test_cpu_is_percent_of_one_core_over_the_last_second(visit, monkeypatch):
    visit.read()
    monkeypatch.setattr(monitor, "cpu_seconds", lambda: 7.25)
    visit.wait(1)
    assert frames(visit.read())[0][1]["cpu"] == 25.0


def test_who_comes_later_is_told_everything_too(visit):
    visit.wait(5)
    transport, _ = visit.connect()
    visit.wait(1)
    assert set(frames(transport.value())[1][1]) == set(monitor.COLUMNS)


def test_who_does_not_read_is_told_the_newest_values_then(visit, sessions):
    visit.wait(1)
    visit.read()
    visit.transport.producer.pauseProducing()
    for sessions[0] in range(1, 4):
        visit.wait(1)
    visit.transport.producer.resumeProducing()
    visit.wait(1)
    assert frames(visit.read()) == [["UPDATE", {"connections": 3}]]


def test_nobody_looks_while_nobody_listens(visit):
    visit.hang_up()
    assert visit.clock.getDelayedCalls() == []
    visit.transport, visit.protocol = visit.connect()
    visit.wait(1)
    assert len(frames(visit.read())) == 2


def test_figures_are_those_of_this_process():
    assert monitor.resident_bytes() > 1024 * 1024
    assert monitor.cpu_seconds() > 0


def test_user_without_a_name_is_a_number(monkeypatch):
    monkeypatch.setattr(monitor.os, "geteuid", lambda: 54_321)
    assert monitor.user_name() == "54321"


def test_pages_reach_it_in_memory(visit):
    client = visit.in_memory()
    visit.wait(2)
    assert [kind for kind, _ in frames(client.received)][:2] == ["INIT", "UPDATE"]
    client.transport.loseConnection()
    visit.wait(1)
    assert client.lost
