import pytest

from orbited.site import STATIC
from tests.orbited.rig import Rig


@pytest.fixture
def rig():
    return Rig()


def test_browser_files_are_served_with_what_old_pages_need(rig):
    answer = rig.ask("HEAD", "/static/Orbited.js")
    assert answer.status == 200
    assert answer.headers["content-length"] == str((STATIC / "Orbited.js").stat().st_size)
    assert answer.headers["origin-agent-cluster"] == "?0"
    assert "javascript" in answer.headers["content-type"]
    assert "x-frame-options" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/", "/static/nothing.js", "/static/../site.py", "/static/..%2fsite.py", "/static/%00"]
)
def test_nothing_else_is_served(rig, path):
    assert rig.ask("GET", path).status in (400, 404)


def test_root_is_404(rig):
    assert rig.ask("GET", "/").status == 404


def test_healthy_process_says_so(rig):
    assert rig.ask("GET", "/healthz").status == 200


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
def test_readiness_is_told(ready, status):
    assert Rig(ready=ready).ask("GET", "/readyz").status == status


def test_figures_are_for_this_machine_only(rig):
    assert rig.ask("GET", "/metrics", address="127.0.0.1").status == 200
    assert rig.ask("GET", "/metrics").status == 403
    assert rig.ask("GET", "/metrics", address="127.0.0.1", x_forwarded_for="127.0.0.1").status == 403


def test_without_the_proxy_there_are_no_sessions():
    from orbited.site import make_site

    rig = Rig()
    rig.site = make_site(rig.relay, lambda: True, proxy_enabled=False)
    assert rig.ask("GET", "/tcp").status == 404
