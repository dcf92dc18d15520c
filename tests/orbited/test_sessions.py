import pytest
from twisted.logger import capturedLogs

from orbited.closing import Reason
from orbited.errors import TooManySessionsError
from tests.orbited.rig import Rig, WebSocketPage


@pytest.fixture
def rig():
    return Rig(most=2)


def test_key_has_128_random_bits(rig):
    assert bytes.fromhex(rig.sessions.create("a", "1")).__len__() == 16


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
    assert not rig.sessions._per_address


def test_one_session_that_fails_does_not_stop_the_time_of_others(rig, monkeypatch):
    failing, other = rig.sessions.create("a", "1"), rig.sessions.create("a", "2")
    monkeypatch.setattr(rig.sessions.find(failing), "tick", lambda: 1 / 0)
    with capturedLogs() as lines:
        rig.wait(40)
    assert rig.sessions.find(other) is None
    assert {str(line["log_failure"].value) for line in lines if "log_failure" in line} == {"division by zero"}


def test_closing_all_waits_for_the_pages(rig):
    page = WebSocketPage(rig, rig.key()).open()
    drained = rig.sessions.close_all(Reason.GOING_DOWN)
    assert not drained.called
    page.read()
    assert (drained.called, page.code) == (True, 1012)


def test_closing_nothing_is_done_at_once(rig):
    assert rig.sessions.close_all(Reason.GOING_DOWN).called
