from dataclasses import replace

import pytest
from twisted.logger import capturedLogs

from orbited.closing import Reason
from orbited.errors import DrainingError, FullError, TooManySessionsError
from orbited.proxy import Proxy
from orbited.session import State
from tests.orbited.rig import Rig, WebSocketPage


@pytest.fixture
def rig():
    return Rig(most=2)


def test_key_has_128_random_bits(rig):
    proxy, token = rig.sessions.create("a", "1", owned=True)
    assert (len(bytes.fromhex(proxy.key)), len(bytes.fromhex(token))) == (16, 16)


def test_limit_is_for_each_address(rig):
    rig.sessions.create("a", "1")
    rig.sessions.create("a", "1")
    with pytest.raises(TooManySessionsError):
        rig.sessions.create("a", "1")
    rig.sessions.create("a", "2")


def test_abandoned_sessions_leave_nothing_behind(rig):
    for number in range(100):
        rig.sessions.create("a", str(number))
    rig.wait(40)
    assert len(rig.sessions) == 0
    assert not rig.sessions._cap._held


def test_one_session_that_fails_does_not_stop_the_time_of_others(rig, monkeypatch):
    (failing, _), (other, _) = rig.sessions.create("a", "1"), rig.sessions.create("a", "2")
    monkeypatch.setattr(failing.session, "_settings", None)
    failing.session.attach(0, 0)
    failing.session.state = State.OPEN
    with capturedLogs() as lines:
        rig.wait(40)
    assert rig.sessions.find(other.key) is None
    assert {str(line["log_failure"].value) for line in lines if "log_failure" in line} == {
        "'NoneType' object has no attribute 'ping_interval_s'"
    }


def test_closing_all_waits_for_the_pages(rig):
    page = WebSocketPage(rig, rig.key()).open()
    drained = rig.sessions.close_all(Reason.GOING_DOWN)
    assert not drained.called
    page.read()
    assert (drained.called, page.code) == (True, 1012)


def test_closing_nothing_is_done_at_once(rig):
    assert rig.sessions.close_all(Reason.GOING_DOWN).called


def test_a31_relay_has_only_so_many_sessions():
    rig = Rig(most=10)
    rig.policy.limits = replace(rig.policy.limits, sessions=2)
    for _ in range(2):
        rig.sessions.create("a", "1")
    with pytest.raises(FullError):
        rig.sessions.create("a", "1")


def test_b23_relay_that_goes_down_takes_no_new_sessions(rig):
    rig.sessions.close_all(Reason.GOING_DOWN)
    with pytest.raises(DrainingError):
        rig.sessions.create("a", "1")


def test_b23_sessions_are_closed_in_batches():
    rig = Rig(most=100)
    for _ in range(40):
        rig.connected(WebSocketPage)
    drained = rig.sessions.close_gradually(Reason.GOING_DOWN, 10, rig.clock)
    closed = []
    for _ in range(40):
        closed.append(sum(backend.line.lost for backend in rig.backends))
        rig.clock.advance(0.25)
    assert closed == [1 + index - index // 40 for index in range(40)]
    assert not drained.called


def test_gradual_farewell_is_over_when_the_last_page_knows():
    rig = Rig()
    pages = [rig.connected(WebSocketPage) for _ in range(3)]
    drained = rig.sessions.close_gradually(Reason.GOING_DOWN, 1, rig.clock)
    rig.wait(3)
    for page in pages:
        assert not drained.called
        page.read()
    assert drained.called


def test_who_cannot_wait_any_longer_closes_the_rest_at_once():
    rig = Rig()
    pages = [rig.connected(WebSocketPage) for _ in range(10)]
    slowly = rig.sessions.close_gradually(Reason.GOING_DOWN, 100, rig.clock)
    at_once = rig.sessions.close_all(Reason.GOING_DOWN)
    for page in pages:
        page.read()
    assert slowly.called
    assert at_once.called


def test_keys_are_remembered_for_a_while_and_not_too_many(rig, monkeypatch):
    monkeypatch.setattr("orbited.sessions.MAX_REMEMBERED", 1)
    keys = []
    for _ in range(2):
        page = rig.connected(WebSocketPage)
        keys.append(page.key)
        page.close()
    assert [rig.sessions.remembers(key) for key in keys] == [True, False]
    rig.wait(40)
    assert not rig.sessions.remembers(keys[0])


def test_time_passes_cheaply_for_sessions_in_which_nothing_happens(monkeypatch):
    rig = Rig()
    for _ in range(20):
        rig.connected(WebSocketPage)
    rig.wait(2)
    looked = []
    monkeypatch.setattr(Proxy, "tick", looked.append)
    rig.wait(30)
    assert looked == []
