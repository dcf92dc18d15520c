import pytest

from orbited.browserfiles import STATIC
from tests.orbited.rig import Rig


@pytest.fixture
def rig():
    return Rig()


@pytest.mark.parametrize("where", ["/static", "/tcp/static"])
def test_browser_files_are_served_with_what_old_pages_need(rig, where):
    answer = rig.ask("GET", f"{where}/Orbited.js")
    assert answer.status == 200
    assert (STATIC / "Orbited.js").read_bytes() in answer.body
    assert answer.headers["origin-agent-cluster"] == "?0"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "javascript" in answer.headers["content-type"]
    assert "x-frame-options" not in answer.headers


def test_browser_files_are_only_read(rig):
    assert (rig.ask("HEAD", "/static/Orbited.js").status, rig.ask("HEAD", "/static/Orbited.js").body) == (200, b"")
    assert rig.ask("OPTIONS", "/static/Orbited.js").status == 204
    assert rig.ask("POST", "/static/Orbited.js").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/static",
        "/static/",
        "/static/nothing.js",
        "/static/protocols/",
        "/static/../site.py",
        "/static/..%2fsite.py",
        "/static/%00",
        "/static/%ff",
        "/static//etc/passwd",
    ],
)
def test_a13_nothing_else_is_served(rig, path):
    assert rig.ask("GET", path).status in (400, 404)


def test_root_is_404(rig):
    assert rig.ask("GET", "/").status == 404


def test_healthy_process_says_so(rig):
    assert rig.ask("GET", "/healthz").status == 200


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
def test_readiness_is_told(ready, status):
    assert Rig(ready=ready).ask("GET", "/readyz").status == status


def test_figures_are_not_for_browsers(rig):
    assert rig.ask("GET", "/metrics", address="127.0.0.1").status == 404


@pytest.mark.parametrize("path", ["/", "/static/Orbited.js", "/system", "/healthz", "/tcp"])
def test_a10_names_that_are_not_the_relays_reach_nothing(rig, path):
    assert rig.ask("GET", path, host="evil.example").status == 421


def test_without_the_proxy_there_are_no_sessions():
    assert Rig(proxy_enabled=False).ask("GET", "/tcp").status == 404
