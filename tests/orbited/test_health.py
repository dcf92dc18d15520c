import pytest

from orbited.health import Ready
from orbited.http import RelaySite
from orbited.pages import Missing
from tests.orbited.rig import Rig


@pytest.fixture
def checks():
    return {"listeners": "", "descriptors": ""}


@pytest.fixture
def rig(checks):
    rig = Rig()
    ready = Ready({name: lambda name=name: checks[name] for name in checks})
    rig.site = RelaySite(Missing({b"readyz": ready}), rig.clock, rig.policy, rig.metrics)
    return rig


def test_ready_when_every_check_passes(rig):
    answer = rig.ask("GET", "/readyz")
    assert (answer.status, answer.body) == (200, b"ok\n")


def test_what_is_wrong_is_named(rig, checks):
    checks["descriptors"] = "scarce"
    answer = rig.ask("GET", "/readyz")
    assert (answer.status, answer.body) == (503, b"not-ready: scarce\n")


def test_verbose_lists_every_check(rig, checks):
    assert rig.ask("GET", "/readyz?verbose").body == b"listeners: ok\ndescriptors: ok\n"
    checks["listeners"] = "not listening"
    answer = rig.ask("GET", "/readyz?verbose=1")
    assert (answer.status, answer.body) == (503, b"listeners: not listening\ndescriptors: ok\n")


def test_checks_are_asked_anew_each_time(rig, checks):
    checks["listeners"] = "not listening"
    assert rig.ask("GET", "/readyz").status == 503
    checks["listeners"] = ""
    assert rig.ask("GET", "/readyz").status == 200


def test_load_balancers_of_http_1_0_need_no_host(rig):
    from tests.orbited.rig import Exchange

    assert Exchange(rig.site, b"GET /readyz HTTP/1.0\r\n\r\n").status == 200
