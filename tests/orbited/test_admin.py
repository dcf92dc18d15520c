import pytest

from orbited.admin import make_admin_site
from tests.orbited.rig import Rig


@pytest.fixture
def rig():
    rig = Rig(hosts=("relay.example",))
    rig.site = make_admin_site(rig.relay, {"listeners": lambda: ""})
    return rig


def test_figures_are_prometheus_s(rig):
    answer = rig.ask("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b"orbited_sessions 0.0" in answer.body


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_here_too(rig, path):
    assert rig.ask("GET", path).status == 200


@pytest.mark.parametrize("path", ["/", "/tcp", "/static/Orbited.js", "/system", "/stomp"])
def test_nothing_of_the_web_site_is_here(rig, path):
    assert rig.ask("GET", path).status == 404


def test_a10_names_that_are_not_the_relays_reach_nothing_here_either(rig):
    assert rig.ask("GET", "/metrics", host="evil.example").status == 421
